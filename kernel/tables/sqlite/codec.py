"""Stored value ↔ the column's value. A stored value that does not fit its column's type stays as it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any, NamedTuple

from kernel.expression.sql import Field
from kernel.tables.sqlite.moment import Style, moment_field, read_moment, write_moment
from kernel.words import mark

#: Floats below it hold every whole number exactly.
_EXACT = 2**53
#: SQL that tells whether LIKE agrees with us about a value: a text of ASCII letters only, no NUL among them.
_ASCII = "typeof({0}) = 'text' AND length(CAST({0} AS BLOB)) = length({0})"


class Codec(NamedTuple):
    """How one column's values are stored.

    Attributes:
        decode: Stored → value; never raises.
        encode: Value → what to store; raises ValueError with the reason when it cannot be stored exactly.
        field: The column's SQL → how expressions may use it.
        order: What follows the column in ORDER BY; an index in that order is used.
        is_worded: Whether it holds texts of people: others than ASCII go by :func:`kernel.tables.order.text_key`.
        scale: Digits behind the point of numbers that SQL may add up, -1 for whole ones; None: it may not.
    """

    decode: Callable[[Any], Any]
    encode: Callable[[Any], Any]
    field: Callable[[str], Field]
    order: str = ""
    scale: int | None = None
    is_worded: bool = False

    def key(self, stored: Any) -> Any:
        """The value that stands in a row's key: decoded when that can be turned back, else as stored."""
        if self.decode is _same:
            return stored
        value = self.decode(stored)
        return value if self.to_stored(value) == stored else stored

    def to_stored(self, value: Any) -> Any:
        """What a key's value is stored as."""
        try:
            return self.encode(value)
        except (ValueError, TypeError, AttributeError):
            return value


def make_codec(type_: str, affinity: str, *, scale: int = -1, style: Style | None = None) -> Codec:
    """The codec of a column.

    Args:
        type_: The column's type of the schema.
        affinity: SQLite's: TEXT, INTEGER, REAL, NUMERIC or BLOB.
        scale: Digits behind the point of a decimal, -1 = as stored.
        style: How dates are stored.
    """
    if style is not None:
        return Codec(lambda stored: read_moment(stored, type_, style), lambda value: write_moment(value, type_, style),
                     lambda sql: moment_field(sql, type_, style), " COLLATE NOCASE")
    is_number = affinity != "TEXT"
    if type_ == "boolean":
        return Codec(_read_boolean, lambda value: int(value) if isinstance(value, bool) else value,
                     _number_field("number" if is_number else ""))
    if type_ == "decimal":
        return Codec(lambda stored: _read_decimal(stored, scale, not is_number),
                     _write_decimal if is_number else lambda value: None if value is None else format(value, "f"),
                     _number_field("decimal" if is_number else ""), scale=scale if is_number and scale >= 0 else None)
    if type_ in ("integer", "real"):
        return Codec(_same, _write_number, _number_field("number" if is_number else ""),
                     scale=-1 if is_number and type_ == "integer" else None)
    is_text = type_ in ("text", "longtext") and affinity in ("TEXT", "BLOB")
    return Codec(_same, _same, _text_field if is_text else Field, " COLLATE NOCASE", is_worded=True)


def _same(value: Any) -> Any:
    return value


def _read_boolean(stored: Any) -> Any:
    return bool(stored) if isinstance(stored, int) and stored in (0, 1) else stored


def _read_decimal(stored: Any, scale: int, is_text: bool) -> Any:
    if isinstance(stored, float):
        if not math.isfinite(stored):
            return stored
        value = Decimal(repr(stored))
    elif isinstance(stored, int):
        value = Decimal(stored)
    elif isinstance(stored, str) and is_text:
        try:
            value = Decimal(stored)
        except DecimalException:
            return stored
        return value if value.is_finite() else stored
    else:
        return stored
    if scale < 0 or abs(value) >= 10**20:
        return value
    shown = value.quantize(Decimal(1).scaleb(-scale))
    return shown if shown == value else value


def _write_number(value: Any) -> Any:
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError(mark("{column} is too large to be stored"))
    return float(value) if isinstance(value, Decimal) else value


def _write_decimal(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return _write_number(value)
    if value == value.to_integral_value() and -(2**63) <= value < 2**63:
        return int(value)
    stored = float(value)
    if not math.isfinite(stored) or Decimal(repr(stored)) != value:
        raise ValueError(mark("{column} has more digits than can be stored exactly"))
    return stored


def _constant_number(value: Any) -> Any:
    """A number as SQLite compares it, None when it would not compare exactly."""
    if isinstance(value, bool | int):
        return int(value) if -_EXACT < value < _EXACT else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal) and value.is_finite() and abs(value) < _EXACT:
        stored = float(value)
        return stored if Decimal(repr(stored)) == value else None
    return None


def _number_field(group: str) -> Callable[[str], Field]:
    return lambda sql: Field(sql, group, "", _constant_number)


def _text_field(sql: str) -> Field:
    return Field(sql, "text", "", _constant_text, " COLLATE BINARY", _ASCII.format(sql))


def _constant_text(value: Any) -> Any:
    if not isinstance(value, str):
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return value
