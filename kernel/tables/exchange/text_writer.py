"""CSV (RFC 4180) and TSV: UTF-8, a line of headings, ``\\r\\n`` as Excel and LibreOffice write them.

A missing value is an empty cell, an empty text a quoted one, so that both come back as what they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kernel.tables.exchange.format import OutColumn
from kernel.tables.exchange.plain import plain_text


class CsvWriter:
    """See :class:`kernel.tables.exchange.format.Writer`."""

    separator = ","

    def __init__(self, path: Path, columns: Sequence[OutColumn]) -> None:
        self._file = path.open("x", encoding="utf-8", errors="surrogateescape", newline="")
        self._special = frozenset(f'{self.separator}",;|\t\r\n')  # whoever guesses separators must not take another
        self._are_texts = [column.type in ("text", "longtext") for column in columns]
        self._file.write(self.separator.join(self._cell(column.heading) for column in columns) + "\r\n")

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        cell, separator = self._cell, self.separator
        columns = [list(map(_as_text, values)) if is_text else values
                   for is_text, values in zip(self._are_texts, columns, strict=True)]  # fmt: skip
        lines = (separator.join(map(cell, row)) + "\r\n" for row in zip(*columns, strict=True))
        self._file.writelines(lines)

    def close(self) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        self._file.close()

    def abandon(self) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        self._file.close()

    def _cell(self, value: Any) -> str:
        if value is None:
            return ""
        text = plain_text(value)
        if not text or not self._special.isdisjoint(text) or text != text.strip():
            return '"' + text.replace('"', '""') + '"'
        return text


def _as_text(value: Any) -> Any:
    """Bytes among texts as they are: somebody's text in another encoding, or a broken one."""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


class TsvWriter(CsvWriter):
    """See :class:`kernel.tables.exchange.format.Writer`."""

    separator = "\t"
