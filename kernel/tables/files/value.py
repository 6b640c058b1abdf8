"""Cells of text → values of a column's type, and the type that a sample of cells has.

A cell that is not written as its column's type is written stays the text that it is; an empty one is null, but for
a text that is empty in quotes.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from kernel.tables.whole_text import is_whole

_INTEGER = re.compile(r"(?:0|-?[1-9]\d*)\Z", re.ASCII)
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?\Z", re.ASCII)
_REAL = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?\Z", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?\Z", re.ASCII)
_BOOLEANS = {"true": True, "false": False, "True": True, "False": False, "TRUE": True, "FALSE": False}
#: Digits that a cell may have to be read as a number.
_MOST_DIGITS = 4000


class _QuotedEmpty(str):
    """An empty cell that stands in quotes; equal to any empty text."""


QUOTED_EMPTY = _QuotedEmpty()


def _matching(pattern: re.Pattern[str], read: Callable[[str], Any]) -> Callable[[str], Any]:
    def value(cell: str) -> Any:
        if len(cell) > _MOST_DIGITS or not pattern.match(cell):
            return cell
        try:
            return read(cell)
        except (ValueError, OverflowError):
            return cell

    return value


def _moment(cell: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(cell)
    return moment if moment.tzinfo is None else moment.astimezone(datetime.UTC).replace(tzinfo=None)


#: Column type → one cell's value.
_CELL: dict[str, Callable[[str], Any]] = {
    "integer": _matching(_INTEGER, int),
    "decimal": _matching(_DECIMAL, Decimal),
    "real": _matching(_REAL, float),
    "boolean": lambda cell: _BOOLEANS.get(cell, cell),
    "date": _matching(_DATE, datetime.date.fromisoformat),
    "datetime": _matching(_MOMENT, _moment),
    "time": _matching(_TIME, datetime.time.fromisoformat),
}
#: Types whose values, written again, are the cell: whole columns of them are read in one go.
_WHOLE: dict[str, Callable[[str], Any]] = {
    "integer": int, "decimal": Decimal, "date": datetime.date.fromisoformat,
}  # fmt: skip
#: Types in the order in which they are tried.
_GUESSED = ("boolean", "integer", "decimal", "real", "date", "datetime", "time")


def values_of(type_: str, cells: Sequence[str]) -> list[Any]:
    """The values of a column's cells."""
    whole = _WHOLE.get(type_)
    if whole is not None:
        try:
            values = [whole(cell) if cell else None for cell in cells]
            if ["" if value is None else str(value) for value in values] == cells:
                return values
        except (ValueError, ArithmeticError, OverflowError):
            pass
    read = _CELL.get(type_)
    if read is None:
        return ["" if cell is QUOTED_EMPTY else cell or None for cell in cells]
    return [read(cell) if cell else None for cell in cells]


def guess_type(cells: Sequence[str]) -> str:
    """The type that all cells that are not empty have; ``text`` when there is none."""
    known = [cell for cell in cells if cell]
    if not known:
        return "text"
    for type_ in _GUESSED:
        read = _CELL[type_]
        if all(not isinstance(read(cell), str) for cell in known):
            return type_
    return "text"


def is_plain_text(cell: str) -> bool:
    """Whether a cell can be the name of a column: not empty, and no value of another type."""
    return bool(cell.strip()) and guess_type([cell]) == "text"


def bytes_where_broken(values: Sequence[Any], encoding: str) -> list[Any]:
    """Texts that hold bytes which their encoding does not have, as those bytes; the others as they are."""
    if is_whole("".join([value for value in values if isinstance(value, str)])):
        return list(values)
    return [value.encode(encoding, "surrogateescape") if isinstance(value, str) and not is_whole(value) else value
            for value in values]
