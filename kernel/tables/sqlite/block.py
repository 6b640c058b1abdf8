"""Rows of a SELECT → a block: values decoded, large blobs left where they are, keys and versions beside."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from kernel.tables.block import LARGE_BLOB, Block, LargeBlob
from kernel.tables.query import Query
from kernel.tables.sqlite.codec import Codec
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.plan import Plan, Term
from kernel.tables.sqlite.version import read_head, version_of

#: Stored values → the value that a path or a computed column has of them.
Value = Callable[[Sequence[Any]], Any]


def _read_by(term: Term) -> tuple[list[tuple[str, Codec]], Value]:
    return list(term.columns), term.value


class _Selection:
    """What a SELECT reads, and in which places: the table's columns, sizes of blobs, other paths, the key.

    Args:
        plan: The query's; the joins that its paths need are added to it.
        query: Which columns, and of which keys, are wanted.
    """

    def __init__(self, plan: Plan, query: Query) -> None:
        shape = plan.shape
        self.plan = plan
        self.names = [column.name for column in shape.schema.columns]
        self.whole = set(query.columns or ()) if query.keys is not None else set()
        self.sql: list[str] = []
        for name in self.names:
            sql = f"t0.{quote(name)}"
            if name in shape.blobs and name not in self.whole:
                sql = f"CASE WHEN typeof({sql}) = 'blob' AND length({sql}) > {LARGE_BLOB} THEN NULL ELSE {sql} END"
            self.sql.append(sql)
        blobs = [name for name in self.names if name in shape.blobs]
        self.sizes = self._add([f"CASE WHEN typeof(t0.{quote(name)}) = 'blob' THEN length(t0.{quote(name)}) END"
                                for name in blobs])
        self.size_of = dict(zip(blobs, range(self.sizes.start, self.sizes.stop), strict=True))
        self._blob_places = [(self.names.index(name), size) for name, size in self.size_of.items()]
        self.terms: list[tuple[str, Value | None, slice]] = []
        for path in self.names if query.columns is None else query.columns:
            if path in self.names:
                place = self.names.index(path)
                self.terms.append((path, None, slice(place, place + 1)))
            else:
                columns, value = plan.computed(path) or _read_by(plan.term(path))
                self.terms.append((path, value, self._add([sql for sql, _ in columns])))
        self.key = self._add([sql for _, sql in plan.key_columns()])
        self.rowid = self._add([f"t0.{shape.rowid}"] if blobs and shape.rowid else [])

    def _add(self, sql: list[str]) -> slice:
        self.sql += sql
        return slice(len(self.sql) - len(sql), len(self.sql))

    def version(self, connection: sqlite3.Connection, row: Sequence[Any]) -> str:
        """The version of a row that was read."""
        if not any((row[size] or 0) > LARGE_BLOB for _, size in self._blob_places):
            return version_of(row[: len(self.names)])
        sizes = {place: row[size] for place, size in self._blob_places}

        def head(place: int) -> bytes:
            key = dict(zip([sql for _, sql in self.plan.key_columns()], row[self.key], strict=True))
            table = self.plan.shape.schema.name
            return read_head(connection, table, self.names[place], next(iter(row[self.rowid]), None), key)

        return version_of(row[: len(self.names)], sizes, head)


def read_block(connection: sqlite3.Connection, plan: Plan, query: Query, tail: str, parameters: Sequence[Any],
               start: int) -> Block:
    """The rows of ``SELECT … FROM …`` with that tail, as a block with keys and versions."""
    shape = plan.shape
    selection = _Selection(plan, query)
    selected = ", ".join(selection.sql) or "1"  # a broken view has no columns
    rows = connection.execute(f"SELECT {selected} {plan.source_sql}{tail}", parameters).fetchall()
    columns: dict[str, list[Any]] = {}
    for path, value_of, place in selection.terms:
        if value_of is not None:
            columns[path] = [value_of(row[place]) for row in rows]
            continue
        decode = shape.codecs[path].decode
        columns[path] = [decode(row[place.start]) for row in rows]
        if path in selection.size_of and path not in selection.whole:
            sizes = [row[selection.size_of[path]] or 0 for row in rows]
            columns[path] = [LargeBlob(size) if size > LARGE_BLOB else value
                             for size, value in zip(sizes, columns[path], strict=True)]
    codecs = [shape.codecs[name] for name in shape.schema.key]
    keys = [tuple([codec.key(value) for codec, value in zip(codecs, row[selection.key], strict=True)]) for row in rows]
    if not shape.schema.is_editable:
        return Block(start, columns, keys, [""] * len(rows))
    return Block(start, columns, keys, [selection.version(connection, row) for row in rows])
