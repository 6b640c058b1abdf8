"""Values of cells as plain data that JSON can hold, for what is remembered per person."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from kernel.words import say

#: What JSON has no word for: name → type, and how it is read. A moment is a date too, so it goes first.
_TYPES: dict[str, tuple[type, Callable[[str], Any]]] = {
    "decimal": (Decimal, Decimal), "datetime": (datetime.datetime, datetime.datetime.fromisoformat),
    "date": (datetime.date, datetime.date.fromisoformat), "time": (datetime.time, datetime.time.fromisoformat),
    "bytes": (bytes, bytes.fromhex),
}  # fmt: skip


def pack(value: Any) -> Any:
    """A value as plain data."""
    for name, (kind, _read) in _TYPES.items():
        if isinstance(value, kind):
            return {name: _text(value)}
    return value


def unpack(data: Any) -> Any:
    """The value again.

    Raises:
        ValueError: it is none.
    """
    if isinstance(data, dict) and len(data) == 1:
        [(name, text)] = data.items()
        if name in _TYPES and isinstance(text, str):
            try:
                return _TYPES[name][1](text)
            except ArithmeticError as error:
                raise ValueError(say("{text!r} is no {name}", text=text, name=name)) from error
    if data is not None and not isinstance(data, bool | int | float | str):
        raise ValueError(f"{data!r} is no value")
    return data


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, Decimal) else value.isoformat()
