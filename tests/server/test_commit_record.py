"""What the audit is to know of a commit: each value, and of very many added rows no more than their keys."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.tables.change import Change, Delete, Insert, Part, Update
from kernel.tables.sqlite import SqliteSource
from server import commit_record
from server.audit_entry import Entry, decode_note
from server.commit_record import CommitRecord
from server.identity import Person

ANN = Person("ann", True, "unix")


@pytest.fixture
def source(tmp_path: Path) -> Iterator[SqliteSource]:
    with contextlib.closing(sqlite3.connect(tmp_path / "stock.sqlite")) as connection:
        connection.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, amount INTEGER DEFAULT 7)")
        connection.execute("INSERT INTO items VALUES (1, 'old', 1)")
        connection.commit()
    with contextlib.closing(SqliteSource(tmp_path / "stock.sqlite")) as made:
        yield made


def noted(source: SqliteSource, *changes: Change) -> tuple[Entry, ...]:
    parts = [Part("items", changes)]
    record = CommitRecord(source, ("shop", "stock"), ANN, parts, {}, lambda change, heard: None, lambda change: None)
    source.commit(parts, check=record)
    assert record.note is not None and decode_note(record.note.encode()) == record.note
    return record.note.entries


def test_added_rows_are_noted_as_they_were_stored(source: SqliteSource) -> None:
    assert noted(source, Insert({"name": "a"}), Insert({"name": "b"})) == (
        Entry("items", (2,), "insert", {}, {"id": 2, "name": "a", "amount": 7}),
        Entry("items", (3,), "insert", {}, {"id": 3, "name": "b", "amount": 7}),
    )


def test_of_very_many_added_rows_the_keys_are_noted(source: SqliteSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit_record, "MOST_NOTED", 2)
    added = noted(source, *(Insert({"name": name}) for name in "abc"), Update((1,), "", {"name": "new"}))
    assert added[:3] == tuple(Entry("items", (key,), "insert") for key in (2, 3, 4))
    assert added[3] == Entry("items", (1,), "update", {"name": "old"}, {"name": "new"})
    assert noted(source, Delete((3,), "")) == (
        Entry("items", (3,), "delete", {"id": 3, "name": "b", "amount": 7}),
    )  # what it held is not lost
