"""``espalier check FILE|DIR``: every problem with its place and a snippet; exit code 1 when there is an error."""

from __future__ import annotations

import argparse
import os
from typing import Any

from kernel.tables.schema import Schema
from shell.commands_cli.layout_place import LayoutPlace, find_layouts
from shell.kinds import all_kinds, known_names
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Check and tell; answers the exit code."""
    from layouts.app_manifest import AppError
    from layouts.load import check_layout

    try:
        place = find_layouts(arguments.path)
    except AppError as error:
        for where, message, hint in error.problems:
            print(_line(os.path.join(arguments.path.removesuffix("app.toml"), str(where)), "error", message, hint))
        return 1
    kinds, known = all_kinds(session.config), known_names(_schemas(place))
    checked = (check_layout(path, place.read_file, kinds=kinds, known=known)[1] for path in place.layouts)
    problems = [problem for found in checked for problem in found]
    for problem in problems:
        _tell(place, problem)
    errors = sum(problem.severity == "error" for problem in problems)
    count = len(place.layouts)
    if errors:
        print(f"{errors} error{'' if errors == 1 else 's'} in {count} layout{'' if count == 1 else 's'}")
        return 1
    print(f"{count} layout{'' if count == 1 else 's'} checked, no errors")
    return 0


def _schemas(place: LayoutPlace) -> dict[str, Schema] | None:
    if not place.is_app:
        return None
    from shell.commands_cli.schemas import schemas_of

    return schemas_of(place.folder, place.sources, place.read_file)


def _tell(place: LayoutPlace, problem: Any) -> None:
    where = os.path.normpath(place.folder / problem.where.file)
    line = f"{where}:{problem.where.line}:{problem.where.column}" if problem.where.line else where
    print(_line(line, problem.severity, problem.message, problem.hint))
    if problem.snippet:
        print("\n".join(f"    {text}" for text in problem.snippet.splitlines()))


def _line(where: str, severity: str, message: str, hint: str) -> str:
    return f"{where}: {severity}: {message}" + (f" ({hint})" if hint else "")
