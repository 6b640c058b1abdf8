"""Writes the rows of one table, one statement each: made once for every set of columns, not for every row."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from kernel.tables.cell import Cell, cells_of, encoded, without_large
from kernel.tables.change import Change, Delete, Insert, Key, Update
from kernel.tables.error import ConstraintError
from kernel.tables.outcome import check_values
from kernel.tables.sqlite.introspect import Shape
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.plan import Plan
from kernel.words import mark


class _Statement(NamedTuple):
    """SQL that writes one row, and the columns of its first values."""

    sql: str
    cells: tuple[Cell, ...]


class RowWriter:
    """Writes changes inside a transaction; ``count`` tells how many rows it has written.

    Args:
        connection: The transaction's.
        shape: The table's.
        plan: Of a query without anything.
        otherwise: What follows INSERT and UPDATE in SQL, with a leading blank.
    """

    def __init__(self, connection: sqlite3.Connection, shape: Shape, plan: Plan, otherwise: str) -> None:
        self.count = 0
        self._connection = connection
        self._shape = shape
        self._plan = plan
        self._otherwise = otherwise
        self._table = quote(shape.schema.name)
        names = [sql.removeprefix("t0.") for _, sql in plan.key_columns()]
        self._where = f" WHERE {' AND '.join(f'{name} IS ?' for name in names)}"
        self._returning = f" RETURNING {', '.join(names)}"
        self._key_codecs = [shape.codecs[name] for name in shape.schema.key]
        self._statements: dict[tuple[Any, ...], _Statement] = {}

    def write(self, change: Change, index: int) -> Key:
        """Write one change; its key afterwards.

        Raises:
            UnknownColumnError, ReadOnlyError, ConstraintError: see the contract.
            sqlite3.Error: SQLite refuses it.
        """
        if isinstance(change, Delete):
            sql = f"DELETE FROM {self._table}{self._where}{self._returning}"
            self._run(sql, self._plan.stored_key(change.key), index)
            return tuple(change.key)
        change = without_large(change)
        statement = self._statements.get((type(change), *change.values)) or self._prepare(change, index)
        stored = encoded(statement.cells, change.values.values(), index)
        if isinstance(change, Insert):
            return self._run(statement.sql, stored, index)
        if not stored:
            return tuple(change.key)
        return self._run(statement.sql, stored + self._plan.stored_key(change.key), index)

    def _prepare(self, change: Insert | Update, index: int) -> _Statement:
        """The statement for changes of this kind and these columns, all of which may be written."""
        check_values(self._shape.schema, change, index)
        cells = cells_of(self._shape.schema, self._shape.codecs, change.values)
        names = [quote(name) for name in change.values]
        if isinstance(change, Insert):
            columns = f"({', '.join(names)}) VALUES ({', '.join('?' * len(names))})" if names else "DEFAULT VALUES"
            sql = f"INSERT{self._otherwise} INTO {self._table} {columns}{self._returning}"
        else:
            assigned = ", ".join(f"{name} = ?" for name in names)
            sql = f"UPDATE{self._otherwise} {self._table} SET {assigned}{self._where}{self._returning}"
        made = self._statements[type(change), *change.values] = _Statement(sql, cells)
        return made

    def _run(self, sql: str, parameters: list[Any], index: int) -> Key:
        rows = self._connection.execute(sql, parameters).fetchall()
        if len(rows) != 1:
            raise ConstraintError(
                mark("the database did not take the change"), index=index,
                hint=mark("a trigger may refuse it"),
            )
        self.count += 1
        return tuple([codec.key(value) for codec, value in zip(self._key_codecs, rows[0], strict=True)])
