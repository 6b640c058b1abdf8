"""Values of a file as values of a column: what means the same, and nothing that must be guessed."""

from __future__ import annotations

import base64
import binascii
import datetime
import math
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from kernel.tables.check import fit, heading, problem_of
from kernel.tables.exchange.plain import plain_text
from kernel.tables.schema import Column

#: Numbers from this on are no whole numbers that anybody typed.
_WIDEST = 10**60
_WHOLE = re.compile(r"[+-]?\d{1,60}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_ENDLESS = {"inf": math.inf, "-inf": -math.inf}
_TRUE, _FALSE = frozenset(("true", "yes", "t", "y", "1")), frozenset(("false", "no", "f", "n", "0"))


def converted(column: Column, value: Any) -> tuple[Any, str]:
    """(The value for the column, what is wrong with it); an empty text is missing in a column that holds no texts.

    A column that has choices takes a text that reads like one of them.
    """
    if value is None:
        return None, ""
    made = value
    if column.choices:
        made = {plain_text(choice): choice for choice in column.choices}.get(plain_text(value).strip(), value)
    if made is value and (convert := _CONVERTERS.get(column.type)) is not None:
        if isinstance(value, str) and not value.strip() and column.type not in ("text", "longtext", "blob"):
            return None, ""
        try:
            made = convert(value)
        except (ValueError, OverflowError, InvalidOperation, binascii.Error):
            return value, problem_of(column, value) or f"{heading(column)} cannot be {plain_text(value)[:40]}"
    made = fit(column, made)
    return made, problem_of(column, made)


def _text(value: Any) -> Any:
    return value if isinstance(value, bytes) else plain_text(value)


def _integer(value: Any) -> Any:
    if isinstance(value, str):
        plain = value.strip()
        if _WHOLE.fullmatch(plain):
            return int(plain)
        value = Decimal(plain) if _NUMBER.fullmatch(plain) else value
    if isinstance(value, float):
        value = Decimal(repr(value))  # the digits that are shown, not those that it is held by
    if isinstance(value, Decimal) and abs(value) < _WIDEST and value == int(value):
        return int(value)
    return value


def _decimal(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Decimal(value.strip())
    return value


def _real(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        made = float(value)
        return value if math.isinf(made) else made
    return _ENDLESS.get(value, value) if isinstance(value, str) else value


def _boolean(value: Any) -> Any:
    word = plain_text(value).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else value


def _date(value: Any) -> Any:
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value.strip())
    if isinstance(value, datetime.datetime) and value.time() == datetime.time() and value.tzinfo is None:
        return value.date()
    return value


def _datetime(value: Any) -> Any:
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value.strip())
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return value.astimezone(datetime.UTC).replace(tzinfo=None)
    return value


def _time(value: Any) -> Any:
    return datetime.time.fromisoformat(value.strip()) if isinstance(value, str) else value


def _blob(value: Any) -> Any:
    return base64.b64decode(value, validate=True) if isinstance(value, str) else value


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "longtext": _text,
    "integer": _integer,
    "decimal": _decimal,
    "real": _real,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "blob": _blob,
}
