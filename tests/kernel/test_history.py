"""Undo and redo of commits over memory and SQLite: whole, checked against others' changes, bounded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.tables.change import Delete, Insert, Update
from kernel.tables.error import ConflictError
from kernel.tables.history import Entry, Journal, commit_recorded, renames
from kernel.tables.memory import MemorySource
from kernel.tables.query import Query
from kernel.tables.schema import Column, Schema
from kernel.tables.sqlite import SqliteSource

SCHEMA = Schema("item", (Column("id", "integer", is_key=True), Column("name"), Column("amount", "integer")), ("id",))
BARE = Schema("bare", (Column("name"), Column("amount", "integer")))
ROWS = [{"id": at, "name": f"item {at}", "amount": at} for at in range(1, 6)]


@pytest.fixture(params=["memory", "sqlite"])
def source(request: Any, tmp_path: Path) -> Iterator[Any]:
    if request.param == "memory":
        made: Any = MemorySource([(SCHEMA, ROWS), (BARE, [{"name": "a", "amount": 1}, {"name": "b", "amount": 2}])])
    else:
        with sqlite3.connect(tmp_path / "a.sqlite") as database:
            database.executescript(
                "create table item (id integer primary key, name text, amount integer);"
                "create table bare (name text, amount integer); insert into bare values ('a', 1), ('b', 2);"
            )
            database.executemany("insert into item values (:id, :name, :amount)", ROWS)
        made = SqliteSource(tmp_path / "a.sqlite")
    yield made
    made.close()


class Person:
    """Edits a table, takes edits back and does them again, as a window does."""

    def __init__(self, table: Any, **limits: int) -> None:
        self.table, self.journal = table, Journal(**limits)

    def do(self, *changes: Any) -> Entry:
        _, step = commit_recorded(self.table, changes)
        entry = Entry("here", "Item", "Edit", step)
        self.journal.add(entry)
        return entry

    def turn(self, entry: Entry | None) -> None:
        assert entry is not None
        committed, step = commit_recorded(self.table, self.journal.changes_of(entry))
        self.journal.turn(entry, step, renames(entry, committed, step))

    def undo(self) -> None:
        self.turn(self.journal.next_undo())

    def redo(self) -> None:
        self.turn(self.journal.next_redo())

    def rows(self) -> list[tuple[Any, ...]]:
        block = self.table.fetch(Query(), 0, 100)
        return sorted(zip(*block.columns.values(), strict=True))


def test_a_mixed_commit_is_undone_and_done_again(source: Any) -> None:
    person = Person(source.table("item"))
    before = person.rows()
    changes = [Update((1,), "", {"name": "one", "amount": None}), Delete((2,), ""), Insert({"name": "new"}),
               Update((3,), "", {"id": 30}), Update((1,), "", {"name": "uno"})]  # fmt: skip
    entry = person.do(*changes)
    after = person.rows()
    assert after != before
    person.undo()
    assert (person.rows(), entry.state) == (before, "undone")
    person.redo()
    assert (person.rows(), entry.state) == (after, "done")
    person.undo()
    assert person.rows() == before


def test_many_edits_of_one_row_go_back_one_by_one_and_forth(source: Any) -> None:
    person = Person(source.table("item"))
    states = [person.rows()]
    for number in range(10, 14):
        person.do(Update((4,), "", {"amount": number}))
        states.append(person.rows())
    for _ in range(2):
        for at in range(3, -1, -1):
            person.undo()
            assert person.rows() == states[at]
        for at in range(1, 5):
            person.redo()
            assert person.rows() == states[at]
    assert person.journal.next_redo() is None


def test_a_row_without_a_key_of_its_own_comes_back_and_its_edits_find_it(source: Any) -> None:
    person = Person(source.table("bare"))
    before = person.rows()
    key = person.table.fetch(Query(), 0, 1).keys[0]
    person.do(Update(key, "", {"amount": 7}))
    person.do(Delete(key, ""))
    person.undo()
    assert ("a", 7) in person.rows()
    person.undo()
    assert person.rows() == before
    person.redo()
    person.redo()
    assert person.rows() == [("b", 2)]


def test_undo_over_somebody_elses_change_is_a_conflict_and_changes_nothing(source: Any) -> None:
    person = Person(source.table("item"))
    entry = person.do(Update((1,), "", {"amount": 9}), Update((2,), "", {"amount": 9}))
    source.table("item").commit([Update((2,), "", {"name": "theirs"})])
    before = person.rows()
    with pytest.raises(ConflictError):
        person.undo()
    assert person.rows() == before
    entry.lose("somebody changed it")
    assert person.journal.next_undo() is None


def test_a_new_edit_ends_what_could_be_done_again(source: Any) -> None:
    person = Person(source.table("item"))
    first = person.do(Update((1,), "", {"amount": 9}))
    person.undo()
    person.do(Update((2,), "", {"amount": 9}))
    assert (person.journal.next_redo(), first.state) == (None, "gone")


def test_memory_is_bounded_and_the_oldest_goes_first(source: Any) -> None:
    person = Person(source.table("item"), most_cells=7, most_entries=3)
    entries = [person.do(Update((1,), "", {"amount": at})) for at in range(6)]
    assert person.journal.entries == entries[3:]
    long = person.do(Update((2,), "", {"name": "x" * 5000}))
    assert person.journal.next_undo() is long
    big = person.do(Update((2,), "", {"name": "y"}))
    assert (long.state, person.journal.next_undo()) == ("gone", big)


def test_rows_that_a_database_deletes_along_are_told(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "b.sqlite") as database:
        database.executescript(
            "create table head (id integer primary key);"
            "create table line (id integer primary key, head_id integer references head on delete cascade);"
            "insert into head values (1), (2); insert into line values (1, 1);"
        )
    source = SqliteSource(tmp_path / "b.sqlite")
    _, with_lines = commit_recorded(source.table("head"), [Delete((1,), "")])
    _, alone = commit_recorded(source.table("head"), [Delete((2,), "")])
    assert (with_lines.is_partial, alone.is_partial) == (True, False)
    source.close()


def test_what_is_too_large_is_written_and_not_kept(source: Any) -> None:
    _, step = commit_recorded(source.table("item"), [Delete((at,), "") for at in (1, 2, 3)], most=5)
    assert step is None
    assert source.table("item").count(Query()) == 2
