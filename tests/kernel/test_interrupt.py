"""Giving up a table call: SQLite stops at once, and the connection serves the next call."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from kernel.tables.change import Insert, TableChange
from kernel.tables.error import InterruptedCallError
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.query import Query
from kernel.tables.sqlite import SqliteSource

#: A view over it takes minutes to count.
SCHEMA = """
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
INSERT INTO t SELECT i, 'täxt ' || i FROM n;
CREATE VIEW pairs AS SELECT x.a || y.a AS a FROM t AS x, t AS y, t AS z;
CREATE TABLE watched (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER slow AFTER INSERT ON watched WHEN new.a = 'slow' BEGIN
    UPDATE watched SET a = (SELECT max(a) FROM pairs) WHERE id = new.id;
END;
"""


@pytest.fixture
def source(tmp_path: Path):
    connection = sqlite3.connect(tmp_path / "t.sqlite")
    connection.executescript(SCHEMA)
    connection.close()
    made = SqliteSource(tmp_path / "t.sqlite")
    yield made
    made.close()


def give_up(interrupt: Interrupt, after_s: float = 0.2) -> threading.Timer:
    timer = threading.Timer(after_s, interrupt.set)
    timer.start()
    return timer


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(filter="a contains 'ü'"),
        Query(filter="upper(a) + upper(a) == 'x'"),  # a part that Python evaluates
        Query(group=("a",)),
    ],
    ids=["plain", "filter", "callback", "group"],
)
def test_a_count_stops_when_it_is_given_up(source: SqliteSource, query: Query) -> None:
    interrupt = Interrupt()
    give_up(interrupt)
    with interruptible(interrupt), pytest.raises(InterruptedCallError):
        source.table("pairs").count(query)  # which would take minutes
    assert source.table("t").count(Query()) == 3000
    assert source.table("t").count(query) >= 0, "the same connection goes on"


def test_a_commit_that_is_given_up_wrote_nothing(source: SqliteSource) -> None:
    interrupt, heard = Interrupt(), []
    source.table("watched").subscribe(heard.append)
    give_up(interrupt)
    with interruptible(interrupt), pytest.raises(InterruptedCallError):
        source.table("watched").commit([Insert({"a": "quick"}), Insert({"a": "slow"})])
    assert source.table("watched").count(Query()) == 0 and heard == []
    source.table("watched").commit([Insert({"a": "quick"})])
    assert source.table("watched").count(Query()) == 1 and len(heard) == 1


def test_nothing_is_begun_for_one_who_has_gone(source: SqliteSource) -> None:
    interrupt = Interrupt()
    interrupt.set()
    with interruptible(interrupt):
        with pytest.raises(InterruptedCallError):
            source.table("t").count(Query())
        with pytest.raises(InterruptedCallError):
            source.table("watched").commit([Insert({"a": "quick"})])
    assert source.table("watched").count(Query()) == 0


def test_a_commit_that_was_written_is_told_though_its_asker_went(source: SqliteSource) -> None:
    """The first listener gives the call up; the others, and views, hear of the commit all the same."""
    interrupt, heard = Interrupt(), []
    watched = source.table("watched")

    def first(change: TableChange) -> None:
        interrupt.set()

    watched.subscribe(first)
    watched.subscribe(heard.append)
    source.table("pairs").subscribe(heard.append)
    with interruptible(interrupt):
        watched.commit([Insert({"a": "quick"})])
    assert [change.table for change in heard] == ["watched", "pairs"]


def test_an_interrupt_never_stops_a_later_call(source: SqliteSource) -> None:
    interrupt = Interrupt()
    with interruptible(interrupt):
        source.table("t").count(Query())
    interrupt.set()
    assert source.table("t").count(Query(filter="a contains '7'")) > 0
