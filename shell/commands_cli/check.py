"""``espalier check FILE|DIR``: every problem with its place and a snippet; exit code 1 when there is an error.

An app's folder is checked by what its server would refuse it for (:mod:`layouts.app_check`), a folder of apps app by
app.

With ``--json`` a list of records: file, line and column (from 1; 0 = none), severity, message, hint.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any, NamedTuple

from kernel.error import Where
from layouts.app_manifest import APP_FILE
from layouts.library import files_beside, place_of
from layouts.problem import Problem
from shell.commands_cli.layout_place import LayoutPlace, find_layouts
from shell.kinds import all_kinds, known_names, plugin_set
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Check and tell; answers the exit code."""
    path = Path(arguments.path).expanduser()
    apps = [] if (path / APP_FILE).is_file() else _apps_in(path)
    checked = [_check(folder, session) for folder in apps or [arguments.path]]
    if apps:
        checked += _check_loose(path, apps, session)
    return _tell_all(checked, is_json=arguments.json)


class Checked(NamedTuple):
    """A folder, what is wrong in it, and how many layouts were looked at."""

    folder: Path
    problems: list[Problem]
    count: int


def _apps_in(folder: Path) -> list[str]:
    """The folders of apps below one that is none itself."""
    found = (place.parent for place in sorted(folder.rglob(APP_FILE))) if folder.is_dir() else ()
    return [str(one) for one in found if not any(part.startswith(".") for part in one.relative_to(folder).parts)]


def _check(path: str, session: Session) -> Checked:
    from layouts.app_manifest import AppError

    try:
        place = find_layouts(path)
    except AppError:
        folder = Path(path).expanduser()
        folder = folder.parent if folder.name == APP_FILE else folder
        return Checked(folder, check_folder(LayoutPlace(folder, (), True), session), 0)
    if place.is_app:
        return Checked(place.folder, check_folder(place, session), len(place.layouts))
    return _check_alone(place, session)


def _check_loose(folder: Path, apps: list[str], session: Session) -> list[Checked]:
    """The layouts beside the apps; those of libraries are checked with the apps that take them."""
    inside = (*map(Path, apps), folder / "libraries")
    own = [one for one in sorted(folder.rglob("*.kdl")) if not any(one.is_relative_to(other) for other in inside)]
    place = LayoutPlace(folder, tuple(one.relative_to(folder).as_posix() for one in own), False)
    return [_check_alone(place, session)] if own else []


def _check_alone(place: LayoutPlace, session: Session) -> Checked:
    """Layouts that are no app's."""
    from layouts.load import check_layout

    kinds, known = all_kinds(session.config), known_names(None, place.list_files, session.config)
    checked = (check_layout(path, place.read_file, kinds=kinds, known=known)[1] for path in place.layouts)
    return Checked(place.folder, [problem for found in checked for problem in found], len(place.layouts))


def check_folder(place: LayoutPlace, session: Session, name: str = "") -> list[Problem]:
    """What is wrong with an app's folder; ``name`` as in :func:`layouts.app_check.check_app`.

    Tables are those of databases that stand in the folder, where there are some.
    """
    from layouts.app_check import check_app, shipped_surface
    from layouts.app_folder import app_paths
    from layouts.plugin_manifest import sources_of
    from shell.commands_cli.schemas import schemas_of

    surface, there = shipped_surface(), plugin_set(session.config)
    versions = {plugin.id: plugin.manifest.version for plugin in there.plugins}
    sources = {name: entries for plugin in there.plugins for name, entries in sources_of(plugin.manifest).items()}
    surface = surface._replace(
        kinds=there.kinds, commands=surface.commands | there.command_ids, plugins=versions, sources=sources
    )
    paths = [*app_paths(place.folder, place.sources), *files_beside(place.folder)]
    links = [Problem(Where(path), "this path is a symbolic link", "put the file itself there")
             for path in paths if (place.folder / path).is_symlink()]  # fmt: skip
    found = check_app(paths, place.read_file, surface, name,
                      schemas=lambda app, read: schemas_of(place.folder, app.sources, read))  # fmt: skip
    return links + found


def _tell_all(checked: list[Checked], *, is_json: bool) -> int:
    """Print every problem, and how it ended; answers the exit code."""
    problems = [(one.folder, problem) for one in checked for problem in one.problems]
    count = sum(one.count for one in checked)
    errors = sum(problem.severity == "error" for _, problem in problems)
    if is_json:
        import json

        print(json.dumps([_record(*one) for one in problems], indent=2, ensure_ascii=False))
        return 1 if errors else 0
    for one in problems:
        _tell(*one)
    if errors and count:
        print(f"{errors} error{'' if errors == 1 else 's'} in {count} layout{'' if count == 1 else 's'}")
    elif count:
        print(f"{count} layout{'' if count == 1 else 's'} checked, no errors")
    return 1 if errors else 0


def _record(folder: Path, problem: Problem) -> dict[str, Any]:
    where = problem.where
    file = os.path.normpath(place_of(folder, where.file)) if where.file else ""
    return {
        "file": file,
        "line": where.line,
        "column": where.column,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
    }


def _tell(folder: Path, problem: Problem) -> None:
    where = os.path.normpath(place_of(folder, problem.where.file))
    line = f"{where}:{problem.where.line}:{problem.where.column}" if problem.where.line else where
    hint = f" ({problem.hint})" if problem.hint else ""
    print(f"{line}: {problem.severity}: {problem.message}{hint}")
    if problem.snippet:
        print("\n".join(f"    {text}" for text in problem.snippet.splitlines()))
