"""Making an app of Espalier itself, from its source: what ``espalier publish --shell`` releases."""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

from kernel.error import EspalierError
from kernel.module_name import OURS
from layouts.app_folder import app_paths
from shell.version_install import APP, NEEDS, PROGRAM

#: Rooms that the program is made of; the rest of ours is for those who work on it.
ROOMS = sorted(name for name in OURS if name.islower() and name not in ("benchmarks", "shiboken6"))
#: The oldest installed Espalier that hands its starts over to a version like this one; see shell/version_choice.py.
LEAST = "0.1"
_APP = """# Espalier itself. Made by espalier publish --shell.
name = "{name}"
title = "Espalier"
version = "{version}"
doc = "The program itself, for those who update it from here."

[requires]
shell = "{least}"
"""
_LAYOUT = """layout 2 title="Espalier"
window {
    label "This is Espalier itself. espalier update takes it from here."
}
"""


class SourceError(EspalierError):
    """There is no source of Espalier there."""


def make_program(source: Path, folder: Path) -> None:
    """Write the app into an empty folder.

    Its version is that of pyproject.toml and the beginning of its content's hash: each content has a name of its own.

    Args:
        source: A checkout of Espalier.
        folder: Where the app goes.

    Raises:
        SourceError: ``source`` is none.
    """
    try:
        project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        is_source = project["name"] == "espalier" and (source / "shell" / "main.py").is_file()
    except (OSError, ValueError, KeyError):
        is_source = False
    if not is_source:
        raise SourceError(f"{source} holds no source of Espalier", hint="name a checkout: espalier publish --shell DIR")
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in app_paths(source / room):
            target = folder / PROGRAM / room / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / room / path, target)
            digest.update(f"{room}/{path}\0".encode() + hashlib.sha256(target.read_bytes()).digest())
    version = f"{project['version']}+{digest.hexdigest()[:8]}"
    (folder / "app.toml").write_text(_APP.format(name=APP, version=version, least=LEAST), encoding="utf-8")
    (folder / "main.kdl").write_text(_LAYOUT, encoding="utf-8")
    (folder / NEEDS).write_text(json.dumps(_needs(project), indent=1), encoding="utf-8")


def _needs(project: dict[str, Any]) -> dict[str, Any]:
    """What the installation must have: Python and libraries come with it, and not with a version."""
    return {"python": project.get("requires-python", ""), "dependencies": project.get("dependencies", [])}
