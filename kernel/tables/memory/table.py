"""One table in memory: queries answered by plain Python."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kernel.disposer import Disposer
from kernel.expression import Expression
from kernel.tables.aggregate import accumulator
from kernel.tables.block import Block
from kernel.tables.change import Change, Committed, Key, Part
from kernel.tables.check import fit
from kernel.tables.computed import Computed
from kernel.tables.contract import Estimate, Listener, Report
from kernel.tables.error import ConstraintError, UnknownColumnError
from kernel.tables.grouping import Groups, is_grouped, ordered_groups
from kernel.tables.memory.number import Numbers
from kernel.tables.order import exact_key, sort_rows
from kernel.tables.path import find_path, label_text, need_path, unknown_column
from kernel.tables.query import Query
from kernel.tables.schema import Schema

if TYPE_CHECKING:
    from kernel.tables.memory.source import MemorySource

Row = dict[str, Any]
#: Row fields that are no columns; a column cannot be called so.
VERSION, ROWID = "\0version", "\0rowid"


class MemoryTable:
    """Made by :class:`MemorySource`; ``rows`` maps keys to rows and is replaced whole by a commit."""

    def __init__(self, source: MemorySource, schema: Schema, rows: Iterable[Mapping[str, Any]]) -> None:
        self.source = source
        self._schema = schema
        self._clock = itertools.count(1)
        self.rows: dict[Key, Row] = {}
        numbers = Numbers(self.rows)
        for given in rows:
            row = self.new_row(given, numbers)
            key = self.key_of(row)
            if key in self.rows:
                raise ConstraintError(f"{schema.name} has two rows with the key {key}")
            self.rows[key] = row
            numbers.add(key)

    @property
    def schema(self) -> Schema:
        """See :class:`kernel.tables.contract.Table`."""
        return self._schema

    def new_row(self, values: Mapping[str, Any], numbers: Numbers) -> Row:
        """A row of those values; a whole-number key that is missing gets the next of the numbers."""
        for name in values:
            if self._schema.column(name) is None:
                raise unknown_column(self._schema, name)
        row = {column.name: fit(column, values.get(column.name)) for column in self._schema.columns}
        row[VERSION] = str(next(self._clock))
        key = self._schema.key
        if len(key) == 1:
            column = self._schema.column(key[0])
            if column is None:
                row[ROWID] = numbers.next()
            elif column.type == "integer" and row[key[0]] is None:
                row[key[0]] = numbers.next()
        return row

    def next_version(self) -> str:
        """A version that no row had before."""
        return str(next(self._clock))

    def key_of(self, row: Row) -> Key:
        """The row's key."""
        return tuple(row[name] if name in row else row.get(ROWID) for name in self._schema.key)

    def count(self, query: Query) -> int:
        """See :class:`kernel.tables.contract.Table`."""
        with self.source.lock:
            self.source.check_open()
            return len(self._groups(query).rows if is_grouped(query) else self._filtered(query))

    def estimate(self, query: Query) -> Estimate:
        """See :class:`kernel.tables.contract.Table`."""
        return Estimate(self.count(query))

    def prepare(self, query: Query, report: Report) -> int:
        """See :class:`kernel.tables.contract.Table`."""
        return self.count(query)

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """See :class:`kernel.tables.contract.Table`."""
        with self.source.lock:
            self.source.check_open()
            if is_grouped(query):
                return self._groups(query).block(start, stop)
            names = query.columns
            names = tuple(column.name for column in self._schema.columns) if names is None else names
            readers = {name: self._column_reader(name, query) for name in names}
            start = max(start, 0)
            return self.block(self._ordered(query)[start : max(stop, start)], readers, start)

    def block(self, rows: Sequence[Row], readers: Mapping[str, Callable[[Row], Any]], start: int = 0) -> Block:
        """A block of rows, each column by its reader."""
        columns = {name: [read(row) for row in rows] for name, read in readers.items()}
        versions = [row[VERSION] if self._schema.is_editable else "" for row in rows]
        return Block(start, columns, [self.key_of(row) for row in rows], versions)

    def locate(self, query: Query, key: Key) -> int | None:
        """See :class:`kernel.tables.contract.Table`."""
        key = tuple(key)
        with self.source.lock:
            self.source.check_open()
            if is_grouped(query):
                return self._groups(query).locate(key)
            return next((i for i, row in enumerate(self._ordered(query)) if self.key_of(row) == key), None)

    def commit(self, changes: Sequence[Change]) -> Committed:
        """See :class:`kernel.tables.contract.Table`."""
        return self.source.commit([Part(self._schema.name, tuple(changes))])[0]

    def subscribe(self, listener: Listener) -> Disposer:
        """See :class:`kernel.tables.contract.Table`."""
        self.source.check_open()
        return self.source.listeners.add(self._schema.name, listener)

    def reader(self, path: str) -> Callable[[Row], Any]:
        """Row → the value that a path leads to.

        Raises:
            UnknownColumnError: it leads nowhere.
        """
        readers, is_label = self._readers(path)
        if is_label:
            return lambda row: label_text([read(row) for read in readers])
        return readers[0]

    def _readers(self, path: str) -> tuple[list[Callable[[Row], Any]], bool]:
        found = need_path(self._schema, path, self.source.schema_of)
        tables = [self.source.find(step.table) for step in found.steps]

        def column_reader(name: str) -> Callable[[Row], Any]:
            def read(row: Row | None) -> Any:
                for step, table in zip(found.steps, tables, strict=True):
                    row = table.referenced(row, step.via, step.columns) if row is not None and table else None
                return None if row is None else row[name]

            return read

        return [column_reader(column.name) for column in found.columns], found.is_label

    def referenced(self, row: Row, via: Sequence[str], columns: Sequence[str]) -> Row | None:
        """This table's row that another table's ``row`` refers to."""
        wanted = tuple(row[name] for name in via)
        if None in wanted:
            return None
        if tuple(columns) == self._schema.key:
            return self.rows.get(wanted)
        return next((row for row in self.rows.values() if tuple(row[name] for name in columns) == wanted), None)

    def evaluator(self, text: str, query: Query) -> Callable[[Row], Any]:
        """Row → the value of an expression over columns, paths, computed columns and parameters."""
        return self._expression_reader(self._computed(query).expression(text), query.parameters)

    def _computed(self, query: Query) -> Computed:
        return Computed(query.computed, lambda name: find_path(self._schema, name, self.source.schema_of) is not None)

    def _column_reader(self, name: str, query: Query) -> Callable[[Row], Any]:
        expression = self._computed(query).find(name)
        return self.reader(name) if expression is None else self._expression_reader(expression, query.parameters)

    def _sort_readers(self, name: str, query: Query) -> list[Callable[[Row], Any]]:
        """What reads a path or a computed column to sort by; the columns of a label go one after the other."""
        is_computed = self._computed(query).find(name) is not None
        return [self._column_reader(name, query)] if is_computed else self._readers(name)[0]

    def _expression_reader(self, expression: Expression, parameters: Mapping[str, Any]) -> Callable[[Row], Any]:
        readers: dict[str, Callable[[Row], Any]] = {}
        for name in expression.names:
            if find_path(self._schema, name, self.source.schema_of) is not None:
                readers[name] = self.reader(name)
            elif name in parameters:
                readers[name] = lambda row, value=parameters[name]: value
            else:
                raise unknown_column(self._schema, name)
        return lambda row: expression.evaluate(lambda name: readers[name](row))

    def _filtered(self, query: Query) -> list[Row]:
        rows: Iterable[Row] = self.rows.values()
        if query.keys is not None:
            rows = [self.rows[key] for key in dict.fromkeys(map(tuple, query.keys)) if key in self.rows]
        if query.filter.strip():
            test = self.evaluator(query.filter, query)
            rows = [row for row in rows if test(row)]
        return list(rows)

    def _ordered(self, query: Query) -> list[Row]:
        keys = []
        for sort in query.sort:
            keys += [(read, sort.is_descending) for read in self._sort_readers(sort.column, query)]
        rows = self._filtered(query)
        rows.sort(key=lambda row: exact_key(self.key_of(row)))
        sort_rows(rows, keys)
        return rows

    def _groups(self, query: Query) -> Groups:
        group_by = [self.evaluator(text, query) for text in query.group]
        values = []
        for aggregate in query.aggregates:
            is_plain = not aggregate.of
            if is_plain and aggregate.function != "count":
                raise UnknownColumnError(f"{aggregate.function} needs an expression to work on")
            values.append((lambda row: 1) if is_plain else self.evaluator(aggregate.of, query))
        groups: dict[tuple[Any, ...], tuple[tuple[Any, ...], list[Any]]] = {}
        if not query.group:
            groups[()] = (), [accumulator(aggregate.function) for aggregate in query.aggregates]
        for row in self._filtered(query):
            key = tuple(read(row) for read in group_by)
            if key not in groups:
                groups[key] = key, [accumulator(aggregate.function) for aggregate in query.aggregates]
            for value, running in zip(values, groups[key][1], strict=True):
                running.step(value(row))
        return ordered_groups(query, [(*key, *(one.result() for one in running)) for key, running in groups.values()])
