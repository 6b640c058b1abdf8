"""Excel workbooks: one sheet with a line of headings that stays in sight, and cells in their own types."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from kernel.tables.error import TableError
from kernel.tables.exchange.format import OutColumn
from kernel.tables.exchange.plain import plain_text

#: Characters of a cell, and digits of a number, that Excel keeps.
_MOST_CHARACTERS, _MOST_DIGITS = 32_767, 15
#: What XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: The first day that Excel counts from.
_FIRST_YEAR = 1900
_NUMBER_FORMATS = {"date": "yyyy-mm-dd", "time": "hh:mm:ss", "datetime": "yyyy-mm-dd hh:mm:ss"}


class WorkbookWriter:
    """See :class:`kernel.tables.exchange.format.Writer`; rows go to the file as they come."""

    def __init__(self, path: Path, columns: Sequence[OutColumn]) -> None:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font

        self._path = path
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Rows")
        self._sheet.freeze_panes = "A2"
        self._formats = [_NUMBER_FORMATS.get(column.type, "") for column in columns]
        self._cell = WriteOnlyCell
        for index, column in enumerate(columns):
            letters = _letters(index)
            self._sheet.column_dimensions[letters].width = max(min(len(column.heading) + 4, 40), 12)
        headings = [self._made(column.heading, "") for column in columns]
        for heading in headings:
            heading.font = Font(bold=True)
        self._sheet.append(headings)

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        for row in zip(*columns, strict=True):
            self._sheet.append([self._made(value, form) for value, form in zip(row, self._formats, strict=True)])

    def close(self) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        self._book.save(self._path)

    def abandon(self) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        self._sheet.close()
        self._sheet._writer.cleanup()  # its rows, which openpyxl else leaves in the temporary directory until the end
        self._book.close()

    def _made(self, value: Any, form: str) -> Any:
        held = _held(value)
        if held is None:
            return None
        cell = self._cell(self._sheet, held)
        if isinstance(held, str):
            cell.data_type = "s"  # a text that begins with "=" stays a text
        elif form and not isinstance(held, bool | int | float | Decimal):
            cell.number_format = form
        return cell


def _held(value: Any) -> Any:
    """The value as a cell can hold it without losing anything."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Decimal) and not value.is_finite():
        return str(value)
    if isinstance(value, int | Decimal) and len(str(value).strip("-0").replace(".", "")) <= _MOST_DIGITS:
        return value
    if isinstance(value, float) and value - value == 0:
        return value
    if isinstance(value, datetime.datetime) and value.year >= _FIRST_YEAR and value.tzinfo is None:
        return value
    if isinstance(value, datetime.date) and value.year >= _FIRST_YEAR and not isinstance(value, datetime.datetime):
        return value
    if isinstance(value, datetime.time):
        return value
    text = plain_text(value)
    if len(text) > _MOST_CHARACTERS:
        raise TableError(f"a text of {len(text):,} characters does not fit into a cell of a workbook",
                         hint=f"a cell holds {_MOST_CHARACTERS:,}; choose another format")
    return _FORBIDDEN.sub("\ufffd", text)


def _letters(index: int) -> str:
    """``A``, ``B``, … ``AA``: the name of a sheet's column."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
