"""Groups and aggregates of a SQLite table: one pass over the rows; sums are exact, so SQL's own do not serve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kernel.tables.aggregate import Accumulator, accumulator
from kernel.tables.error import UnknownColumnError
from kernel.tables.grouping import Groups, ordered_groups
from kernel.tables.query import Query
from kernel.tables.sqlite.connection import Reader
from kernel.tables.sqlite.plan import Plan

#: Values of one expression remembered while rows are grouped.
_MOST_REMEMBERED = 50_000


def read_groups(reader: Reader, plan: Plan, query: Query) -> Groups:
    """All groups of a query in order.

    Raises:
        UnknownColumnError: an aggregate other than ``count`` has nothing to work on, or names nothing known.
    """
    columns: list[str] = []
    parts = []
    for text in (*query.group, *(aggregate.of for aggregate in query.aggregates)):
        read_columns, value = plan.reader(text) if text else ([], lambda stored: 1)
        place = slice(len(columns), len(columns) + len(read_columns))
        columns += [sql for sql, _ in read_columns]
        parts.append((place, _remembering(value)))
    for aggregate in query.aggregates:
        if not aggregate.of and aggregate.function != "count":
            raise UnknownColumnError(f"{aggregate.function} needs an expression to work on")
    where, parameters = plan.condition(query)
    if not columns:
        count = reader.connection.execute(f"SELECT count(*) {plan.source_sql}{where}", parameters).fetchone()[0]
        return ordered_groups(query, [(count,) * len(query.aggregates)])
    functions = [aggregate.function for aggregate in query.aggregates]
    width = len(query.group)
    groups: dict[Any, tuple[tuple[Any, ...], list[Accumulator]]] = {}
    if not width:
        groups[()] = (), [accumulator(function) for function in functions]
    for row in reader.connection.execute(f"SELECT {', '.join(columns)} {plan.source_sql}{where}", parameters):
        values = [value(row[place]) for place, value in parts]
        key = tuple(values[:width])
        if key not in groups:
            groups[key] = key, [accumulator(function) for function in functions]
        for running, value in zip(groups[key][1], values[width:], strict=True):
            running.step(value)
    return ordered_groups(query, [(*key, *(one.result() for one in running)) for key, running in groups.values()])


def _remembering(value: Callable[[Sequence[Any]], Any]) -> Callable[[tuple[Any, ...]], Any]:
    """The same function, which works out equal stored values once; columns repeat their values a lot."""
    known: dict[Any, Any] = {}

    def remembered(stored: tuple[Any, ...]) -> Any:
        identity = (stored, *map(type, stored))
        if identity in known:
            return known[identity]
        answer = value(stored)
        if len(known) < _MOST_REMEMBERED:
            known[identity] = answer
        return answer

    return remembered
