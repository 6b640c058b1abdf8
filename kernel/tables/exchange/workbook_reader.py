"""Rows of an Excel workbook: the first line that is not empty has the headings; formulas give their last results."""

from __future__ import annotations

import datetime
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from kernel.open_file import refuse_open
from kernel.tables.error import SourceError
from kernel.tables.exchange.given import MOST_ROWS
from kernel.tables.exchange.plain import plain_text
from kernel.tables.exchange.workbook_text import ROWS, unescaped
from kernel.tables.interrupt import current
from kernel.words import mark

#: What a cell is that holds a text, an empty one among them.
_TEXTS = ("s", "inlineStr")
#: Rows between looks whether the work was given up.
_LOOK = 500


def read_workbook(path: Path, sheet: str = "") -> tuple[list[str], list[tuple[Any, ...]]]:
    """(Headings, rows) of a sheet, the one in front when none is named.

    Raises:
        SourceError: it is no workbook, has no such sheet, or too many rows.
        OSError: it cannot be read.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    refuse_open(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles that are not read
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            return _rows(book, path.name, sheet)
        finally:
            book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, EOFError) as error:
        raise SourceError(mark(f"{path.name} is no Excel workbook, or is damaged"), hint=str(error)[:200]) from error


def sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets; raises as :func:`read_workbook`."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    refuse_open(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, EOFError) as error:
        raise SourceError(mark(f"{path.name} is no Excel workbook, or is damaged"), hint=str(error)[:200]) from error
    try:
        return [one.title for one in book.worksheets]
    finally:
        book.close()


def _rows(book: Any, name: str, sheet: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    names = [one.title for one in book.worksheets]
    if not names or (sheet and sheet not in names):
        raise SourceError(f"{name} has no sheet {sheet}".rstrip(), hint=f"it has {', '.join(names)}" if names else "")
    found = book[sheet or (book.active.title if book.active in book.worksheets else names[0])]
    lines = _lines(book, found)
    headings = next(lines, ())
    width = max((index + 1 for index, value in enumerate(headings) if value is not None), default=0)
    rows: list[tuple[Any, ...]] = []
    for line in lines:
        if len(rows) == MOST_ROWS:
            raise SourceError(mark(f"{name} has more than {MOST_ROWS:,} rows"))
        over = next((value for value in line[width:] if value is not None), None)
        if over is not None:
            raise SourceError(mark(f"{name} has a value to the right of the headings in row {len(rows) + 1:,}: {over}"),
                              hint=mark("give its column a heading"))
        rows.append((*map(_value, line[:width]), *(None,) * (width - len(line))))
        if len(rows) % _LOOK == 0 and (interrupt := current()) is not None:
            interrupt.check()
    return [unescaped(plain_text(value)) if value is not None else "" for value in headings[:width]], rows


def _lines(book: Any, sheet: Any) -> Iterator[Sequence[Any]]:
    """The rows of a sheet. In one that we wrote, and that has as many rows still, rows and texts of nothing count."""
    written = next((one.value for one in book.custom_doc_props.props if one.name == ROWS), None)
    if written is None or len(book.worksheets) > 1 or sum(1 for _ in sheet.iter_rows(values_only=True)) != written + 1:
        return _filled(sheet.iter_rows(values_only=True))
    return (tuple("" if cell.value is None and cell.data_type in _TEXTS else cell.value for cell in row)
            for row in sheet.iter_rows())  # fmt: skip


def _filled(lines: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    return (line for line in lines if any(value is not None for value in line))


def _value(value: Any) -> Any:
    """Durations as texts; a whole number that Excel keeps as a float stays what it shows."""
    if isinstance(value, str):
        return unescaped(value)
    if isinstance(value, datetime.timedelta):
        return str(value)
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value
