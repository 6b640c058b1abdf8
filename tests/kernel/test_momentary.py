"""Queries that depend on the moment: their answers follow the clock, and are not made anew while they are made."""

from __future__ import annotations

import datetime
import sqlite3
import time
from typing import Any

import pytest

from kernel.tables import momentary
from kernel.tables.local.source import LocalSource
from kernel.tables.local.table import LocalTable
from kernel.tables.provider import ProviderScan, TableProvider
from kernel.tables.query import Aggregate, Query, parse_sort
from kernel.tables.schema import Column, Schema
from kernel.tables.source import open_source
from kernel.tables.sqlite import ordering
from kernel.tables.sqlite import table as tables

#: Rows of which each is over a little later than the one before.
COUNT = 3_000
START = datetime.datetime(2026, 1, 1)
QUERIES = {
    "filter": Query(filter="due < now()"),
    "sort": Query(filter="due < now()", sort=parse_sort("-size")),
    "group": Query(filter="due < now()", group=("size % 7",), aggregates=(Aggregate("count", "", "n"),)),
}


class Moments(TableProvider):
    """Rows that are all over."""

    schema = Schema("t", (Column("due", "datetime"), Column("size", "integer")), is_editable=False)

    def rows(self, start: int, stop: int) -> Any:
        return [(START, number % 100) for number in range(start, min(stop, COUNT))]

    def count(self) -> int:
        return COUNT


def opened() -> tuple[LocalTable, list[Query]]:
    """A table, and the queries for which it begins to read all rows."""
    table = LocalSource({"t": ProviderScan(Moments())}).table("t")
    begun: list[Query] = []
    new_work = table._new_work

    def counting(query: Query) -> Any:
        begun.append(query)
        return new_work(query)

    table._new_work = counting
    return table, begun


class Clock:
    """Stands for the clock that tells how old an answer is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.mark.parametrize("name", QUERIES)
def test_an_answer_is_made_anew_once_it_is_old(clock: Clock, name: str) -> None:
    table, begun = opened()
    table.prepare(QUERIES[name], lambda part: None)
    clock.now += 0.9
    assert table.count(QUERIES[name]) == table.prepare(QUERIES[name], lambda part: None)
    assert len(begun) == 1, "the second is not over"
    clock.now += 0.2
    table.count(QUERIES[name])
    assert len(begun) == 2


def test_an_answer_that_is_being_made_is_not_begun_again(clock: Clock) -> None:
    table, begun = opened()
    reports = []

    def report(part: float) -> None:
        clock.now += 5  # whatever the clock says meanwhile
        if part < 1 and len(reports) < 3:
            reports.append(part)
            table.fetch(QUERIES["filter"], 0, 3)

    table.prepare(QUERIES["filter"], report)
    assert reports
    assert len(begun) == 1


def test_what_took_long_holds_longer() -> None:
    assert momentary.holds_for(0.001) == 1.0
    assert momentary.holds_for(3.0) == 30.0


@pytest.mark.parametrize("name", QUERIES)
def test_a_database_keeps_the_order_for_its_pages(tmp_path, clock: Clock, monkeypatch, name: str) -> None:
    with sqlite3.connect(tmp_path / "t.sqlite") as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, due DATETIME, size INTEGER)")
        rows = [(number, "2026-01-01 00:00:00", number % 100) for number in range(COUNT)]
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    connection.close()
    source = open_source({"kind": "sqlite", "path": "t.sqlite"}, tmp_path)
    made: list[float] = []
    real = ordering.held_until

    def counting(query: Query, begun: float) -> float | None:
        made.append(begun)
        return real(query, begun)

    for module in (ordering, tables):
        monkeypatch.setattr(module, "held_until", counting)
    table = source.table("t")
    count = table.prepare(QUERIES[name], lambda part: None)
    assert len(made) == 1 and count == (7 if name == "group" else COUNT)
    table.fetch(QUERIES[name], count - 5, count)
    assert table.prepare(QUERIES[name], lambda part: None) == count and len(made) == 1
    clock.now += 1.1
    table.prepare(QUERIES[name], lambda part: None)
    assert len(made) == 2
    source.close()
