"""Whether a value may stand in a column, in words for the person who typed it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from kernel.tables.schema import Column, Schema, title_of
from kernel.words import mark

#: Digits of a number before or after its point at most: more than PostgreSQL keeps, the most exact of the sources.
MOST_DIGITS = 200_000
_MUST = mark("{column} must be {wanted}")
#: Column type → (Python types, what it must be).
_ACCEPTED: dict[str, tuple[tuple[type, ...], str]] = {
    "text": ((str,), mark("a text")),
    "longtext": ((str,), mark("a text")),
    "integer": ((int,), mark("a whole number")),
    "decimal": ((int, Decimal, float), mark("a number")),
    "real": ((int, float, Decimal), mark("a number")),
    "boolean": ((bool,), mark("yes or no")),
    "date": ((datetime.date,), mark("a date")),
    "time": ((datetime.time,), mark("a time")),
    "datetime": ((datetime.date,), mark("a date and time")),
    "blob": ((bytes,), mark("a file")),
}


def heading(column: Column) -> str:
    """What to call a column in a message: its label or title, but its own name when that is an id."""
    if column.label:
        return column.label
    return column.name if column.name.lower().endswith("id") else title_of(column.name)


def problem_of(column: Column, value: Any) -> str:
    """Why the value cannot stand in the column, or an empty text. Null is never a problem here."""
    if value is None:
        return ""
    types, wanted = _ACCEPTED.get(column.type, ((object,), ""))
    is_confused = isinstance(value, bool) and column.type != "boolean"
    is_confused |= isinstance(value, datetime.datetime) and column.type == "date"
    if is_confused or not isinstance(value, types):
        return _MUST.format(column=heading(column), wanted=wanted)
    if isinstance(value, float) and value != value or isinstance(value, Decimal) and value.is_nan():
        return _MUST.format(column=heading(column), wanted=wanted)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) > MOST_DIGITS:
        return mark("{column} has more digits than any table keeps").format(column=heading(column))
    if column.max_length and isinstance(value, str) and len(value) > column.max_length:
        text = mark("{column} must have at most {most} characters")
        return text.format(column=heading(column), most=column.max_length)
    if column.choices and value not in column.choices:
        text = mark("{column} must be one of {choices}")
        return text.format(column=heading(column), choices=", ".join(map(str, column.choices)))
    return ""


def row_problems(
    schema: Schema, values: Mapping[str, Any], title: Callable[[Column], str], *, is_new: bool
) -> dict[str, str]:
    """What can be told of a row before its source is asked: column → sentence, all at once.

    Args:
        schema: The table's.
        values: The values that are to be written.
        title: What to call a column.
        is_new: Whether it is a new row, which needs a value wherever none comes by itself.
    """
    found: dict[str, str] = {}
    for column in schema.columns:
        value = values.get(column.name)
        if column.name in values and (problem := problem_of(column, value)):
            found[column.name] = problem
        is_serial = schema.key == (column.name,) and column.type == "integer"
        comes_by_itself = column.has_default or column.is_generated or is_serial
        is_asked = column.name in values or (is_new and not comes_by_itself)
        if value is None and column.is_required and is_asked and not (is_new and comes_by_itself):
            found[column.name] = mark("{column} is required").format(column=title(column))
    return found


def fit(column: Column, value: Any) -> Any:
    """The value in its column's own type, where it means the same: a float as Decimal, a date as date-time."""
    if value is None or isinstance(value, bool):
        return value
    if column.type == "decimal" and isinstance(value, int | float):
        return Decimal(repr(value))
    if column.type == "real" and isinstance(value, int | Decimal):
        return float(value)
    if column.type == "datetime" and type(value) is datetime.date:
        return datetime.datetime(value.year, value.month, value.day)
    return value
