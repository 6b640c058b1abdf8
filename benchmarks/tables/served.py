"""The table on a source server, beside the same file opened directly; and a commit of 200,000 rows to that server."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import statistics
import tempfile
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from benchmarks.result import Result, interleave
from benchmarks.tables.data import TABLE, data_file, row_count
from benchmarks.tables.desk import PAGE, anew, mirrored, page_time, silent, timed
from kernel.tables.change import Insert
from kernel.tables.contract import Table
from kernel.tables.query import Aggregate, Query, Sort
from kernel.tables.remote import RemoteSource
from kernel.tables.reporting import reporting
from kernel.tables.sqlite import SqliteSource
from kernel.wire.link import Link
from tests.served import SHOP, ServerProcess, commit, git, in_app, make_repository

ROUNDS, ROWS = 3, 200_000
GOAL_PAGE_MS, GOAL_SLOWER, GOAL_COMMIT, GOAL_OTHERS_MS, GOAL_MB = 5, 1.3, 2.0, 50, 300
#: What is asked → the query.
ASKED = {
    "sort number": Query(sort=(Sort("price"),)),
    "sort text": Query(sort=(Sort("name"),)),
    "filter": Query(filter="note contains 'zz'"),
    "group": Query(group=("city",), aggregates=(Aggregate("sum", "price", "sum"),)),
}


class Desk(NamedTuple):
    """A running server and its two sources: the table, and an empty one for commits."""

    server: ServerProcess
    sales: RemoteSource
    stock: RemoteSource


@contextlib.contextmanager
def served() -> Iterator[Desk]:
    """A server of a copy of the data."""
    with tempfile.TemporaryDirectory(dir=data_file().parent, prefix="served-") as name:
        folder = Path(name)
        bare, work = make_repository(folder)
        source = f'\n[sources.sales]\nkind = "sqlite"\npath = "{TABLE}.sqlite"\n'
        commit(work, in_app("shop", {"app.toml": SHOP["app.toml"] + source}))
        (folder / "data" / "shop").mkdir(parents=True)
        shutil.copy(data_file(), folder / "data" / "shop" / f"{TABLE}.sqlite")
        git(work, "push", "-q", "origin", "HEAD")
        with ServerProcess(bare, "--data", str(folder / "data"), log_path=folder / "log") as server:
            with Link(server.address) as one, Link(server.address) as other:
                yield Desk(server, RemoteSource(one, "shop", "sales"), RemoteSource(other, "shop", "stock"))
            server.stop()


def measure() -> list[Result]:
    """Milliseconds beside the same calls of the file's own source in this process."""
    with served() as desk, mirrored(is_waited_for=False) as here:  # a server mirrors as well
        there = desk.sales.table(TABLE)
        return [*_pages("in order", there, Query()), *_asked(there, here), *_commit(desk)]


def _pages(name: str, there: Table, query: Query) -> list[Result]:
    first = statistics.median(timed(lambda: there.fetch(query, 0, PAGE)) for _ in range(ROUNDS))
    there.prepare(query, silent)
    far = page_time(there, query, row_count())
    return [Result(f"served {name}, first page", "ms", first, None, GOAL_PAGE_MS, True),
            Result(f"served {name}, any page", "ms", far, None, GOAL_PAGE_MS, True)]


def _asked(there: Table, here: Table) -> list[Result]:
    results = []
    for name, query in ASKED.items():
        figures = interleave(ROUNDS, {
            "there": anew(query, lambda query: there.prepare(query, silent)),
            "here": anew(query, lambda query: here.prepare(query, silent)),
        })  # fmt: skip
        results.append(
            Result(f"served {name}", "ms", figures["there"], figures["here"], GOAL_SLOWER, True, "the file itself")
        )
        if query.sort:
            results += _pages(name, there, query)
    return results


def _commit(desk: Desk) -> list[Result]:
    """A commit of many rows, and how long others wait for a page meanwhile."""
    rows = [Insert({"name": f"row {number}", "price": Decimal(number) / 100}) for number in range(ROWS)]
    waits: list[float] = []
    told: list[float] = []
    is_done = threading.Event()

    def read() -> None:
        table = desk.sales.table(TABLE)
        while not is_done.wait(0.01):
            waits.append(timed(lambda: table.fetch(Query(), 1000, 1000 + PAGE)))

    reader = threading.Thread(target=read)
    before = _peak(desk.server)
    reader.start()
    try:
        with reporting(told.append):
            remote = timed(lambda: desk.stock.table("items").commit(rows))
    finally:
        is_done.set()
        reader.join()
    return [
        Result("served commit", "ms", remote, _directly(rows), GOAL_COMMIT, True, "the file itself"),
        Result("served commit, reports", "", float(len(told)), None, 20, False),
        Result("served commit, others p95", "ms", statistics.quantiles(waits, n=20)[-1], None, GOAL_OTHERS_MS, True),
        Result("served commit, others worst", "ms", max(waits), None, GOAL_OTHERS_MS * 4, True),
        Result("served commit, memory", "MB", _peak(desk.server) - before, None, GOAL_MB, True),
    ]


def _directly(rows: list[Insert]) -> float:
    with tempfile.TemporaryDirectory(dir=data_file().parent) as folder:
        path = Path(folder) / "stock.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.executescript(SHOP["schema.sql"])
        source = SqliteSource(path)
        try:
            return timed(lambda: source.table("items").commit(rows))
        finally:
            source.close()


def _peak(server: ServerProcess) -> float:
    """The most memory that a server has had, in MB."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
