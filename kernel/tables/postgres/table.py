"""One table or view of a PostgreSQL database."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg

from kernel.disposer import Disposer
from kernel.tables.block import Block
from kernel.tables.change import Change, Committed, Key, Part
from kernel.tables.contract import Estimate, Listener, Report
from kernel.tables.grouping import Groups, is_grouped
from kernel.tables.postgres.block import BlockReader, Selection, read_rows, stream, tests_of
from kernel.tables.postgres.connection import Connection
from kernel.tables.postgres.group import read_groups
from kernel.tables.postgres.held import Held, hold, read_held
from kernel.tables.postgres.plan import Plan
from kernel.tables.query import Query
from kernel.tables.schema import Schema

if TYPE_CHECKING:
    from kernel.tables.postgres.source import PostgresSource

#: Rows from the start that are read without knowing the whole order.
_NEAR = 2_000
#: Rows of a table that are counted rather than estimated.
_COUNTED = 20_000
#: Times that a page of an order is read again because a row of it is gone.
_TRIES = 3
Answer = TypeVar("Answer")


class PostgresTable:
    """Made by :meth:`PostgresSource.table`."""

    def __init__(self, source: PostgresSource, name: str) -> None:
        self._source = source
        self.name = name

    @property
    def schema(self) -> Schema:
        """See :class:`kernel.tables.contract.Table`; read again when the database's schema has changed."""
        return self._source.read(lambda connection: self._source.shapes(connection, True).need(self.name).schema)

    def count(self, query: Query) -> int:
        """See :class:`kernel.tables.contract.Table`."""
        return self._run(query, self._count)

    def estimate(self, query: Query) -> Estimate:
        """See :class:`kernel.tables.contract.Table`; PostgreSQL's own guess where a count would take long."""
        return self._run(query, self._estimate)

    def prepare(self, query: Query, report: Report) -> int:
        """See :class:`kernel.tables.contract.Table`."""

        def work(connection: Connection, plan: Plan) -> int:
            if is_grouped(query):
                return len(self._groups(connection, plan).rows)
            if not plan.shape.schema.key:
                return len(self._whole(connection, plan)) if self._is_made_here(plan) else self._count(connection, plan)
            return len(self._held(connection, plan, report))

        return self._run(query, work)

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """See :class:`kernel.tables.contract.Table`.

        A blob above 1 MiB comes as :class:`kernel.tables.block.LargeBlob` unless the query names both
        ``keys`` and, in ``columns``, the blob's column.
        """
        start = max(start, 0)
        stop = max(stop, start)
        return self._run(query, lambda connection, plan: self._fetch(connection, plan, start, stop))

    def locate(self, query: Query, key: Key) -> int | None:
        """See :class:`kernel.tables.contract.Table`."""
        key = tuple(key)

        def work(connection: Connection, plan: Plan) -> int | None:
            if is_grouped(query):
                return self._groups(connection, plan).locate(key)
            if not plan.shape.schema.key or None in plan.key_parameters(key):
                return None
            if query.sort or query.filter.strip() or query.keys is not None:
                return self._held(connection, plan).index(key)
            before, bound = plan.before(key)
            there = " AND ".join(f"{column.sql} = %s::{column.codec.cast}" for column in plan.key_columns())
            row = connection.execute(
                f"SELECT count(*) FILTER (WHERE {before}), count(*) FILTER (WHERE {there}) {plan.source_sql}"
                f" WHERE {before} OR ({there})", [*bound * 4]).fetchone()
            return row[0] if row and row[1] else None

        return self._run(query, work)

    def commit(self, changes: Sequence[Change]) -> Committed:
        """See :class:`kernel.tables.contract.Table`."""
        return self._source.commit([Part(self.name, tuple(changes))])[0]

    def subscribe(self, listener: Listener) -> Disposer:
        """See :class:`kernel.tables.contract.Table`; other programs' writes are heard through ``poll``."""
        self._source.check_open()
        dispose = self._source.listeners.add(self.name, listener)
        self._source.feed.heed()

        def leave() -> None:
            dispose()
            self._source.feed.heed()

        return leave

    def _run(self, query: Query, work: Callable[[Connection, Plan], Answer]) -> Answer:
        """The answer; with everything done here when PostgreSQL stumbles over a value on the way, and once more when
        the table was altered meanwhile."""

        def run(connection: Connection) -> Answer:
            try:
                return work(connection, self._plan(connection, query))
            except psycopg.DataError:
                return work(connection, self._plan(connection, query, is_pushed=False))
            except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedObject,
                    psycopg.errors.FeatureNotSupported):
                self._source.forget()
                return work(connection, self._plan(connection, query))

        return self._source.read(run)

    def _plan(self, connection: Connection, query: Query, is_pushed: bool = True) -> Plan:
        shapes = self._source.shapes(connection)
        if shapes.find(self.name) is None:  # it may have come back
            shapes = self._source.shapes(connection, True)
        return Plan(shapes, shapes.need(self.name), query, self._source.letters(connection), is_pushed)

    def _fetch(self, connection: Connection, plan: Plan, start: int, stop: int) -> Block:
        if is_grouped(plan.query):
            return self._groups(connection, plan).block(start, stop)
        if not plan.shape.schema.key:
            if self._is_made_here(plan):
                return _part(self._whole(connection, plan), start, stop)
            block = read_rows(connection, plan, start, stop)
            return block if block is not None else _part(self._whole(connection, plan), start, stop)
        for _ in range(_TRIES):
            held = self._remembered(connection, plan)
            if held is None and start < _NEAR and not plan.order()[1]:
                break
            held = held or self._held(connection, plan)
            block = read_held(connection, plan, held, start, stop)
            if block is not None:
                return block
            self._source.memory.clear()
        block = read_rows(connection, plan, start, stop)
        return block if block is not None else read_rows_of(connection, plan, start, stop)

    def _count(self, connection: Connection, plan: Plan) -> int:
        if is_grouped(plan.query):
            return len(self._groups(connection, plan).rows)
        _check_columns(plan)
        where, bound, rest = plan.condition()
        if not rest:
            row = connection.execute(f"SELECT count(*) {plan.source_sql}{where}", bound).fetchone()
            return row[0] if row else 0
        if plan.shape.schema.key:
            return len(self._held(connection, plan))
        selection = Selection(plan)
        test = tests_of(selection, rest)
        return sum(1 for row in stream(connection, selection.statement(where), bound) if test(row))

    def _estimate(self, connection: Connection, plan: Plan) -> Estimate:
        if is_grouped(plan.query):
            return Estimate(len(self._groups(connection, plan).rows))
        held = self._remembered(connection, plan) if plan.shape.schema.key else None
        if held is not None:
            return Estimate(len(held))
        where, bound, rest = plan.condition()
        size = int(self._guess(connection, f"SELECT 1 FROM {plan.shape.relation.sql}", [])["Plan Rows"])
        if size < _COUNTED:
            return Estimate(self._count(connection, plan))
        if not where and not rest:
            return Estimate(size, False)
        guessed = self._guess(connection, f"SELECT 1 {plan.source_sql}{where}", bound)["Plan Rows"]
        return Estimate(int(guessed), False)

    def _guess(self, connection: Connection, sql: str, parameters: Sequence[Any]) -> dict[str, Any]:
        """What PostgreSQL expects of a statement: ``Plan Rows``, ``Total Cost`` and more."""
        # EXPLAIN takes no parameters of the server's: psycopg puts their texts in.
        with psycopg.ClientCursor(connection) as cursor:
            row = cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", list(parameters)).fetchone()
        told = row[0] if row else []
        return (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]

    def _name(self, plan: Plan) -> Any:
        query = plan.query
        return repr((self.name, query.filter, query.parameters, query.sort, query.keys, query.computed))

    def _remembered(self, connection: Connection, plan: Plan) -> Held | None:
        if not self._may_remember(plan.query):
            return None
        return self._source.memory.find(connection, self._name(plan))

    def _held(self, connection: Connection, plan: Plan, report: Report = lambda part: None) -> Held:
        held = self._remembered(connection, plan)
        if held is None:
            _check_columns(plan)
            plan.condition()
            plan.order()  # the tables that it joins are known now
            begun = self._source.memory.begin(connection, plan.tables)
            count = int(self._guess(connection, f"SELECT 1 FROM {plan.shape.relation.sql}", [])["Plan Rows"])
            held = hold(connection, plan, count, lambda work, sql, bound: self._source.pace.tell(
                work, self._guess(connection, sql, bound)["Total Cost"], report), report)
            if self._may_remember(plan.query):
                self._source.memory.keep(self._name(plan), held, plan.tables, begun)
        return held

    def _groups(self, connection: Connection, plan: Plan) -> Groups:
        name = f"group {self.name} {plan.query!r}"
        found = self._source.memory.find(connection, name) if self._may_remember(plan.query) else None
        if found is None:
            begun = self._source.memory.begin(connection, plan.tables)
            found = read_groups(connection, plan)
            if plan.tables == {plan.shape.relation.oid} and self._may_remember(plan.query):
                self._source.memory.keep(name, found, plan.tables, begun)
        return found

    def _may_remember(self, query: Query) -> bool:
        """Not what changes with the clock, nor what nobody else can see yet."""
        texts = [query.filter, *query.group, *query.computed.values()]
        is_steady = not any("today(" in text or "now(" in text for text in texts)
        return is_steady and not self._source.connections.is_inside

    def _is_made_here(self, plan: Plan) -> bool:
        return bool(plan.condition()[2] or plan.order()[1])

    def _whole(self, connection: Connection, plan: Plan) -> Block:
        """All rows of a table or view without a key, filtered and sorted here."""
        return read_rows_of(connection, plan, 0, None)


def read_rows_of(connection: Connection, plan: Plan, start: int, stop: int | None) -> Block:
    """Rows of an order that is made here, with nothing held."""
    from kernel.tables.order import sort_rows

    reader = BlockReader(plan)
    where, bound, rest = plan.condition()
    _, own = plan.order()
    test = tests_of(reader.selection, rest)
    keys = [(reader.selection.add_reader(one), is_descending) for one, is_descending in own]
    terms = plan.ties() if own else plan.order()[0]
    order = f" ORDER BY {', '.join(term.sql for term in terms)}" if terms else ""
    parameters = [*reader.selection.parameters, *bound, *(one for term in terms for one in term.parameters)]
    sql = reader.selection.statement(where + order)
    rows = [row for row in stream(connection, sql, parameters) if test(row)]
    sort_rows(rows, keys)
    return reader.block(rows[start:stop], start)


def _part(block: Block, start: int, stop: int) -> Block:
    columns = {name: values[start:stop] for name, values in block.columns.items()}
    return Block(start, columns, block.keys[start:stop], block.versions[start:stop])


def _check_columns(plan: Plan) -> None:
    """Refuse columns that lead nowhere, also where they are not read."""
    for path in plan.query.columns or ():
        plan.column_reader(path)
