"""Groups with sums, exact to the last digit, beside SQLite's own: the same columns, its sums of decimals as floats."""

from __future__ import annotations

from benchmarks.result import Result, interleave
from benchmarks.tables.data import TABLE
from benchmarks.tables.desk import ours, silent, theirs
from kernel.tables.query import Aggregate, Query

ROUNDS = 3
GOAL = 0.3
_SUMS = (Aggregate("sum", "price"), Aggregate("sum", "quantity"), Aggregate("count"))


def measure() -> list[Result]:
    """Milliseconds for thirty and for a hundred groups."""
    results = []
    for column, count in (("city", 30), ("category", 100)):
        query = Query(group=(column,), aggregates=_SUMS)
        figures = interleave(ROUNDS, {
            "ours": ours(lambda table, query=query: table.prepare(query, silent)),
            "theirs": theirs(f"SELECT {column}, sum(price), sum(quantity), count(*) FROM {TABLE} GROUP BY {column}"),
        })  # fmt: skip
        results.append(Result(f"group, {count} groups", "ms", figures["ours"], figures["theirs"], GOAL, True,
                              "SQLite GROUP BY"))  # fmt: skip
    return results
