"""Groups and aggregates: by SQL where its answer is exact, else in one pass over the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from kernel.tables.aggregate import accumulator
from kernel.tables.error import UnknownColumnError
from kernel.tables.grouping import Groups, ordered_groups
from kernel.tables.postgres.block import Selection, stream, tests_of
from kernel.tables.postgres.connection import Connection
from kernel.tables.postgres.plan import Plan
from kernel.tables.postgres.value import NUMBERS, Value
from kernel.tables.query import Aggregate

#: What takes the answer of SQL into an accumulator.
Feed = Callable[[Any, Sequence[Any]], None]


def read_groups(connection: Connection, plan: Plan) -> Groups:
    """All groups of a query in order.

    Raises:
        UnknownColumnError: an aggregate other than ``count`` has nothing to work on, or names nothing known.
    """
    for aggregate in plan.query.aggregates:
        accumulator(aggregate.function)  # an unknown one is refused even when there are no rows
        if not aggregate.of and aggregate.function != "count":
            raise UnknownColumnError(f"{aggregate.function} needs an expression to work on")
    return _by_sql(connection, plan) or _here(connection, plan)


def _by_sql(connection: Connection, plan: Plan) -> Groups | None:
    query = plan.query
    selection = Selection(plan)
    keys = [plan.value(text) for text in query.group]
    if any(key is None or key.kind == "label" for key in keys):
        return None
    # Of the SQL of a key each place is a column of its own, so that its parameters are bound once.
    places = [selection.add(_grouped(key), key.parameters) for key in keys if key is not None]
    feeds: list[tuple[Feed, list[int]]] = []
    for aggregate in query.aggregates:
        made = _aggregate(plan, aggregate, selection)
        if made is None:
            return None
        feeds.append(made)
    where, bound, rest = plan.condition()
    if rest:
        return None
    tail = f"{where} GROUP BY {', '.join(str(place + 1) for place in places)}" if places else where
    rows = []
    for row in stream(connection, selection.statement(tail), [*selection.parameters, *bound]):
        results = []
        for aggregate, (feed, columns) in zip(query.aggregates, feeds, strict=True):
            running = accumulator(aggregate.function)
            feed(running, [row[place] for place in columns])
            results.append(running.result())
        values = [_plain(key, row[place]) for key, place in zip(keys, places, strict=True)]
        rows.append((*values, *results))
    return ordered_groups(query, rows)


def _grouped(key: Value | None) -> str:
    sql = "" if key is None else key.sql
    return f'{sql} COLLATE "C"' if key is not None and key.kind == "text" else sql


def _plain(value: Value | None, read: Any) -> Any:
    """A value that was read in its kind's own type."""
    if isinstance(read, Decimal) and value is not None and value.kind == "integer":
        return int(read)
    return read.replace(tzinfo=None) if value is not None and value.kind == "datetime" and hasattr(read, "tzinfo") \
        else read


def _aggregate(plan: Plan, aggregate: Aggregate, selection: Selection) -> tuple[Feed, list[int]] | None:
    """What takes an aggregate's values into its accumulator, and where they are; None when SQL cannot tell."""
    if not aggregate.of:
        return (lambda running, read: running.add_count(read[0])), [selection.add("count(*)")]
    value = plan.value(aggregate.of)
    if value is None or value.kind == "label":
        return None
    if aggregate.function == "count":
        return _take_count, [selection.add(f"count({value.sql})", value.parameters)]
    if aggregate.function in ("minimum", "maximum"):
        if value.kind in ("text", "bytes", "boolean"):
            return None
        name = "min" if aggregate.function == "minimum" else "max"
        place = selection.add(f"{name}({value.sql})", value.parameters)
        return (lambda running, read: running.step(_plain(value, read[0]))), [place]
    if value.kind == "real" and not value.parameters:
        # Floats are summed here, so that no digit is lost.
        place = selection.add(f"array_agg({value.sql}) FILTER (WHERE {value.sql} <> 'NaN')")
        return (lambda running, read: running.add_floats(read[0] or [])), [place]
    if value.kind not in NUMBERS:
        return None
    sql = f"({value.sql})::int" if value.kind == "boolean" else f"nullif(({value.sql})::numeric, 'NaN')"
    places = [selection.add(f"{name}({sql})", value.parameters) for name in ("sum", "count")]

    def take(running: Any, read: Sequence[Any]) -> None:
        if read[1]:
            total = int(read[0]) if value.kind != "decimal" else read[0]
            running.add_total(total, read[1])

    return take, places


def _take_count(running: Any, read: Sequence[Any]) -> None:
    running.add_count(read[0])


def _here(connection: Connection, plan: Plan) -> Groups:
    """The groups whatever is asked for, row by row."""
    query = plan.query
    selection = Selection(plan)
    texts = (*query.group, *(aggregate.of for aggregate in query.aggregates))
    parts = [selection.add_reader(plan.reader(text)) if text else (lambda row: 1) for text in texts]
    where, bound, rest = plan.condition()
    test = tests_of(selection, rest)
    functions = [aggregate.function for aggregate in query.aggregates]
    width = len(query.group)
    groups: dict[Any, tuple[tuple[Any, ...], list[Any]]] = {}
    if not width:
        groups[()] = (), [accumulator(function) for function in functions]
    tail = where + (f" ORDER BY {', '.join(term.sql for term in plan.ties())}" if plan.shape.schema.key else "")
    for row in stream(connection, selection.statement(tail), [*selection.parameters, *bound]):
        if not test(row):
            continue
        values = [part(row) for part in parts]
        key = tuple(values[:width])
        if key not in groups:
            groups[key] = key, [accumulator(function) for function in functions]
        for running, value in zip(groups[key][1], values[width:], strict=True):
            running.step(value)
    return ordered_groups(query, [(*key, *(one.result() for one in running)) for key, running in groups.values()])
