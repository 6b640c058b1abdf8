"""Work that several wait for, and some of them give up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kernel.tables.error import InterruptedCallError
from kernel.tables.interrupt import Interrupt, current, interruptible
from kernel.tables.local import sorting
from kernel.tables.local.source import LocalSource
from kernel.tables.provider import ProviderScan, TableProvider
from kernel.tables.query import Query, Sort
from kernel.tables.schema import Column, Schema
from tests.waiting import PATIENCE_S

COUNT = 3000


class Numbers(TableProvider):
    """Rows of which some are made slowly."""

    schema = Schema("t", (Column("n", "integer"),), is_editable=False)

    def __init__(self, look=lambda start: None):
        self._look = look

    def rows(self, start, stop):
        """See :class:`TableProvider`."""
        self._look(start)
        return [(number * 7 % COUNT,) for number in range(start, stop)]

    def count(self):
        """See :class:`TableProvider`."""
        return COUNT


def _table(provider):
    return LocalSource({"t": ProviderScan(provider)}).table("t")


def test_a_sort_that_is_given_up_is_whole_for_the_next(monkeypatch):
    table, query, gone = _table(Numbers()), Query(sort=(Sort("n"),)), Interrupt()
    sort, left = sorting._sorted, threading.Event()

    def given_up(*parts):
        gone.set()
        positions = sort(*parts)
        assert left.wait(PATIENCE_S)
        return positions

    monkeypatch.setattr(sorting, "_sorted", given_up)
    with interruptible(gone), pytest.raises(InterruptedCallError):
        table.prepare(query, lambda part: None)
    left.set()
    assert table.prepare(query, lambda part: None) == COUNT
    assert table.fetch(query, 0, 3).columns["n"] == [0, 1, 2]


class _Waiting(Interrupt):
    """Knows when its thread has waited for another one's step."""

    def __init__(self):
        super().__init__()
        self.looks = 0
        self.waits = threading.Event()

    def check(self):
        """See :class:`Interrupt`."""
        super().check()
        self.looks += 1
        if self.looks > 2:
            self.waits.set()


@pytest.mark.parametrize("query", [Query(filter="n % 3 == 0"), Query(filter="n % 3 == 0", sort=(Sort("n"),))])
def test_who_gives_up_stops_nobody_else(query):
    gone, other = Interrupt(), _Waiting()
    calls = []

    def count(interrupt):
        with interruptible(interrupt):
            return table.prepare(query, lambda part: None)

    def look(start):
        if start and current() is gone:
            calls.append(pool.submit(count, other))
            assert other.waits.wait(PATIENCE_S)
            gone.set()
            gone.check()

    table = _table(Numbers(look))
    with ThreadPoolExecutor() as pool:
        with pytest.raises(InterruptedCallError):
            count(gone)
        assert calls[0].result() == COUNT / 3
        assert table.fetch(query, 0, COUNT).columns["n"][-1] % 3 == 0
    assert len(set(table.fetch(query, 0, COUNT).columns["n"])) == COUNT / 3
