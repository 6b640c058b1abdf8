"""PostgreSQL's types: what a column is shown as, how its values are read and written, how expressions see it."""

from __future__ import annotations

import datetime
import math
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.words import mark

#: Digits that a whole number of so many bits has at most.
_DIGITS = {"int2": 5, "int4": 10, "int8": 19, "oid": 10}
_BITS = {"int2": 16, "int4": 32, "int8": 64}


class Codec(NamedTuple):
    """How one column's values are kept.

    Attributes:
        kind: What the value is to expressions: integer, decimal, real, boolean, text, date, datetime, time or bytes.
        sql: The column (``{}``) as expressions and orders see it.
        read: The column as it is selected.
        cast: The type of a value that is written.
        encode: Value → what to send; raises ValueError with the reason when it cannot be stored exactly.
        decode: What psycopg read → the value.
        whole, scale: Digits before and behind the point at most; -1: any number of them.
        order: What a key's column (``{}``) is ordered by.
    """

    kind: str
    sql: str
    read: str
    cast: str
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]
    whole: int = -1
    scale: int = -1
    order: str = "{}"

    def key_parameter(self, value: Any) -> Any:
        """What to send for a key's value; None when no row can have it."""
        if isinstance(value, bool) != (self.kind == "boolean") or not isinstance(value, _KEYS[self.kind]):
            return None
        try:
            return self.encode(value)
        except ValueError:
            return None


class _Row(NamedTuple):
    """One type of PostgreSQL: the column type here, the kind, and where it needs them the SQL and the encoder."""

    type: str
    kind: str
    sql: str = "{}"
    read: str = ""
    encode: Callable[[Any], Any] | None = None
    cast: str = ""


#: Kind → the Python types of its values in keys.
_KEYS: dict[str, tuple[type, ...]] = {
    "integer": (int,), "decimal": (int, Decimal), "real": (int, float), "boolean": (bool,), "text": (str,),
    "date": (datetime.date,), "datetime": (datetime.date,), "time": (datetime.time,), "bytes": (bytes,),
}


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError(mark("{column} holds the character NUL, which PostgreSQL cannot store"))
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError(mark("{column} holds half a character, which cannot be stored")) from error
    return value


def _uuid(value: Any) -> Any:
    if value is None:
        return None
    try:
        return str(uuid.UUID(value))
    except (ValueError, AttributeError) as error:
        raise ValueError("must be a UUID like 6f1b2c3d-0000-4000-8000-123456789abc") from error


def _real(value: Any) -> Any:
    return float(value) if isinstance(value, int | Decimal) else value


def _utc(value: Any) -> Any:
    is_zoned = isinstance(value, datetime.datetime) and value.tzinfo is not None
    return value.astimezone(datetime.UTC).replace(tzinfo=None) if is_zoned else value


#: Type of PostgreSQL → row. Every other one is shown and edited as its text.
_TYPES: dict[str, _Row] = {
    "int2": _Row("integer", "integer"),
    "int4": _Row("integer", "integer"),
    "int8": _Row("integer", "integer"),
    "oid": _Row("integer", "integer", "({}::int8)"),
    "numeric": _Row("decimal", "decimal"),
    "money": _Row("decimal", "decimal", "({}::numeric)", cast="numeric::money"),
    # Shortest text first: 0.1 stays 0.1 and does not become 0.10000000149.
    "float4": _Row("real", "real", "({}::text::float8)", encode=_real),
    "float8": _Row("real", "real", encode=_real),
    "bool": _Row("boolean", "boolean"),
    "text": _Row("text", "text", encode=_text),
    "varchar": _Row("text", "text", encode=_text),
    "bpchar": _Row("text", "text", "({}::text)", encode=_text),
    "date": _Row("date", "date"),
    "time": _Row("time", "time"),
    "timestamp": _Row("datetime", "datetime", encode=_utc),
    # The session's zone is UTC, so that comparisons with what has no zone are right and use indexes.
    "timestamptz": _Row("datetime", "datetime", "{}", "({} AT TIME ZONE 'UTC')", _utc),
    "bytea": _Row("blob", "bytes"),
    # A cast would write the mask of a whole address as well.
    "inet": _Row("text", "text", "(CASE WHEN {0} IS NOT NULL THEN format('%%s', {0}) END)", encode=_text),
    "uuid": _Row("text", "text", "({}::text)", encode=_uuid),
    "json": _Row("longtext", "text", "({}::text)", encode=_text),
    "jsonb": _Row("longtext", "text", "({}::text)", encode=_text),
    "xml": _Row("longtext", "text", "({}::text)", encode=_text),
}
_OTHER = _Row("text", "text", "({}::text)", encode=_text)


def column_type(base: str) -> str:
    """The column type that a type of PostgreSQL is shown as."""
    return _TYPES.get(base, _OTHER).type


def make_codec(base: str, declared: str, modifier: int, *, is_exact: bool = True, is_unicode: bool = True) -> Codec:
    """The codec of a column.

    Args:
        base: Name of its type, of a domain that of the type below.
        declared: The type as SQL writes it, with schema but without size.
        modifier: ``atttypmod``: the size in PostgreSQL's own packing, -1 without one.
        is_exact: Whether its collation tells all texts apart that are different.
        is_unicode: Whether the database's encoding is UTF-8, so that texts in order of bytes are in Python's order.
    """
    row = _TYPES.get(base, _OTHER)
    whole, scale = _sizes(base, modifier)
    encode = row.encode or _same
    if base in _BITS:
        encode = _fitting_bits(_BITS[base])
    elif row.kind == "decimal" and base == "numeric":
        encode = _fitting_digits(whole, scale)
    sql = row.sql if is_exact or row.kind != "text" else f"({row.sql} COLLATE \"C\")"
    decode = _unpadded if base == "bpchar" else _same
    # NOTE: a cast to a type with a size would cut a value short without a word; a domain brings its own.
    cast = row.cast or ("text" if base in ("varchar", "bpchar") and modifier > 0 else declared.replace("%", "%%"))
    order = "{}" if base == "uuid" else sql
    if row.kind == "text" and base != "uuid":
        order = f'{sql} COLLATE "C"' if is_unicode else f"convert_to({sql}, 'UTF8')"
    return Codec(row.kind, sql, row.read or row.sql, cast, encode, decode, whole, scale, order)


def length_of(base: str, modifier: int) -> int:
    """The most characters that a text column takes, 0 = any number."""
    return modifier - 4 if base in ("varchar", "bpchar") and modifier > 4 else 0


def _sizes(base: str, modifier: int) -> tuple[int, int]:
    if base in _DIGITS:
        return _DIGITS[base], 0
    if base != "numeric" or modifier < 4:
        return -1, -1
    precision, scale = (modifier - 4) >> 16 & 0xFFFF, (modifier - 4) & 0x7FF
    scale = (scale ^ 1024) - 1024  # eleven bits with a sign
    return max(precision - scale, 0), max(scale, 0)


def _unpadded(value: Any) -> Any:
    return value.rstrip(" ") if isinstance(value, str) else value


def _fitting_bits(bits: int) -> Callable[[Any], Any]:
    def encode(value: Any) -> Any:
        if isinstance(value, int) and not -(1 << bits - 1) <= value < 1 << bits - 1:
            raise ValueError(mark("{column} is too large to be stored"))
        return value

    return encode


def _fitting_digits(whole: int, scale: int) -> Callable[[Any], Any]:
    def encode(value: Any) -> Any:
        if isinstance(value, float):
            value = Decimal(repr(value)) if math.isfinite(value) else Decimal(value)
        if not isinstance(value, int | Decimal) or isinstance(value, bool):
            return value
        value = Decimal(value)
        if scale < 0 or not value:
            return value
        if not value.is_finite() or value.adjusted() >= whole:
            raise ValueError(mark("{column} is too large to be stored"))
        if value.normalize().as_tuple().exponent < -scale:  # type: ignore[operator]
            raise ValueError(mark("{column} has more digits than can be stored exactly"))
        return value

    return encode
