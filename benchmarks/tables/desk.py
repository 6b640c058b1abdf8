"""What the benchmarks of tables share: the table as Espalier has it, SQLite as everybody has it, and a clock."""

from __future__ import annotations

import contextlib
import itertools
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from benchmarks.tables.data import TABLE, data_file
from benchmarks.tables.native import native
from kernel.tables import mirroring
from kernel.tables.contract import Table
from kernel.tables.query import Query
from kernel.tables.sqlite import SqliteSource

#: Rows of a page.
PAGE = 50
SEED = 7


@contextlib.contextmanager
def opened() -> Iterator[Table]:
    """The table, of which nothing is known yet but its shape."""
    source = SqliteSource(data_file(), is_read_only=True)
    try:
        table = source.table(TABLE)
        table.fetch(Query(), 0, 1)
        yield table
    finally:
        source.close()


@contextlib.contextmanager
def mirrored(*queries: Query, is_waited_for: bool = True) -> Iterator[Table]:
    """The table with the columns of these queries mirrored, and nothing else known of it.

    Args:
        queries: What is asked beforehand.
        is_waited_for: Whether an answer waits until what it looked at is mirrored; a server goes on.
    """
    with tempfile.TemporaryDirectory(dir=data_file().parent) as folder, opened() as table:
        mirroring.folder, mirroring.is_waited_for = Path(folder), is_waited_for
        try:
            for query in queries:
                table.prepare(query, silent)
            yield table
        finally:
            mirroring.folder, mirroring.is_waited_for = None, False


@contextlib.contextmanager
def usual() -> Iterator[sqlite3.Connection]:
    """SQLite with its usual settings."""
    connection = sqlite3.connect(data_file(), isolation_level=None)
    try:
        connection.execute(f"SELECT * FROM {TABLE} LIMIT 1").fetchall()
        yield connection
    finally:
        connection.close()


def ours(work: Callable[[Table], object]) -> Callable[[], float]:
    """Milliseconds of the work on a table just opened."""

    def measure() -> float:
        with opened() as table:
            return timed(lambda: work(table))

    return measure


def theirs(sql: str) -> Callable[[], float]:
    """Milliseconds of a statement with all its rows."""

    def measure() -> float:
        with usual() as connection:
            return timed(lambda: connection.execute(sql).fetchall())

    return measure


def natively(sql: str) -> Callable[[], float]:
    """Milliseconds of a statement on a table of DuckDB's own, with two threads, all its rows as numpy has them."""

    def measure() -> float:
        with native() as connection:
            return timed(lambda: connection.execute(sql).fetchnumpy())

    return measure


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that the work takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def page_time(table: Table, query: Query, count: int, rounds: int = 60) -> float:
    """The median of a page at a random position, in milliseconds."""
    places = random.Random(SEED)

    def page() -> float:
        start = places.randrange(max(count - PAGE, 1))
        return timed(lambda: table.fetch(query, start, start + PAGE))

    return statistics.median(page() for _ in range(rounds))


def silent(part: float) -> None:
    """Take a report of progress and say nothing."""


def anew(query: Query, work: Callable[[Query], object]) -> Callable[[], float]:
    """Milliseconds of the work for a query that is another one every time, so that no answer is remembered."""
    rounds = itertools.count()
    return lambda: timed(lambda: work(msgspec.structs.replace(query, parameters={"round": next(rounds)})))
