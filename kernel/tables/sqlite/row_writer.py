"""Writes the rows of one table, one statement each: made once for every set of columns, not for every row."""

from __future__ import annotations

import datetime
import sqlite3
from typing import Any, NamedTuple

from kernel.tables.block import LargeBlob
from kernel.tables.change import Change, Delete, Insert, Key, Update
from kernel.tables.check import fit, heading, problem_of
from kernel.tables.error import ConstraintError
from kernel.tables.outcome import check_values
from kernel.tables.schema import Column
from kernel.tables.sqlite.codec import Codec
from kernel.tables.sqlite.introspect import Shape
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.plan import Plan

#: Column type → the Python type whose values need neither a look nor a change before they are encoded.
_OWN: dict[str, type] = {
    "text": str, "longtext": str, "integer": int, "boolean": bool, "date": datetime.date, "time": datetime.time,
    "datetime": datetime.datetime, "blob": bytes,
}  # fmt: skip


class _Cell(NamedTuple):
    """A column that is written; ``own`` is the type whose values fit as they are, ``is_free`` when all of them do."""

    column: Column
    codec: Codec
    own: type | None
    is_free: bool


class _Statement(NamedTuple):
    """SQL that writes one row, and the columns of its first values."""

    sql: str
    cells: tuple[_Cell, ...]


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
        stored = _stored(statement.cells, change.values, index)
        if isinstance(change, Insert):
            return self._run(statement.sql, stored, index)
        if not stored:
            return tuple(change.key)
        return self._run(statement.sql, stored + self._plan.stored_key(change.key), index)

    def _prepare(self, change: Insert | Update, index: int) -> _Statement:
        """The statement for changes of this kind and these columns, all of which may be written."""
        check_values(self._shape.schema, change, index)
        cells = []
        for name in change.values:
            column = self._shape.schema.column(name)
            assert column is not None
            own = _OWN.get(column.type)
            cells.append(_Cell(column, self._shape.codecs[name], own, not (column.max_length or column.choices)))
        names = [quote(name) for name in change.values]
        if isinstance(change, Insert):
            columns = f"({', '.join(names)}) VALUES ({', '.join('?' * len(names))})" if names else "DEFAULT VALUES"
            sql = f"INSERT{self._otherwise} INTO {self._table} {columns}{self._returning}"
        else:
            assigned = ", ".join(f"{name} = ?" for name in names)
            sql = f"UPDATE{self._otherwise} {self._table} SET {assigned}{self._where}{self._returning}"
        made = self._statements[type(change), *change.values] = _Statement(sql, tuple(cells))
        return made

    def _run(self, sql: str, parameters: list[Any], index: int) -> Key:
        rows = self._connection.execute(sql, parameters).fetchall()
        if len(rows) != 1:
            raise ConstraintError("the database did not take the change", index=index, hint="a trigger may refuse it")
        self.count += 1
        return tuple([codec.key(value) for codec, value in zip(self._key_codecs, rows[0], strict=True)])


def _stored(cells: tuple[_Cell, ...], values: dict[str, Any], index: int) -> list[Any]:
    """What to store, cell by cell; every value is looked at before the first one is encoded."""
    for cell, value in zip(cells, values.values(), strict=True):
        is_plain = cell.is_free and (value is None or type(value) is cell.own)
        if not is_plain and (problem := problem_of(cell.column, value)):
            raise ConstraintError(problem, column=cell.column.name, index=index)
    return [_encoded(cell, value, index) for cell, value in zip(cells, values.values(), strict=True)]


def _encoded(cell: _Cell, value: Any, index: int) -> Any:
    column = cell.column
    try:
        stored = cell.codec.encode(value if type(value) is cell.own else fit(column, value))
        if isinstance(stored, str) and not stored.isascii():
            stored.encode()
    except UnicodeEncodeError as error:
        message = f"{heading(column)} holds half a character, which cannot be stored"
        raise ConstraintError(message, column=column.name, index=index) from error
    except ValueError as error:
        raise ConstraintError(f"{heading(column)} {error}", column=column.name, index=index) from error
    return stored


def without_large(change: Insert | Update) -> Insert | Update:
    """The change without stand-ins for large blobs, which leave the stored ones alone."""
    if isinstance(change, Update) and LargeBlob in map(type, change.values.values()):
        values = {name: value for name, value in change.values.items() if not isinstance(value, LargeBlob)}
        return Update(change.key, change.version, values)
    return change
