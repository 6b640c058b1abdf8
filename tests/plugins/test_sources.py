"""A plugin in a person's own folder makes the rows of a table: a thousand million of them, and some without end."""

from __future__ import annotations

import sys
import threading
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
CODE = """import threading

from plugins.api import Column, Committed, Insert, ReadOnlyError, Schema, TableChange, TableProvider


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

    def write(self, text):
        self._notes.append((text,))
        self.announce(TableChange("notes", inserted=((len(self._notes),),)))

    def commit(self, changes):
        keys = []
        for change in changes:
            if not isinstance(change, Insert):
                raise ReadOnlyError("notes stay")
            self._notes.append((change.values["text"],))
            keys.append((len(self._notes),))
        return Committed(tuple(keys), TableChange("notes", inserted=tuple(keys)))


class Broken(TableProvider):
    schema = Schema("broken", (Column("a", is_key=True),), ("a",))
    is_lost = False

    def rows(self, start, stop):
        return {0: lambda: [1 / 0], 100: lambda: (row for row in "ab"), 200: lambda: ["x"], 300: lambda: [(1, 2)],
                400: lambda: [(1,), (2,)]}[start]()

    def find(self, key):
        raise KeyError(key)

    def positions(self, query):
        return [0, 1][7]

    def commit(self, changes):
        raise RuntimeError("no")

    def version(self):
        if self.is_lost:
            raise OSError("gone")
        return 1


class Slow(TableProvider):
    schema = Schema("slow", (Column("a", "integer", is_key=True),), ("a",), is_editable=False)

    def __init__(self):
        self.begun, self.go = threading.Event(), threading.Event()

    def rows(self, start, stop):
        self.begun.set()
        self.go.wait(60)
        return [(number,) for number in range(start, min(stop, 3))]


def tables(count=1_000_000_000):
    return {"numbers": Numbers(count), "endless": Endless(), "notes": Notes(), "broken": Broken(),
            "slow": Slow()}
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
    broken = source.table("broken")
    for work, message in (
        (lambda: broken.fetch(Query(), 0, 9), "broken fails at rows 0 to 9: ZeroDivisionError"),
        (lambda: broken.fetch(Query(), 100, 109), "broken answers generator instead of a list"),
        (lambda: broken.fetch(Query(), 200, 201), "a row of broken is a list or a mapping, and not 'x'"),
        (lambda: broken.fetch(Query(), 300, 301), "a row of broken has 2 values for 1 columns"),
        (lambda: broken.fetch(Query(), 400, 401), "broken answers 2 rows where 1 were asked for"),
        (lambda: broken.locate(Query(), (1,)), "broken fails at a key: KeyError"),
        (lambda: broken.fetch(Query(sort=parse_sort("a")), 0, 9), "broken fails at an order: IndexError"),
        (lambda: broken.commit([Insert({"a": 1})]), "broken fails at a commit: RuntimeError"),
    ):
        with pytest.raises(TableError, match=message):
            work()
    broken.scan._provider.is_lost = True
    for _ in range(2):
        source.poll()  # what is wrong with one table keeps nobody from hearing of the others
    with pytest.raises(TableError, match="broken fails at the version: OSError"):
        broken.fetch(Query(), 0, 9)
    assert source.table("notes").fetch(Query(), 0, 9).columns["text"] == ["first"]


def test_slow_code_of_a_plugin_keeps_nobody_waiting(source: Any) -> None:
    slow = source.table("slow")
    provider = slow.scan._provider
    for work in (lambda: slow.fetch(Query(), 0, 9), lambda: slow.prepare(Query(), lambda part: None),
                 lambda: slow.fetch(Query(filter="a == 3"), 0, 9), lambda: slow.locate(Query(), (7,))):  # fmt: skip
        interrupt = Interrupt()
        provider.begun.clear()
        threading.Thread(target=_when, args=(provider.begun, interrupt.set)).start()
        with interruptible(interrupt), pytest.raises(InterruptedCallError):
            work()  # comes back although the plugin's code does not
    provider.go.set()
    assert slow.fetch(Query(), 0, 9).columns["a"] == [0, 1, 2] and slow.count(Query(filter="a == 2")) == 1


def _when(event: threading.Event, work: Any) -> None:
    assert event.wait(60)
    work()


def test_changes_that_a_plugin_announces_are_told_once(source: Any) -> None:
    notes = source.table("notes")
    heard: list[TableChange] = []
    notes.subscribe(heard.append)
    notes.scan._provider.write("by itself")
    assert heard == [TableChange("notes", inserted=((2,),))] and not source.poll()
    assert notes.fetch(Query(sort=parse_sort("text")), 0, 9).columns["text"] == ["by itself", "first"]
    notes.scan._provider.announce()
    assert heard[1:] == [TableChange("notes", is_everything=True)]
    notes.scan._provider._notes.append(("unsaid",))
    assert source.poll() and len(heard) == 3
    source.close()
    notes.scan._provider.announce()
    assert len(heard) == 3


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
