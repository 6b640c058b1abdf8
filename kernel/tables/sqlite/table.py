"""One table or view of a SQLite file.

The order of a sorted or filtered query is found once and remembered until the file changes; a page is then a handful of
rows by their number. In the table's own order a page is a short step from a landmark.
"""

from __future__ import annotations

import time
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
from kernel.tables.sqlite.known import Kept
from kernel.tables.sqlite.landmark import find_landmarks, is_in_row_order, known_landmarks
from kernel.tables.sqlite.ordering import Ordering, held_until, name_of, place_in
from kernel.tables.sqlite.plan import Plan

if TYPE_CHECKING:
    from kernel.tables.sqlite.source import SqliteSource

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
            return self._count(reader, query)

    def estimate(self, query: Query) -> Estimate:
        """See :class:`kernel.tables.contract.Table`."""
        from kernel.tables.sqlite.estimate import estimated

        with self._source.connections.reader() as reader:
            known = self._known_count(reader, query)
            if known is not None:
                return Estimate(known)
            plan = self._plan(reader, query)
            guess = estimated(reader, plan, query)
            return Estimate(self._count(reader, query)) if guess is None else Estimate(guess, False)

    def prepare(self, query: Query, report: Report) -> int:
        """See :class:`kernel.tables.contract.Table`."""
        with self._source.connections.reader() as reader:
            if is_grouped(query):
                count = len(self._groups(reader, query, report).rows)
            elif not self._plan(reader, query).shape.rowid:
                begun, plan = time.monotonic(), self._plan(reader, query)
                marks = None if _is_narrowed(query) else find_landmarks(reader, plan, report)
                count = self._count(reader, query) if marks is None else marks.count
                kept = Kept(count, 8, until=held_until(query, begun))
                reader.known.keep(_count_name(self.name, query), kept)
            elif self._is_by_landmarks(reader, query):
                count = find_landmarks(reader, self._plan(reader, query), report).count
            else:
                count = len(self._ordering(reader, query).whole(report))
            report(1.0)
            return count

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
            if plan.shape.rowid and (query.keys is None or query.sort or start):
                rows = self._rows(reader, query, plan, start, stop)
                if rows is not None:
                    return self._by_rowid(reader, plan, query, rows, start)
            if not _is_narrowed(query) and start:
                block = self._from_landmark(reader, query, plan, start, stop)
                if block is not None:
                    return block
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
                marks = None if _is_narrowed(query) else known_landmarks(reader, plan)
                if marks is not None and is_in_row_order(reader, plan):
                    return marks.position_of(reader, plan, found[:1] if plan.shape.rowid else stored)
                before, bound = plan.key_before(key)
                return reader.connection.execute(f"SELECT count(*) {plan.source_sql}{glue}{before}",
                                                 [*parameters, *bound]).fetchone()[0]
            if plan.shape.rowid:
                return place_in(self._ordering(reader, query).whole(), found[0])
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

    def _plan(self, reader: Reader, query: Query, plain: dict[tuple[str, str], bool] | None = None) -> Plan:
        shapes = self._source.shapes(reader.connection)
        return Plan(reader.connection, shapes.need(self.name), shapes.find, self._source.encoding, query.parameters,
                    reader.known.plain if plain is None else plain, query.computed)

    def _ordering(self, reader: Reader, query: Query) -> Ordering:
        return Ordering(self._source.connections, reader,
                        lambda reader, plain=None: self._plan(reader, query, plain), query)

    def _count(self, reader: Reader, query: Query) -> int:
        known = self._known_count(reader, query)
        if known is not None:
            return known
        if is_grouped(query):
            return len(self._groups(reader, query).rows)
        plan = self._plan(reader, query)
        where, parameters = plan.condition(query)
        return reader.connection.execute(f"SELECT count(*) {plan.source_sql}{where}", parameters).fetchone()[0]

    def _known_count(self, reader: Reader, query: Query) -> int | None:
        """The count, if something that is known tells it."""
        if is_grouped(query):
            groups = reader.known.find(_groups_name(self.name, query))
            return None if groups is None else len(groups.rows)
        plan = self._plan(reader, query)
        marks = None if _is_narrowed(query) else known_landmarks(reader, plan)
        if marks is not None or not plan.shape.rowid:
            return reader.known.find(_count_name(self.name, query)) if marks is None else marks.count
        order = self._ordering(reader, query).known()
        return None if order is None else len(order)

    def _is_by_landmarks(self, reader: Reader, query: Query) -> bool:
        """Whether the rows of a query stand at the places that landmarks tell."""
        return not _is_narrowed(query) and not query.sort and is_in_row_order(reader, self._plan(reader, query))

    def _rows(self, reader: Reader, query: Query, plan: Plan, start: int, stop: int) -> Sequence[int] | None:
        """The numbers of a page's rows when they are known or must be sorted for; None: the page is read as it is."""
        if self._is_by_landmarks(reader, query):
            return None
        return self._ordering(reader, query).page(start, stop)

    def _from_landmark(self, reader: Reader, query: Query, plan: Plan, start: int, stop: int) -> Block | None:
        """A page in the table's own order, from the nearest landmark; None when there are none."""
        marks = known_landmarks(reader, plan)
        if query.sort or marks is None or not is_in_row_order(reader, plan):
            return None
        key = marks.key_at(reader, plan, start)
        if key is None:
            return read_block(reader.connection, plan, query, " WHERE 0", [], start)
        columns = marks.columns[0] if len(key) == 1 else f"({', '.join(marks.columns)})"
        values = "?" if len(key) == 1 else f"({', '.join('?' * len(key))})"
        return read_block(reader.connection, plan, query,
                          f" WHERE {columns} >= {values}{plan.order(query)} LIMIT {stop - start}", key, start)

    def _by_rowid(self, reader: Reader, plan: Plan, query: Query, rowids: Sequence[int], start: int) -> Block:
        """Rows by their numbers, which are all there: they were found in the state that is read."""
        numbers: list[int] = []
        blocks = []
        for first in range(0, max(len(rowids), 1), _CHUNK):
            chunk = sorted(rowids[first : first + _CHUNK])
            where = f" WHERE t0.{plan.shape.rowid} IN ({', '.join('?' * len(chunk))})"
            numbers += chunk
            blocks.append(read_block(reader.connection, plan, query, f"{where} ORDER BY t0.{plan.shape.rowid}",
                                     chunk, start))
        place = {number: index for index, number in enumerate(numbers)}
        chosen = [place[number] for number in rowids]
        columns = {path: _picked([block.columns[path] for block in blocks], chosen) for path in blocks[0].columns}
        return Block(start, columns, _picked([block.keys for block in blocks], chosen),
                     _picked([block.versions for block in blocks], chosen))

    def _groups(self, reader: Reader, query: Query, report: Report = lambda part: None) -> Groups:
        from kernel.tables.sqlite.group import read_groups

        def make(told: Report) -> Kept:
            begun = time.monotonic()
            groups = read_groups(reader, lambda other: self._plan(other, query), query, self._source.connections, told)
            return Kept(groups, len(groups.rows) * 200, until=held_until(query, begun))

        return reader.known.once(_groups_name(self.name, query), make, report)


def _is_narrowed(query: Query) -> bool:
    """Whether a query leaves rows out."""
    return bool(query.filter.strip()) or query.keys is not None


def _count_name(table: str, query: Query) -> str:
    return f"count {name_of(table, query)}"


def _groups_name(table: str, query: Query) -> str:
    return f"group {name_of(table, query)} {query.group!r} {query.aggregates!r}"


def _picked(parts: list[list[Any]], places: list[int]) -> list[Any]:
    whole = [value for part in parts for value in part]
    return [whole[place] for place in places]
