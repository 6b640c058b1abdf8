"""The values of a row on their way into a source: looked at, fitted to their columns, encoded.

What is the same for every row of a set of columns is found out once, as a paste may have 100,000s of rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from kernel.tables.block import LargeBlob
from kernel.tables.change import Insert, Update
from kernel.tables.check import fit, heading, problem_of
from kernel.tables.error import ConstraintError
from kernel.tables.schema import Column, Schema
from kernel.words import mark

#: Column type → the Python type whose values need neither a look nor a change before they are encoded.
_OWN: dict[str, type] = {
    "text": str, "longtext": str, "integer": int, "boolean": bool, "date": datetime.date, "time": datetime.time,
    "datetime": datetime.datetime, "blob": bytes,
}  # fmt: skip


class Encoding(Protocol):
    """What is needed of a codec."""

    @property
    def encode(self) -> Callable[[Any], Any]:
        """Value → what to store; raises ValueError with the reason when it cannot be stored exactly."""


class Cell(NamedTuple):
    """A column that is written; ``own`` is the type whose values fit as they are, ``is_free`` when all of them may
    stand there."""

    column: Column
    encode: Callable[[Any], Any]
    own: type | None
    is_free: bool


def cells_of(schema: Schema, codecs: Mapping[str, Encoding], names: Iterable[str]) -> tuple[Cell, ...]:
    """The columns of these names, all of which the schema has."""
    columns = {column.name: column for column in schema.columns}
    return tuple(
        Cell(columns[name], codecs[name].encode, _OWN.get(columns[name].type),
             not (columns[name].max_length or columns[name].choices))
        for name in names
    )  # fmt: skip


def encoded(cells: Sequence[Cell], values: Iterable[Any], index: int) -> list[Any]:
    """What to store, cell by cell; every value is looked at before the first one is encoded.

    Raises:
        ConstraintError: a value cannot stand in its column, or not be stored exactly; ``index`` is in it.
    """
    values = list(values)
    for cell, value in zip(cells, values, strict=True):
        is_plain = cell.is_free and (value is None or type(value) is cell.own)
        if not is_plain and (problem := problem_of(cell.column, value)):
            raise ConstraintError(problem, column=cell.column.name, index=index)
    return [_stored(cell, value, index) for cell, value in zip(cells, values, strict=True)]


def _stored(cell: Cell, value: Any, index: int) -> Any:
    column = cell.column
    try:
        stored = cell.encode(value if type(value) is cell.own else fit(column, value))
        if isinstance(stored, str) and not stored.isascii():
            stored.encode()
    except UnicodeEncodeError as error:
        message = mark("{column} holds half a character, which cannot be stored").format(column=heading(column))
        raise ConstraintError(message, column=column.name, index=index) from error
    except ValueError as error:
        said = str(error)
        message = said.replace("{column}", heading(column)) if "{column}" in said else f"{heading(column)} {said}"
        raise ConstraintError(message, column=column.name, index=index) from error
    return stored


def without_large(change: Insert | Update) -> Insert | Update:
    """The change without stand-ins for large blobs, which leave the stored ones alone."""
    if isinstance(change, Update) and LargeBlob in map(type, change.values.values()):
        values = {name: value for name, value in change.values.items() if not isinstance(value, LargeBlob)}
        return Update(change.key, change.version, values)
    return change
