"""Every shipped app in an editor: each name stands where it is said to be, and each may be called otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from layouts.kinds.table import BUILT_IN
from layouts.language_server.analysis import Analysis
from layouts.language_server.app import App, Snapshot
from layouts.language_server.lines import Lines
from layouts.language_server.rename import applied, check_outcome, edits_of
from layouts.language_server.surroundings import CommandDoc, Surroundings
from layouts.language_server.symbol import ROLES, Occurrence
from layouts.problem import Problem
from plugins.registry import contributed_kinds
from shell.builtin import COMMAND_IDS
from shell.commands_cli.schemas import schemas_of

RESOURCES = Path(__file__).parents[3] / "resources"
APPS = [*sorted(path.parent for path in (RESOURCES / "apps").glob("*/app.toml")), RESOURCES / "home"]
AROUND = Surroundings(
    "1", {**BUILT_IN, **contributed_kinds()}, dict.fromkeys(COMMAND_IDS, CommandDoc("")), schemas_of, lambda *_: []
)


def opened(folder: Path) -> tuple[App, Snapshot]:
    app = App(folder, AROUND)
    app.check(app.snapshot({}))
    return app, app.snapshot({})


def texts_of(analyses: list[Analysis], now: Snapshot) -> dict[str, str]:
    files = {one.where.file for analysis in analyses for one in analysis.occurrences}
    return {file: (now.read_file(file) or b"").decode() for file in files}


def is_of_catalogue(problem: Problem) -> bool:
    return problem.where.file.endswith(".po")


@pytest.mark.parametrize("folder", APPS, ids=lambda folder: folder.name)
def test_every_name_stands_where_it_is_said_to_be(folder: Path) -> None:
    app, now = opened(folder)
    analyses = app.analyses(now)
    texts = texts_of(analyses, now)
    found = [one for analysis in analyses for one in analysis.occurrences]
    assert len(found) > 10
    for one in found:
        start = Lines(texts[one.where.file]).offset_of(one.where)
        assert texts[one.where.file][start : start + one.length] == one.name
    unknown = [f"{one.where}: {one.role} {one.name}" for one in found if ROLES[one.role] and one.symbol is None]
    assert [one for one in unknown if ": command " not in one] == []


@pytest.mark.parametrize("folder", APPS, ids=lambda folder: folder.name)
def test_everything_may_be_called_otherwise(folder: Path) -> None:
    app, now = opened(folder)
    analyses = app.analyses(now)
    texts = texts_of(analyses, now)
    declared: dict[object, Occurrence] = {
        one.symbol.where: one for analysis in analyses for one in analysis.occurrences if one.symbol is not None
    }
    before = app.check(now)
    assert [one for one in before if is_of_catalogue(one)] == []
    for one in declared.values():
        name = "quite.new" if one.role == "command" else "quite_new"
        edits = edits_of(one, name, analyses, texts, AROUND.kinds)
        changed = {folder / file: applied(texts[file], found) for file, found in edits.items()}
        later = now._replace(texts=changed)
        problems = (before, App(folder, AROUND).check(later))
        check_outcome(one, name, analyses, app.analyses(later), problems)
        # What a catalogue translates may name what is called otherwise; ``espalier texts`` takes that over.
        assert len([problem for problem in problems[1] if not is_of_catalogue(problem)]) == len(before)
