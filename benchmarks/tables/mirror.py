"""Orders, filters and groups of mirrored columns, beside DuckDB's own tables and SQLite."""

from __future__ import annotations

from benchmarks.result import Result, interleave
from benchmarks.tables.data import TABLE
from benchmarks.tables.desk import PAGE, anew, mirrored, natively, silent, theirs
from benchmarks.tables.memory import memory_of
from kernel.tables.query import Aggregate, Query, parse_sort

ROUNDS = 3
#: Column → what it holds, and how DuckDB sorts it as we do.
COLUMNS = {"price": ("number", "price"), "name": ("text", "lower(name)"), "placed": ("moment", "placed")}
GOAL_FIRST, GOAL_WHOLE, GOAL_COUNT, GOAL_GROUP, GOAL_MB = 0.3, 1.5, 1.0, 3.0, 300
_SUMS = (Aggregate("sum", "price"), Aggregate("sum", "quantity"), Aggregate("count"))


def measure() -> list[Result]:
    """Milliseconds once the columns are mirrored."""
    memory = Result("mirror, memory", "MB", memory_of("mirror"), None, GOAL_MB, True)
    return [*_sorts(), *_filters(), *_groups(), memory]


def _sorts() -> list[Result]:
    found = []
    for column, (kind, native) in COLUMNS.items():
        query = Query(sort=parse_sort(f"-{column}"))
        with mirrored(Query(sort=parse_sort(column))) as table:
            figures = interleave(ROUNDS, {
                "first": anew(query, lambda query, table=table: table.fetch(query, 0, PAGE)),
                "all": anew(query, lambda query, table=table: table.prepare(query, silent)),
                "top": theirs(f"SELECT * FROM {TABLE} ORDER BY {column} DESC, id LIMIT {PAGE}"),
                "native": natively(f"SELECT id FROM {TABLE} ORDER BY {native} DESC NULLS LAST, id"),
            })  # fmt: skip
        found += [
            Result(f"sort {kind}, first page, mirrored", "ms", figures["first"], figures["top"], GOAL_FIRST, True,
                   "SQLite top 50"),
            Result(f"sort {kind}, all, mirrored", "ms", figures["all"], figures["native"], GOAL_WHOLE, True, "DuckDB"),
        ]  # fmt: skip
    return found


def _filters() -> list[Result]:
    query = Query(filter="note contains 'garnet 77'")
    with mirrored(Query(filter="note contains 'amber 11'")) as table:
        figures = interleave(ROUNDS, {
            "ours": anew(query, lambda query: table.prepare(query, silent)),
            "scan": theirs(f"SELECT count(*) FROM {TABLE} WHERE note LIKE '%garnet 77%'"),
            "native": natively(f"SELECT count(*) FROM {TABLE} WHERE note ILIKE '%garnet 77%'"),
        })  # fmt: skip
    return [Result("filter, all hits, mirrored", "ms", figures["ours"], figures[peer], goal, True, name)
            for peer, goal, name in (("scan", GOAL_COUNT, "SQLite LIKE"), ("native", GOAL_GROUP, "DuckDB ILIKE"))]


def _groups() -> list[Result]:
    found = []
    for column, count in (("city", 30), ("category", 100)):
        query = Query(group=(column,), aggregates=_SUMS)
        with mirrored(query) as table:
            figures = interleave(ROUNDS, {
                "ours": anew(query, lambda query, table=table: table.prepare(query, silent)),
                "native": natively(
                    f"SELECT {column}, sum(price), sum(quantity), count(*) FROM {TABLE} GROUP BY {column}"),
            })  # fmt: skip
        found.append(Result(f"group, {count} groups, mirrored", "ms", figures["ours"], figures["native"], GOAL_GROUP,
                            True, "DuckDB"))  # fmt: skip
    return found
