"""Groups and aggregates of a SQLite table: by SQL where its answer is exact, else in one pass over the rows."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from kernel.tables import mirroring
from kernel.tables.aggregate import Accumulator, accumulator
from kernel.tables.contract import Report
from kernel.tables.error import UnknownColumnError
from kernel.tables.grouping import Groups, ordered_groups
from kernel.tables.query import Query
from kernel.tables.sqlite.connection import Connections, Reader
from kernel.tables.sqlite.exact import exact_aggregate
from kernel.tables.sqlite.landmark import find_landmarks
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.plan import Plan
from kernel.tables.sqlite.spread import Span, spread

log = logging.getLogger("espalier.tables")
#: Reader → the query's plan on it.
PlanOf = Callable[[Reader], Plan]
#: A group's values, and its aggregates so far.
Running = tuple[tuple[Any, ...], list[Accumulator]]
#: Rows of a table from which on it is grouped part by part, rows of a part, and how many of them may be groups.
MANY_ROWS, PART, MOST_GROUPS = 100_000, 8192, 0.1
#: Values of one expression remembered while rows are grouped.
_MOST_REMEMBERED = 50_000


def read_groups(reader: Reader, plan_of: PlanOf, query: Query, connections: Connections,
                report: Report = lambda part: None) -> Groups:
    """All groups of a query in order.

    Args:
        reader: This thread's.
        plan_of: Makes the query's plan on a reader.
        query: Its groups and aggregates.
        connections: For a second thread.
        report: Told the part that is done.

    Raises:
        UnknownColumnError: an aggregate other than ``count`` has nothing to work on, or names nothing known.
    """
    for aggregate in query.aggregates:
        accumulator(aggregate.function)  # an unknown one is refused even when there are no rows
        if not aggregate.of and aggregate.function != "count":
            raise UnknownColumnError(f"{aggregate.function} needs an expression to work on")
    plan = plan_of(reader)
    return (group_by_mirror(reader, plan_of, query, connections, report)
            or group_by_parts(reader, plan_of, query, connections, report) or group_by_sql(reader, plan, query)
            or group_here(reader, plan, query))


class _Statement:
    """The groups of a query, or of a part of its rows, in SQL; ``sql`` is empty when that is not exact.

    SQL groups by what is stored; groups whose values are equal are joined by :meth:`add`.
    """

    def __init__(self, plan: Plan, query: Query, part: str = "") -> None:
        self.sql, self.parameters = "", []
        self._query = query
        self._parts = [exact_aggregate(aggregate, plan.column(aggregate.of) if aggregate.of else None, bool(part))
                       for aggregate in query.aggregates]
        if None in self._parts:
            return
        selected: list[str] = []
        self._keys = []
        for text in query.group:
            read_columns, value = plan.reader(text)
            self._keys.append((slice(len(selected), len(selected) + len(read_columns)), value))
            selected += [sql for sql, _ in read_columns]
        names = [column.name for column in plan.shape.schema.columns if column.name not in plan.shape.blobs]
        own = {f"t0.{quote(name)}" for name in names}  # values of theirs that are equal have one type
        grouping = ", ".join(f"{sql} COLLATE BINARY" if sql in own else f"typeof({sql}), {sql} COLLATE BINARY"
                             for sql in dict.fromkeys(selected))
        if query.group and not grouping:
            return
        self._places = []
        for one in self._parts:
            self._places.append(slice(len(selected), len(selected) + len(one.sql)))
            selected += one.sql
        where, self.parameters = plan.condition(query)
        if part:
            where = f"{where} AND {part}" if where else f" WHERE {part}"
        tail = f" GROUP BY {grouping}" if grouping else ""
        self.sql = f"SELECT {', '.join(selected) or '1'} {plan.source_sql}{where}{tail}"

    def add(self, groups: dict[Any, Running], rows: Iterable[tuple[Any, ...]]) -> bool:
        """Join what was read to the groups; False when it was not exact."""
        for row in rows:
            key = tuple(value(row[place]) for place, value in self._keys)
            if key not in groups:
                groups[key] = key, [accumulator(aggregate.function) for aggregate in self._query.aggregates]
            for one, place, running in zip(self._parts, self._places, groups[key][1], strict=True):
                if not one.is_exact(row[place]):
                    return False
                one.feed(running, row[place])
        return True


def group_by_mirror(reader: Reader, plan_of: PlanOf, query: Query, connections: Connections,
                    report: Report) -> Groups | None:
    """The groups when the columns are mirrored."""
    if mirroring.folder is None:
        return None
    from kernel.tables.sqlite.mirror.group import mirrored_groups  # numpy is only loaded for large tables

    try:
        found = mirrored_groups(connections, reader, plan_of, query, report)
    except OSError as error:
        log.warning("a mirror cannot be read, so the table itself is: %s", error)
        return None
    return None if found is None else _ordered(query, found)


def group_by_sql(reader: Reader, plan: Plan, query: Query) -> Groups | None:
    """The groups when every aggregate can be left to SQL; it does not hold up this process's other threads."""
    statement = _Statement(plan, query)
    groups: dict[Any, Running] = {}
    if not statement.sql or not statement.add(groups, reader.connection.execute(statement.sql, statement.parameters)):
        return None
    return _ordered(query, groups.values())


def group_by_parts(reader: Reader, plan_of: PlanOf, query: Query, connections: Connections,
                   report: Report) -> Groups | None:
    """The same for a large table with few groups: sorting a few thousand rows at a time is several times as fast."""
    plan = plan_of(reader)
    landmarks = find_landmarks(reader, plan) if plan.shape.rowid and query.keys is None else None
    if landmarks is None or landmarks.count < MANY_ROWS:
        return None
    part = f"t0.{plan.shape.rowid} BETWEEN ? AND ?"
    if not _Statement(plan, query, part).sql or _is_search(reader, plan_of(reader), query):
        return None
    from kernel.tables.sqlite.coded_group import coded_groups  # numpy is only loaded for large tables

    coded = coded_groups(connections, reader, plan_of, query, landmarks, report)
    if coded is not None:
        return _ordered(query, coded)
    groups: dict[Any, Running] = {}
    statements: dict[int, _Statement] = {}
    lock = threading.Lock()

    def add(reader: Reader, span: Span) -> None:
        if id(reader) not in statements:
            statements[id(reader)] = _Statement(plan_of(reader), query, part)
        statement = statements[id(reader)]
        try:
            rows = reader.connection.execute(statement.sql, [*statement.parameters, *span]).fetchall()
        except sqlite3.OperationalError as error:
            if "overflow" in str(error):
                raise _NotThisWayError from error
            raise
        if len(rows) > PART * MOST_GROUPS:
            raise _NotThisWayError
        with lock:
            if not statement.add(groups, rows):
                raise _NotThisWayError

    try:
        spread(connections, reader, landmarks.spans(PART), add, report)
    except _NotThisWayError:
        return None
    return _ordered(query, groups.values())


class _NotThisWayError(Exception):
    """There are too many groups, or numbers that SQL does not add up exactly."""


def _is_search(reader: Reader, plan: Plan, query: Query) -> bool:
    """Whether an index finds the rows of the filter."""
    where, parameters = plan.condition(query)
    steps = reader.connection.execute(f"EXPLAIN QUERY PLAN SELECT 1 {plan.source_sql}{where}", parameters)
    return any(step[3].startswith("SEARCH t0") for step in steps)


def _ordered(query: Query, groups: Iterable[Running]) -> Groups:
    return ordered_groups(query, [(*key, *(one.result() for one in running)) for key, running in groups])


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
    groups: dict[Any, Running] = {}
    if not width:
        groups[()] = (), [accumulator(function) for function in functions]
    for row in reader.connection.execute(f"SELECT {', '.join(columns) or '1'} {plan.source_sql}{where}", parameters):
        values = [value(row[place]) for place, value in parts]
        key = tuple(values[:width])
        if key not in groups:
            groups[key] = key, [accumulator(function) for function in functions]
        for running, value in zip(groups[key][1], values[width:], strict=True):
            running.step(value)
    return _ordered(query, groups.values())


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
