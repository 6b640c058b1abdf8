"""Groups and aggregates of a SQLite table: by SQL where its answer is exact, else in one pass over the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kernel.tables.aggregate import Accumulator, accumulator
from kernel.tables.error import UnknownColumnError
from kernel.tables.grouping import Groups, ordered_groups
from kernel.tables.query import Query
from kernel.tables.sqlite.connection import Reader
from kernel.tables.sqlite.exact import exact_aggregate
from kernel.tables.sqlite.plan import Plan

#: Values of one expression remembered while rows are grouped.
_MOST_REMEMBERED = 50_000


def read_groups(reader: Reader, plan: Plan, query: Query) -> Groups:
    """All groups of a query in order.

    Raises:
        UnknownColumnError: an aggregate other than ``count`` has nothing to work on, or names nothing known.
    """
    for aggregate in query.aggregates:
        accumulator(aggregate.function)  # an unknown one is refused even when there are no rows
        if not aggregate.of and aggregate.function != "count":
            raise UnknownColumnError(f"{aggregate.function} needs an expression to work on")
    return group_by_sql(reader, plan, query) or group_here(reader, plan, query)


def group_by_sql(reader: Reader, plan: Plan, query: Query) -> Groups | None:
    """The groups when every aggregate can be left to SQL; it does not hold up this process's other threads.

    SQL groups by what is stored; groups whose values are equal are joined here.
    """
    parts = [exact_aggregate(aggregate, plan.column(aggregate.of) if aggregate.of else None)
             for aggregate in query.aggregates]
    if None in parts:
        return None
    selected: list[str] = []
    keys = []
    for text in query.group:
        read_columns, value = plan.reader(text)
        keys.append((slice(len(selected), len(selected) + len(read_columns)), value))
        selected += [sql for sql, _ in read_columns]
    grouping = ", ".join(f"typeof({sql}), {sql} COLLATE BINARY" for sql in dict.fromkeys(selected))
    if query.group and not grouping:
        return None
    places = []
    for part in parts:
        places.append(slice(len(selected), len(selected) + len(part.sql)))
        selected += part.sql
    where, parameters = plan.condition(query)
    tail = f" GROUP BY {grouping}" if grouping else ""
    groups: dict[Any, tuple[tuple[Any, ...], list[Accumulator]]] = {}
    for row in reader.connection.execute(f"SELECT {', '.join(selected)} {plan.source_sql}{where}{tail}", parameters):
        key = tuple(value(row[place]) for place, value in keys)
        if key not in groups:
            groups[key] = key, [accumulator(aggregate.function) for aggregate in query.aggregates]
        for part, place, running in zip(parts, places, groups[key][1], strict=True):
            if not part.is_exact(row[place]):
                return None
            part.feed(running, row[place])
    return ordered_groups(query, [(*key, *(one.result() for one in running)) for key, running in groups.values()])


def group_here(reader: Reader, plan: Plan, query: Query) -> Groups:
    """The groups whatever is asked for, row by row."""
    columns: list[str] = []
    parts = []
    for text in (*query.group, *(aggregate.of for aggregate in query.aggregates)):
        read_columns, value = plan.reader(text) if text else ([], lambda stored: 1)
        place = slice(len(columns), len(columns) + len(read_columns))
        columns += [sql for sql, _ in read_columns]
        parts.append((place, _remembering(value)))
    where, parameters = plan.condition(query)
    functions = [aggregate.function for aggregate in query.aggregates]
    width = len(query.group)
    groups: dict[Any, tuple[tuple[Any, ...], list[Accumulator]]] = {}
    if not width:
        groups[()] = (), [accumulator(function) for function in functions]
    for row in reader.connection.execute(f"SELECT {', '.join(columns) or '1'} {plan.source_sql}{where}", parameters):
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
