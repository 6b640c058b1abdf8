"""Telling how far a commit is."""

from __future__ import annotations

import pytest

from kernel.tables.change import Insert
from kernel.tables.error import InterruptedCallError
from kernel.tables.history import commit_recorded
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.query import Query
from kernel.tables.reporting import reporting, stretch, tell
from kernel.tables.sqlite import SqliteSource
from kernel.tables.sqlite.creation import create

COUNT = 3_000


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "a.sqlite"
    create(path, ["CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)"])
    source = SqliteSource(path)
    yield source.table("t")
    source.close()


def test_parts_of_parts():
    told = []
    tell(0.5)  # nobody hears it
    with reporting(told.append, 0.5, 1.0):
        tell(0.0)
        with stretch(0.5, 1.0):
            tell(0.5)
        with reporting(None):
            tell(0.9)
        tell(1.0)
    assert told == [0.5, 0.875, 1.0]


def rows():
    return [Insert({"a": str(number)}) for number in range(COUNT)]


def test_a_commit_and_its_undo_tell(table):
    for changes in (rows(), commit_recorded(table, rows())[1].changes):
        told = []
        with reporting(told.append):
            commit_recorded(table, changes)
        assert told == sorted(told) and len(told) > 10 and told[-1] == 1.0


@pytest.mark.parametrize(("when", "is_written"), [(0.5, False), (0.9, True)])
def test_what_is_given_up_is_undone_or_told_of_as_written(table, when, is_written):
    """While the rows are written, and when they are but their versions are read still."""
    interrupt = Interrupt()

    def hear(part):
        if part >= when:
            interrupt.set()
            interrupt.check()

    with interruptible(interrupt), reporting(hear):
        if is_written:
            assert commit_recorded(table, rows())[1] is not None
        else:
            with pytest.raises(InterruptedCallError):
                commit_recorded(table, rows())
    assert table.count(Query()) == (COUNT if is_written else 0)
