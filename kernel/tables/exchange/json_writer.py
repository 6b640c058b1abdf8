"""JSON: a list of objects, or an object a line. Decimals are written with all their digits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from kernel.tables.exchange.format import OutColumn
from kernel.tables.exchange.plain import plain_text
from kernel.tables.whole_text import is_whole


class JsonLinesWriter:
    """See :class:`kernel.tables.exchange.format.Writer`."""

    before, between, after = "", "\n", "\n"

    def __init__(self, path: Path, columns: Sequence[OutColumn]) -> None:
        self._file = path.open("x", encoding="utf-8")
        self._names = [_text(column.heading) for column in columns]
        self._has_rows = False
        self._file.write(self.before)

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        for row in zip(*columns, strict=True):
            pairs = (f"{name}: {_json(value)}" for name, value in zip(self._names, row, strict=True))
            start = self.between if self._has_rows else ""
            self._file.write(f"{start}{{{', '.join(pairs)}}}")
            self._has_rows = True

    def close(self) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        if self._has_rows or self.before:
            self._file.write(self.after)
        self._file.close()

    def abandon(self) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        self._file.close()


class JsonWriter(JsonLinesWriter):
    """See :class:`kernel.tables.exchange.format.Writer`."""

    before, between, after = "[\n", ",\n", "\n]\n"


def _json(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:f}"
    if isinstance(value, float) and value - value == 0:
        return repr(value)
    return _text(plain_text(value))


def _text(text: str) -> str:
    """A text as JSON; half a character can only be said by its escape (RFC 8259, 8.2)."""
    return json.dumps(text, ensure_ascii=not is_whole(text))
