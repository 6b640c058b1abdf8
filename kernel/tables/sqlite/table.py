"""One table or view of a SQLite file.

The order of a sorted or filtered query is read once far from its start and remembered until the file changes; a page is
then a handful of rows by their number.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kernel.disposer import Disposer
from kernel.tables.block import Block
from kernel.tables.change import Change, Committed, Key, Part
from kernel.tables.contract import Estimate, Listener, Report
from kernel.tables.grouping import Groups, is_grouped
from kernel.tables.query import Query
from kernel.tables.schema import Schema
from kernel.tables.sqlite.block import read_block
from kernel.tables.sqlite.connection import Reader
from kernel.tables.sqlite.introspect import Shape
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.plan import Plan

if TYPE_CHECKING:
    from kernel.tables.sqlite.source import SqliteSource

#: Rows from the start that are read without knowing the whole order.
_NEAR = 2_000
#: Row numbers asked for in one statement.
_CHUNK = 500


class SqliteTable:
    """Made by :meth:`SqliteSource.table`."""

    def __init__(self, source: SqliteSource, name: str) -> None:
        self._source = source
        self.name = name

    @property
    def schema(self) -> Schema:
        """See :class:`kernel.tables.contract.Table`; read again when the file's schema has changed."""
        with self._source.connections.reader() as reader:
            return self._shape(reader).schema

    def count(self, query: Query) -> int:
        """See :class:`kernel.tables.contract.Table`."""
        with self._source.connections.reader() as reader:
            if is_grouped(query):
                return len(self._groups(reader, query).rows)
            plan = self._plan(reader, query)
            where, parameters = plan.condition(query)
            return reader.connection.execute(f"SELECT count(*) {plan.source_sql}{where}", parameters).fetchone()[0]

    def estimate(self, query: Query) -> Estimate:
        """See :class:`kernel.tables.contract.Table`."""
        return Estimate(self.count(query))

    def prepare(self, query: Query, report: Report) -> int:
        """See :class:`kernel.tables.contract.Table`."""
        return self.count(query)

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """See :class:`kernel.tables.contract.Table`.

        A blob above 1 MiB comes as :class:`kernel.tables.block.LargeBlob` unless the query names both
        ``keys`` and, in ``columns``, the blob's column.
        """
        start = max(start, 0)
        stop = max(stop, start)
        with self._source.connections.reader() as reader:
            if is_grouped(query):
                return self._groups(reader, query).block(start, stop)
            plan = self._plan(reader, query)
            if start >= _NEAR and plan.shape.rowid:
                if query.sort or query.filter or query.keys is not None:
                    rowids: Sequence[int] = self._rowids(reader, query, plan)[start:stop]
                else:
                    sql = f"SELECT t0.{plan.shape.rowid} {plan.source_sql}{plan.order(query)} LIMIT ? OFFSET ?"
                    rowids = [row[0] for row in reader.connection.execute(sql, (stop - start, start))]
                return self._by_rowid(reader, plan, query, rowids, start)
            where, parameters = plan.condition(query)
            order = plan.order(query)
            return read_block(reader.connection, plan, query, f"{where}{order} LIMIT {stop - start} OFFSET {start}",
                              parameters, start)

    def locate(self, query: Query, key: Key) -> int | None:
        """See :class:`kernel.tables.contract.Table`."""
        key = tuple(key)
        with self._source.connections.reader() as reader:
            if is_grouped(query):
                return self._groups(reader, query).locate(key)
            plan = self._plan(reader, query)
            if not plan.shape.schema.key:
                return None
            where, parameters = plan.condition(query)
            stored = plan.stored_key(key)
            own = " AND ".join(f"{sql} IS ?" for _, sql in plan.key_columns())
            number = f"t0.{plan.shape.rowid}" if plan.shape.rowid else "1"
            glue = f"{where} AND " if where else " WHERE "
            found = reader.connection.execute(f"SELECT {number} {plan.source_sql}{glue}{own} LIMIT 1",
                                              [*parameters, *stored]).fetchone()
            if found is None:
                return None
            if not query.sort and None not in stored:
                before, bound = plan.key_before(key)
                return reader.connection.execute(f"SELECT count(*) {plan.source_sql}{glue}{before}",
                                                 [*parameters, *bound]).fetchone()[0]
            if plan.shape.rowid:
                return self._rowids(reader, query, plan).index(found[0])
            order = plan.order(query)
            keys = ", ".join(sql for _, sql in plan.key_columns())
            rows = reader.connection.execute(f"SELECT {keys} {plan.source_sql}{where}{order}", parameters)
            return next((index for index, row in enumerate(rows) if list(row) == stored), None)

    def commit(self, changes: Sequence[Change]) -> Committed:
        """See :class:`kernel.tables.contract.Table`."""
        return self._source.commit([Part(self.name, tuple(changes))])[0]

    def subscribe(self, listener: Listener) -> Disposer:
        """See :class:`kernel.tables.contract.Table`; other programs' writes are heard through ``poll``."""
        self._source.check_open()
        return self._source.listeners.add(self.name, listener)

    def _shape(self, reader: Reader) -> Shape:
        return self._source.shapes(reader.connection).need(self.name)

    def _plan(self, reader: Reader, query: Query) -> Plan:
        shapes = self._source.shapes(reader.connection)
        return Plan(reader.connection, shapes.need(self.name), shapes.find, self._source.encoding, query.parameters,
                    reader.plain)

    def _rowids(self, reader: Reader, query: Query, plan: Plan) -> array[int]:
        """The numbers of all rows in the query's order."""
        name = repr((self.name, query.filter, query.parameters, query.sort, query.keys))
        if name not in reader.memory or "today(" in query.filter or "now(" in query.filter:
            where, parameters = plan.condition(query)
            order = plan.order(query)
            rows = reader.connection.execute(
                f"SELECT t0.{plan.shape.rowid} {plan.source_sql}{where}{order}", parameters)
            reader.remember(name, array("q", (row[0] for row in rows)))
        return reader.memory[name]

    def _by_rowid(self, reader: Reader, plan: Plan, query: Query, rowids: Sequence[int], start: int) -> Block:
        numbers: list[int] = []
        blocks = []
        for first in range(0, max(len(rowids), 1), _CHUNK):
            chunk = list(rowids[first : first + _CHUNK])
            where = f" WHERE t0.{plan.shape.rowid} IN ({', '.join('?' * len(chunk))})"
            found = reader.connection.execute(
                f"SELECT {plan.shape.rowid} FROM {quote(self.name)} AS t0{where} ORDER BY 1", chunk)
            numbers += [row[0] for row in found]
            blocks.append(read_block(reader.connection, plan, query, f"{where} ORDER BY t0.{plan.shape.rowid}",
                                     chunk, start))
        place = {number: index for index, number in enumerate(numbers)}
        chosen = [place[number] for number in rowids]
        columns = {path: _picked([block.columns[path] for block in blocks], chosen) for path in blocks[0].columns}
        return Block(start, columns, _picked([block.keys for block in blocks], chosen),
                     _picked([block.versions for block in blocks], chosen))

    def _groups(self, reader: Reader, query: Query) -> Groups:
        name = f"group {self.name} {query!r}"
        if name not in reader.memory:
            from kernel.tables.sqlite.group import read_groups

            reader.remember(name, read_groups(reader, self._plan(reader, query), query))
        return reader.memory[name]


def _picked(parts: list[list[Any]], places: list[int]) -> list[Any]:
    whole = [value for part in parts for value in part]
    return [whole[place] for place in places]
