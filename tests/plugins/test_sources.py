"""A plugin in a person's own folder makes the rows of a table: a thousand million of them, and some without end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import plugins
from kernel.error import EspalierError
from kernel.tables.change import Insert, TableChange
from kernel.tables.error import InterruptedCallError, SourceError, TableError
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.local import limit
from kernel.tables.query import Aggregate, Query, parse_sort
from kernel.tables.source import KINDS, open_source
from plugins.registry import find_plugins, register

BILLION = 1_000_000_000
MANIFEST = """
id = "toynumbers"
api = 1
title = "Numbers"
doc = "Tables of numbers."
[sources.numbers]
doc = "Numbers and their squares, as many as you like"
loader = "table:tables"
entries = ["count"]
"""
CODE = """from plugins.api import Column, Committed, Insert, ReadOnlyError, Schema, TableChange, TableProvider


class Numbers(TableProvider):
    schema = Schema("numbers", (Column("number", "integer", is_key=True), Column("square", "integer")), ("number",),
                    is_editable=False, read_only_reason="numbers are what they are")

    def __init__(self, count):
        self._count = count

    def count(self):
        return self._count

    def rows(self, start, stop):
        return [(number, number * number) for number in range(start, stop)]

    def find(self, key):
        number = key[0]
        return number if isinstance(number, int) and 0 <= number < self._count else None


class Endless(TableProvider):
    schema = Schema("endless", (Column("text"),), is_editable=False)
    is_endless = True

    def rows(self, start, stop):
        return [{"text": f"row {place}"} for place in range(start, stop)]


class Notes(TableProvider):
    schema = Schema("notes", (Column("text"),))

    def __init__(self):
        self._notes = [("first",)]

    def rows(self, start, stop):
        return self._notes[start:stop]

    def version(self):
        return len(self._notes)

    def commit(self, changes):
        keys = []
        for change in changes:
            if not isinstance(change, Insert):
                raise ReadOnlyError("notes stay")
            self._notes.append((change.values["text"],))
            keys.append((len(self._notes),))
        return Committed(tuple(keys), TableChange("notes", inserted=tuple(keys)))


class Broken(TableProvider):
    schema = Schema("broken", (Column("a"),), is_editable=False)

    def rows(self, start, stop):
        return [1 / 0]


def tables(count=1_000_000_000):
    return {"numbers": Numbers(count), "endless": Endless(), "notes": Notes(), "broken": Broken()}
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    before = list(plugins.__path__)
    place = tmp_path / "own" / "toynumbers"
    place.mkdir(parents=True)
    (place / "plugin.toml").write_text(MANIFEST)
    (place / "__init__.py").write_text("")
    (place / "table.py").write_text(CODE)
    (plugin,) = find_plugins([tmp_path / "own"])
    forget = register(plugin)
    assert not [name for name in sys.modules if name.startswith("plugins.toynumbers")]  # listing imports nothing
    yield tmp_path
    forget()
    assert "numbers" not in KINDS
    plugins.__path__[:] = before


@pytest.fixture
def source(own: Path) -> Iterator[Any]:
    source = open_source({"kind": "numbers"}, own)
    yield source
    source.close()


def test_a_billion_rows_open_like_few(source: Any) -> None:
    table = source.table("numbers")
    assert table.prepare(Query(), lambda part: None) == table.count(Query()) == BILLION
    assert table.estimate(Query()).is_exact
    last = table.fetch(Query(), BILLION - 2, BILLION + 50)
    assert last.columns["square"] == [(BILLION - 2) ** 2, (BILLION - 1) ** 2] and last.keys[-1] == (BILLION - 1,)
    assert table.locate(Query(), (BILLION // 2,)) == BILLION // 2 and table.locate(Query(), (BILLION,)) is None
    few = Query(keys=((7,), (BILLION - 1,), (BILLION,)), sort=parse_sort("-square"))
    assert table.fetch(few, 0, 9).keys == [(BILLION - 1,), (7,)]
    assert table.fetch(Query(filter="square > 50"), 0, 2).keys == [(8,), (9,)]


def test_entries_of_the_description_reach_the_plugin(own: Path) -> None:
    assert open_source({"kind": "numbers", "count": 5}, own).table("numbers").count(Query()) == 5
    with pytest.raises(SourceError, match="no entry colour"):
        open_source({"kind": "numbers", "colour": 5}, own)


def test_sorting_too_much_is_refused_and_can_be_given_up(source: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    table = source.table("numbers")
    monkeypatch.setattr(limit, "sort_bytes", 2 << 20)
    with pytest.raises(TableError, match="more than 2 MB.*filter first"):
        table.prepare(Query(sort=parse_sort("-square")), lambda part: None)
    interrupt = Interrupt()
    done: list[float] = []

    def report(part: float) -> None:
        done.append(part)
        interrupt.set()

    with interruptible(interrupt), pytest.raises(InterruptedCallError):
        table.prepare(Query(filter="square < 0"), report)
    assert len(done) == 1 and 0 < done[0] < 0.001


def test_rows_without_end(source: Any) -> None:
    table = source.table("endless")
    first = table.estimate(Query())
    assert len(table.fetch(Query(), 5_000_000, 5_000_050)) == 50
    further = table.estimate(Query())
    assert not first.is_exact and not further.is_exact and further.count > 5_000_050 > first.count
    assert table.fetch(Query(filter="text endswith '99'"), 0, 2).keys == [(100,), (200,)]
    assert table.locate(Query(), (10**15,)) == 10**15 - 1
    for query in (Query(sort=parse_sort("text")), Query(group=("text",)), Query(aggregates=(Aggregate("count"),))):
        with pytest.raises(TableError, match="has no end and cannot be"):
            table.fetch(query, 0, 1)


def test_a_table_that_is_written(source: Any) -> None:
    table = source.table("notes")
    heard: list[TableChange] = []
    table.subscribe(heard.append)
    assert table.count(Query(filter="text contains 's'")) == 1
    done = table.commit([Insert({"text": "second"})])
    assert heard == [done.change] and done.keys == ((2,),)
    assert table.fetch(Query(sort=parse_sort("-text")), 0, 9).columns["text"] == ["second", "first"]
    assert table.count(Query(filter="text contains 's'")) == 2 and table.fetch(Query(), 0, 1).versions[0]


def test_mistakes_of_a_plugin_name_its_table(source: Any) -> None:
    with pytest.raises(TableError, match="of broken cannot be made: ZeroDivisionError"):
        source.table("broken").fetch(Query(), 0, 9)


def test_a_kind_that_is_there_already_is_refused(own: Path) -> None:
    place = own / "more" / "toysqlite"
    place.mkdir(parents=True)
    (place / "plugin.toml").write_text(MANIFEST.replace("toynumbers", "toysqlite").replace("numbers]", "sqlite]"))
    (plugin,) = find_plugins([own / "more"])
    with pytest.raises(EspalierError, match="'sqlite', which is there already"):
        register(plugin)


def test_an_app_names_the_plugins_source(own: Path, qapp: Any) -> None:
    from shell.boot import boot
    from shell.session import Given

    app = own / "app"
    app.mkdir()
    (app / "app.toml").write_text('name = "app"\n[sources.all]\nkind = "numbers"\n')
    (app / "main.kdl").write_text("layout 1\ntable numbers\nwindow { grid numbers }\n")
    session = boot(str(app), Given(str(own / "home"), (f"plugins.folders={own / 'own'}",)))
    assert session.app.source("all").table("numbers").count(Query()) == BILLION
    session.windows[0].close()
    session.close()
