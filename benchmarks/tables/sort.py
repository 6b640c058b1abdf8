"""Sorting by columns without an index: the first page, the whole order, a page of it, and giving it up.

The peer makes a temporary table of all row numbers in the order, with the settings that SQLite has by itself (its
sorter writes to a file); that is what has to be there before any page of the order can be read quickly.
"""

from __future__ import annotations

import threading
import time

from benchmarks.result import Result, interleave
from benchmarks.tables.data import TABLE, row_count
from benchmarks.tables.desk import PAGE, opened, ours, page_time, silent, theirs
from benchmarks.tables.memory import memory_of
from kernel.tables.contract import Table
from kernel.tables.error import InterruptedCallError
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.query import Query, Sort

ROUNDS = 3
#: Column → what it holds.
COLUMNS = {"price": "number", "name": "text", "placed": "moment"}
GOAL_FIRST, GOAL_WHOLE, GOAL_PAGE_MS, GOAL_STOP_MS, GOAL_MB = 1.1, 0.25, 1, 50, 300
#: Seconds after which a sort is given up.
STOPS = (0.05, 0.2, 0.4, 0.7, 1.0, 1.4)


def measure() -> list[Result]:
    """Milliseconds beside SQLite's own top fifty and order table."""
    results = []
    for column, kind in COLUMNS.items():
        query = Query(sort=(Sort(column),))
        first = interleave(ROUNDS, {
            "ours": ours(lambda table, query=query: table.fetch(query, 0, PAGE)),
            "top": theirs(f"SELECT * FROM {TABLE} ORDER BY {column}, id LIMIT {PAGE}"),
        })  # fmt: skip
        whole = interleave(ROUNDS, {
            "ours": ours(lambda table, query=query: table.prepare(query, silent)),
            "table": theirs(f"CREATE TEMP TABLE o AS SELECT id FROM {TABLE} ORDER BY {column}, id"),
        })  # fmt: skip
        results += [
            Result(f"sort {kind}, first page", "ms", first["ours"], first["top"], GOAL_FIRST, True, "SQLite top 50"),
            Result(f"sort {kind}, all", "ms", whole["ours"], whole["table"], GOAL_WHOLE, True, "SQLite order table"),
        ]
    return [*results, *_pages(), _stopped(), Result("sort, memory", "MB", memory_of("sort"), None, GOAL_MB, True)]


def _pages() -> list[Result]:
    found = []
    for column, kind in COLUMNS.items():
        with opened() as table:
            query = Query(sort=(Sort(column),))
            table.prepare(query, silent)
            figure = page_time(table, query, row_count())
        found.append(Result(f"sort {kind}, any page", "ms", figure, None, GOAL_PAGE_MS, True))
    return found


def _stopped() -> Result:
    """The longest wait for the end of an order that is given up, of some; those that were done before do not count."""
    waits = []
    for column in COLUMNS:
        for after in STOPS:
            with opened() as table:
                waits.append(_wait(table, Query(sort=(Sort(column),)), after))
    known = [wait for wait in waits if wait is not None]
    problem = "" if known else "every order was done before"
    return Result("sort, given up", "ms", max(known, default=None), None, GOAL_STOP_MS, True, problem=problem)


def _wait(table: Table, query: Query, after: float) -> float | None:
    interrupt = Interrupt()
    given_up = 0.0

    def give_up() -> None:
        nonlocal given_up
        given_up = time.perf_counter()
        interrupt.set()

    timer = threading.Timer(after, give_up)
    timer.start()
    try:
        with interruptible(interrupt):
            table.prepare(query, silent)
    except InterruptedCallError:
        return (time.perf_counter() - given_up) * 1000
    finally:
        timer.cancel()
    return None
