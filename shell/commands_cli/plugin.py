"""``espalier plugin``: make a plugin to begin with, check one, list those that are there, run the tests of one."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.error import EspalierError
from kernel.nearest import did_you_mean
from layouts.plugin_manifest import FILE
from shell.command_line import UsageError
from shell.kinds import plugin_set
from shell.session import Session

if TYPE_CHECKING:
    from plugins.registry import Plugin

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_ROOT = Path(__file__).parent.parent.parent
#: What a new plugin is made of; NAME and TITLE are filled in.
TEMPLATE, _ENDING = _ROOT / "resources" / "plugin", ".template"


class PluginCommandError(EspalierError):
    """The plugin cannot be made, found or tested."""


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Do the action; answers the exit code."""
    action = ACTIONS.get(arguments.action)
    if action is None:
        raise UsageError(f"plugin cannot {arguments.action}", hint=did_you_mean(arguments.action, ACTIONS))
    return action(arguments, session)


def _new(arguments: argparse.Namespace, session: Session) -> int:
    folder = Path(arguments.path or "").expanduser()
    name = folder.absolute().name
    if not arguments.path:
        raise UsageError("plugin new lacks the folder", hint="espalier plugin new ~/espalier-plugins/dial")
    if not _NAME.fullmatch(name):
        raise PluginCommandError(f"a plugin cannot be called {name}", hint="small letters, digits and _")
    known = {plugin.id for plugin in plugin_set(session.config).plugins} | {"api"}
    if name in known:
        raise PluginCommandError(f"there is a plugin {name} already", hint="name another folder")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PluginCommandError(f"{folder} is there already", hint="name a folder that is not there yet")
    write_template(folder, name, name.replace("_", " ").capitalize())
    print(f"{folder} is a plugin now. It is found when its folder is named in config.toml:")
    print(f"    espalier config set plugins.folders {folder.absolute().parent}")
    print(f"    espalier plugin test {folder}")
    return 0


def write_template(folder: Path, name: str, title: str) -> None:
    """Make a plugin in a folder that is not there yet; whole or not at all.

    Raises:
        PluginCommandError: it cannot be written.
    """
    fresh = folder.with_name(f".{folder.name}.new")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        for source in sorted(TEMPLATE.rglob(f"*{_ENDING}")):
            path = source.relative_to(TEMPLATE).as_posix().removesuffix(_ENDING).replace("NAME", name)
            place = fresh / path
            place.parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text(encoding="utf-8").replace("NAME", name).replace("TITLE", title)
            place.write_text(text, encoding="utf-8")
        if folder.is_dir():
            folder.rmdir()
        fresh.replace(folder)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise PluginCommandError(f"{folder} cannot be made: {error.strerror or error}") from error


def _list(arguments: argparse.Namespace, session: Session) -> int:
    found = plugin_set(session.config)
    rows = [(plugin.id, plugin.manifest.version, _state(plugin), _place(plugin)) for plugin in found.plugins]
    rows += [(plugin.id, plugin.manifest.version, "not used", _place(plugin)) for plugin in found.unused]
    rows += [(left.plugin.id, "", "left out", _place(left.plugin)) for left in found.left_out]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        print("  ".join(f"{text:<{width}}" for text, width in zip(row, (*widths, 0), strict=True)).rstrip())
    for left in found.left_out:
        print(f"espalier: {left.error}", file=sys.stderr)
    return 1 if found.left_out else 0


def _state(plugin: Plugin) -> str:
    from plugins.code import has_module

    missing = [module.name for module in plugin.manifest.modules if not has_module(module.name)]
    return f"lacks {', '.join(missing)}" if missing else "ready"


def _place(plugin: Plugin) -> str:
    from plugins.registry import BUILT_IN_PLUGINS

    return "comes with Espalier" if plugin.directory.parent == BUILT_IN_PLUGINS else str(plugin.directory)


def _check(arguments: argparse.Namespace, session: Session) -> int:
    from shell.plugin_check import check_plugin

    problems = list(check_plugin(found_folder(arguments.path, session), session.config))
    for problem in problems:
        print(problem)
    is_wrong = any(problem.severity == "error" for problem in problems)
    if not problems:
        print("no problems")
    return 1 if is_wrong else 0


def _test(arguments: argparse.Namespace, session: Session) -> int:
    from plugins.code import has_module

    folder = found_folder(arguments.path, session)
    if not has_module("pytest"):
        raise PluginCommandError("tests are run by pytest, which is missing", hint="pip install pytest")
    environment = {**os.environ, "PLUGIN_UNDER_TEST": str(folder), "PYTHONPATH": os.pathsep.join(_paths())}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    words = ["-m", "pytest", "-p", "shell.plugin_testing", "--import-mode=importlib", "-p", "no:cacheprovider"]
    tests = folder / "tests"
    where = str(tests if tests.is_dir() else folder)
    command = [sys.executable, *words, "--rootdir", str(folder), *arguments.words, where]
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


def _paths() -> Iterator[str]:
    """Where Espalier's own packages are, then what was said before."""
    yield str(_ROOT)
    if before := os.environ.get("PYTHONPATH"):
        yield before


def found_folder(text: str, session: Session) -> Path:
    """The folder of a plugin that is there, by its id or its path.

    Raises:
        PluginCommandError: there is none.
    """
    folder = Path(text or ".").expanduser().absolute()
    if (folder / FILE).is_file():
        return folder
    known = {plugin.id: plugin.directory for plugin in plugin_set(session.config).plugins}
    if text in known:
        return known[text]
    hint = did_you_mean(text, known) or f"a plugin is a folder with a {FILE}"
    raise PluginCommandError(f"{text or folder} is no plugin", hint=hint)


#: Action → what does it.
ACTIONS: dict[str, Callable[[argparse.Namespace, Session], int]] = {
    "new": _new, "check": _check, "list": _list, "test": _test,
}  # fmt: skip
