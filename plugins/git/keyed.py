"""Tables whose rows belong to one value of a column: the files of a commit, the lines of a file.

There are as many as there are commits, so none is made before somebody asks for it with ``column == value``; its rows
get a place behind those that were asked for before. A place is never given twice: what was asked for before the
repository changed finds no row there, instead of another value's.
"""

from __future__ import annotations

import ast
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from plugins.api import Query, Schema, TableError, TableProvider, parse_expression, say

#: How many values' rows are kept; those of others are made again when they are asked for.
_KEPT = 64


class _Run(NamedTuple):
    start: int
    length: int
    value: Any


class KeyedRows(TableProvider):
    """Derive, set ``schema`` and ``column``, give :meth:`rows_of`."""

    #: The column by whose value rows are asked for.
    column: str

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._runs: dict[Any, _Run] = {}
        self._order: list[_Run] = []
        self._kept: OrderedDict[Any, Sequence[Sequence[Any]]] = OrderedDict()
        self._seen: Any = None
        self._end = 0

    def rows_of(self, value: Any) -> Sequence[Sequence[Any]]:
        """The rows of one value, in the schema's order of columns; none for a value that there is not."""
        raise NotImplementedError

    def stamp(self) -> Any:
        """Another value once rows that were asked for may be others."""
        return 0

    def version(self) -> Any:
        """See :class:`TableProvider`."""
        return self.stamp()

    def count(self) -> int:
        """Behind the last row that was asked for by now."""
        with self._lock:
            self._renew()
            return self._end

    def positions(self, query: Query) -> Sequence[int]:
        """Where the rows of ``column == value`` stand; none for a filter that names no value.

        Raises:
            TableError: filter or sort read another table.
        """
        value = wanted_value(query, self.column)
        if value is None:
            return range(0)
        with self._lock:
            run = self._run(value)
            rows = self._rows(value)
        if not query.sort and _is_alone(query.filter):
            return range(run.start, run.start + run.length)
        return [run.start + place for place in _sorted(self.schema, rows, query, self._kept_places(rows, query))]

    def _kept_places(self, rows: Sequence[Sequence[Any]], query: Query) -> list[int]:
        """The rows for which all of the filter is true."""
        wanted = parse_expression(query.filter)
        places = {column.name: place for place, column in enumerate(self.schema.columns)}
        return [at for at, row in enumerate(rows) if wanted.evaluate(_reader(row, places, query.parameters))]

    def rows(self, start: int, stop: int) -> Sequence[Sequence[Any]]:
        """See :class:`TableProvider`."""
        found: list[Sequence[Any]] = []
        with self._lock:
            self._renew()
            for run in self._order:
                if run.start < stop and start < run.start + run.length:
                    rows = self._rows(run.value)
                    found += rows[max(start - run.start, 0) : stop - run.start]
        return found

    def forget(self) -> None:
        """Make all rows again when they are asked for: before an edit, which is of the files as they are now."""
        with self._lock:
            self._runs.clear()
            self._order.clear()
            self._kept.clear()

    def place_of(self, value: Any, is_it: Callable[[Sequence[Any]], bool]) -> int | None:
        """Where the row of a value stands for which ``is_it`` is true."""
        with self._lock:
            run = self._run(value)
            return next((run.start + place for place, row in enumerate(self._rows(value)) if is_it(row)), None)

    def _run(self, value: Any) -> _Run:
        self._renew()
        run = self._runs.get(value)
        if run is None:
            run = _Run(self._end, len(self._rows(value)), value)
            self._end += run.length
            self._runs[value] = run
            self._order.append(run)
        return run

    def _rows(self, value: Any) -> Sequence[Sequence[Any]]:
        if value not in self._kept:
            self._kept[value] = self.rows_of(value)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(value)
        return self._kept[value]

    def _renew(self) -> None:
        """Forget all once rows may be others."""
        stamp = self.stamp()
        if stamp != self._seen:
            self.forget()
            self._seen = stamp


def wanted_value(query: Query, column: str) -> Any:
    """The value that the query's filter wants in a column, by ``column == value`` alone or joined with ``and``."""
    if not query.filter:
        return None
    return next((value for name, value in _equalities(_parsed(query.filter), query.parameters) if name == column), None)


def _reader(
    row: Sequence[Any], places: Mapping[str, int], parameters: Mapping[str, Any]
) -> Callable[[str], Any]:
    def read(name: str) -> Any:
        if name in places:
            return row[places[name]]
        if name in parameters:
            return parameters[name]
        hint = say("filter and sort by this table's columns")
        raise TableError(say("{name} is of another table", name=name), hint=hint)

    return read


def _sorted(schema: Schema, rows: Sequence[Sequence[Any]], query: Query, places: list[int]) -> list[int]:
    """Places of rows in the order of the query; null comes first, or last when descending."""
    read = {column.name: place for place, column in enumerate(schema.columns)}
    for sort in reversed(query.sort):
        _reader((), {}, read)(sort.column)
        column = read[sort.column]
        known = [at for at in places if rows[at][column] is not None]
        empty = [at for at in places if rows[at][column] is None]
        known = sorted(known, key=lambda at: rows[at][column], reverse=sort.is_descending)  # noqa: B023 - used at once
        places = known + empty if sort.is_descending else empty + known
    return places


def _parsed(text: str) -> ast.expr:
    return parse_expression(text).tree


def _is_alone(text: str) -> bool:
    return isinstance(_parsed(text), ast.Compare)


def _equalities(node: ast.expr, parameters: Mapping[str, Any]) -> list[tuple[str, Any]]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        return [pair for part in node.values for pair in _equalities(part, parameters)]
    if not (isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq)):
        return []
    sides = node.left, node.comparators[0]
    return [
        (name.id, _value(other, parameters))
        for name, other in (sides, sides[::-1])
        if isinstance(name, ast.Name) and name.id not in parameters
    ]


def _value(node: ast.expr, parameters: Mapping[str, Any]) -> Any:
    """What an expression without columns stands for: a constant, a parameter, texts joined by ``+``; else None."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _value(node.left, parameters), _value(node.right, parameters)
        return left + right if isinstance(left, str) and isinstance(right, str) else None
    return parameters.get(ast.unparse(node))
