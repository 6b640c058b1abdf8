"""``espalier check FILE|DIR``: every problem with its place and a snippet; exit code 1 when there is an error.

With ``--json`` a list of records: file, line and column (from 1; 0 = none), severity, message, hint.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from kernel.tables.schema import Schema
from layouts.library import place_of
from layouts.problem import Problem
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
        folder = Path(arguments.path.removesuffix("app.toml"))
        return _tell_all(folder, [Problem(*one) for one in error.problems], 0, is_json=arguments.json)
    kinds, known = all_kinds(session.config), known_names(_schemas(place), place.list_files)
    checked = (check_layout(path, place.read_file, kinds=kinds, known=known)[1] for path in place.layouts)
    problems = [problem for found in checked for problem in found]
    if place.is_app and not any(problem.severity == "error" for problem in problems):
        problems += _of_catalogues(place, session)
    return _tell_all(place.folder, problems, len(place.layouts), is_json=arguments.json)


def _of_catalogues(place: LayoutPlace, session: Session) -> list[Problem]:
    """What is wrong with the app's catalogues of texts."""
    paths = sorted((place.folder / "locale").glob("*.po"))
    if not paths:
        return []
    from layouts.texts.check import check_catalogue
    from shell.commands_cli.texts import gather

    texts = gather(place, session)
    return [one for path in paths for one in check_catalogue(path.read_bytes(), f"locale/{path.name}", texts)]


def _tell_all(folder: Path, problems: list[Problem], count: int, *, is_json: bool) -> int:
    """Print every problem, and how it ended; answers the exit code."""
    errors = sum(problem.severity == "error" for problem in problems)
    if is_json:
        import json

        print(json.dumps([_record(folder, problem) for problem in problems], indent=2, ensure_ascii=False))
        return 1 if errors else 0
    for problem in problems:
        _tell(folder, problem)
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


def _schemas(place: LayoutPlace) -> dict[str, Schema] | None:
    if not place.is_app:
        return None
    from shell.commands_cli.schemas import schemas_of

    return schemas_of(place.folder, place.sources, place.read_file)


def _tell(folder: Path, problem: Problem) -> None:
    where = os.path.normpath(place_of(folder, problem.where.file))
    line = f"{where}:{problem.where.line}:{problem.where.column}" if problem.where.line else where
    hint = f" ({problem.hint})" if problem.hint else ""
    print(f"{line}: {problem.severity}: {problem.message}{hint}")
    if problem.snippet:
        print("\n".join(f"    {text}" for text in problem.snippet.splitlines()))
