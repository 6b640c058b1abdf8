"""Excel workbooks: one sheet with a line of headings that stays in sight, and cells in their own types."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from kernel.tables.error import TableError
from kernel.tables.exchange.format import OutColumn
from kernel.tables.exchange.plain import plain_text
from kernel.tables.exchange.workbook_text import ROWS, escaped
from kernel.tables.interrupt import current

#: Characters of a cell, and digits of a number, that Excel keeps.
_MOST_CHARACTERS, _MOST_DIGITS = 32_767, 15
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
        self._headings = [column.heading for column in columns]
        self._count = 0
        for index, column in enumerate(columns):
            letters = _letters(index)
            self._sheet.column_dimensions[letters].width = max(min(len(column.heading) + 4, 40), 12)
        headings = [self._made(column.heading, place) for place, column in enumerate(columns)]
        for heading in headings:
            heading.font = Font(bold=True)
        self._sheet.append(headings)

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        for row in zip(*columns, strict=True):
            cells = [self._made(value, place) for place, value in enumerate(row)]
            if not any(cells):
                cells[0] = self._cell(self._sheet, None)
                cells[0].number_format = "@"  # a cell of nothing with a look of its own keeps the row
            self._sheet.append(cells)
            self._count += 1

    def close(self) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        from openpyxl.packaging.custom import IntProperty
        from openpyxl.writer.excel import ExcelWriter

        self._book.custom_doc_props.append(IntProperty(name=ROWS, value=self._count))
        with self._path.open("xb") as file:
            archive = zipfile.ZipFile(_Stopping(file), "w", zipfile.ZIP_DEFLATED)
            try:
                ExcelWriter(self._book, archive).save()
            finally:
                archive.close()

    def abandon(self) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        if not self._sheet.closed:
            self._sheet.close()
        self._sheet._writer.cleanup()  # its rows, which openpyxl else leaves in the temporary directory until the end
        self._book.close()

    def _made(self, value: Any, place: int) -> Any:
        held, form = _held(value), self._formats[place]
        if isinstance(held, str) and len(held) > _MOST_CHARACTERS:
            where = f"row {self._count + 1:,} has a text of {len(held):,} characters in {self._headings[place]}"
            raise TableError(f"{where}, which does not fit into a cell of a workbook",
                             hint=f"a cell holds {_MOST_CHARACTERS:,}; choose another format")  # fmt: skip
        if held is None:
            return None
        cell = self._cell(self._sheet, held)
        if isinstance(held, str):
            cell.data_type = "s"  # a text that begins with "=" stays a text, and an empty one a cell
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
    if isinstance(value, datetime.datetime) and value.year >= _FIRST_YEAR and _is_held(value):
        return value
    if isinstance(value, datetime.date) and value.year >= _FIRST_YEAR and not isinstance(value, datetime.datetime):
        return value
    if isinstance(value, datetime.time) and _is_held(value):
        return value
    return escaped(plain_text(value))


def _is_held(value: datetime.datetime | datetime.time) -> bool:
    """Whether Excel has such moments: of no zone, and to the millisecond."""
    return value.tzinfo is None and value.microsecond % 1000 == 0


class _Stopping(io.RawIOBase):
    """A file that is not written any further once nobody waits for it.

    NOTE: the error is raised once, as an archive that is closed after it writes its end nevertheless.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._interrupt = current()
        self._is_stopped = False
        self.tell, self.seek, self.flush = file.tell, file.seek, file.flush  # type: ignore[method-assign]

    def write(self, data: Any) -> int:
        """As any file's; nothing after the call was given up."""
        if self._is_stopped:
            return len(data)
        if self._interrupt is not None:
            self._is_stopped = self._interrupt.is_set
            self._interrupt.check()
        return self._file.write(data)

    def seekable(self) -> bool:
        """See :class:`io.RawIOBase`."""
        return True

    def writable(self) -> bool:
        """See :class:`io.RawIOBase`."""
        return True


def _letters(index: int) -> str:
    """``A``, ``B``, … ``AA``: the name of a sheet's column."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
