"""A text that is looked for in a column: the first hits, all of them, and a page far behind."""

from __future__ import annotations

from benchmarks.result import Result, interleave
from benchmarks.tables.data import TABLE
from benchmarks.tables.desk import PAGE, opened, ours, page_time, silent, theirs
from kernel.tables.query import Query

ROUNDS = 3
QUERY = Query(filter="note contains 'garnet 77'")
GOAL_FIRST_MS, GOAL_COUNT, GOAL_PAGE_MS = 100, 1, 2


def measure() -> list[Result]:
    """Milliseconds to the first hits; to the count beside SQLite's scan."""
    figures = interleave(ROUNDS, {
        "first": ours(lambda table: table.fetch(QUERY, 0, PAGE)),
        "count": ours(lambda table: table.prepare(QUERY, silent)),
        "scan": theirs(f"SELECT count(*) FROM {TABLE} WHERE note LIKE '%garnet 77%'"),
    })  # fmt: skip
    with opened() as table:
        page = page_time(table, QUERY, table.prepare(QUERY, silent))
    return [
        Result("filter, first hits", "ms", figures["first"], None, GOAL_FIRST_MS, True),
        Result("filter, all hits", "ms", figures["count"], figures["scan"], GOAL_COUNT, True, "SQLite LIKE"),
        Result("filter, any page", "ms", page, None, GOAL_PAGE_MS, True),
    ]
