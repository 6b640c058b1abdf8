"""``espalier new DIR``: a folder with a small app that opens, or a copy of another app under a name of its own."""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path

from kernel.error import EspalierError
from shell.session import Session

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
#: Path → content of an app to begin with; NAME and TITLE are filled in.
STARTER = {
    "app.toml": """# What the app is; docs/guide.md tells the rest. Without a version, releases are numbered.
name = "NAME"
title = "TITLE"
icon = "app"
doc = "What needs to be done."

[sources.main]
kind = "sqlite"
path = "NAME.sqlite"
schema = "schema.sql"
""",
    "main.kdl": """// The window: all tasks, and the current one beside them.
layout 2 title="TITLE"

table tasks source="tasks" sort="due"

window {
    split {
        grid tasks id=view
        form of=view
    }
}
""",
    "schema.sql": """CREATE TABLE tasks (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    due DATE,
    done BOOLEAN NOT NULL DEFAULT 0
);
""",
}


class NewError(EspalierError):
    """The app cannot be made."""


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Make the folder; answers the exit code."""
    folder = Path(arguments.folder).expanduser()
    name = folder.absolute().name
    if not _NAME.fullmatch(name):
        hint = "small letters, digits, - and _, beginning with a letter or digit"
        raise NewError(f"an app cannot be called {name}", hint=hint)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NewError(f"{folder} is there already", hint="name a folder that is not there yet")
    title = arguments.title or name.replace("-", " ").replace("_", " ").capitalize()
    files = _copied(arguments.source, name, arguments.title) if arguments.source else _filled(name, title)
    fresh = folder.with_name(f".{name}.new")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        for path, content in files.items():
            place = fresh / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        if folder.exists():
            folder.rmdir()
        fresh.rename(folder)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise NewError(f"{folder} cannot be made: {error.strerror or error}") from error
    print(f"Made {folder} with the app {name}")
    print(f"espalier dev {folder} shows it while you work; espalier publish {folder} releases it")
    return 0


def _filled(name: str, title: str) -> dict[str, bytes]:
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return {
        path: text.replace("NAME", name).replace("TITLE", quoted).encode() for path, text in STARTER.items()
    }


def _copied(source: str, name: str, title: str) -> dict[str, bytes]:
    """The files of a starter app or of an app's folder, under another name."""
    import resources
    from kernel.nearest import did_you_mean
    from layouts.app_folder import app_paths
    from layouts.app_manifest import read_app

    starters = Path(resources.__path__[0]) / "apps"
    folder = starters / source if (starters / source / "app.toml").is_file() else Path(source).expanduser()
    if not (folder / "app.toml").is_file():
        known = [path.parent.name for path in starters.glob("*/app.toml")]
        hint = did_you_mean(source, known) or f"starter apps: {', '.join(sorted(known))}; or an app's folder"
        raise NewError(f"there is no app {source} to begin with", hint=hint)
    app = read_app(lambda path: (folder / path).read_bytes())
    files = {path: (folder / path).read_bytes() for path in app_paths(folder, app.sources)}
    manifest = _renamed(files["app.toml"].decode(), "name", name)
    files["app.toml"] = (_renamed(manifest, "title", title) if title else manifest).encode()
    return files


def _renamed(text: str, entry: str, value: str) -> str:
    """The app.toml with another text in an entry of its first part."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return re.sub(rf"(?m)^{entry}\s*=.*$", lambda _: f'{entry} = "{quoted}"', text, count=1)
