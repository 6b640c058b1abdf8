"""The rows of a grid as pages: read in parts beside the window, as the grid shows them, with progress and a way out."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QFont, QPageSize, QPdfWriter

from kernel.error import EspalierError
from kernel.open_file import refuse_open
from kernel.tables.outline.row import OUTLINE, GroupRow, TreeRow
from kernel.words import mark, say, say_count
from widgets.grid.group_value import value_words
from widgets.grid.notice import sentence
from widgets.grid.shown_text import shown_text
from widgets.printing.items import ItemColumn, item_columns
from widgets.printing.sheet import Line, Sheet, SheetColumn, written_on

if TYPE_CHECKING:
    from PySide6.QtGui import QPagedPaintDevice

    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid
    from widgets.items.view import ItemView

#: Rows on paper at most, rows read at once, and letters of a cell at most.
MOST_ROWS, PAGE, LONGEST = 100_000, 1000, 300
_DPI = 600
_WORDS = {True: mark("yes"), False: mark("no"), None: ""}


class Printing:
    """What is to be printed of a grid, taken on the GUI thread; :meth:`paint` runs on another.

    Attributes:
        title: What it is called.
        count: How many rows.

    Raises:
        EspalierError: there are no rows, or too many.
    """

    def __init__(self, grid: Grid | ItemView) -> None:
        self.title = grid.accessibleName()
        self._columns: list[Any] = list(grid.columns) if hasattr(grid, "block") else item_columns(grid)
        self.count, self._is_exact = grid.rows.cache.count or 0, grid.rows.cache.is_exact
        self._query, self._opener = grid.rows.query(), grid.rows.opener()
        self._font = QFont(grid.context.theme.font("body"))
        if not self.count or not self._columns:
            raise EspalierError(say("there are no rows to print"))
        if self.count > MOST_ROWS:
            hint = say("at most {most:,} at once: filter them, or export them", most=MOST_ROWS)
            raise EspalierError(say("{count:,} rows are too many to print", count=self.count), hint=hint)

    def paint(self, device: QPagedPaintDevice, report: Callable[[float], None]) -> int:
        """Paint all pages; answers how many.

        Raises:
            EspalierError, OSError: they cannot be read or written.
        """
        sheet, lines = self.sheet(device, report)
        return sheet.paint(lines, self.count, report)

    def sheet(
        self, device: QPagedPaintDevice, report: Callable[[float], None], *, is_fixed: bool = False
    ) -> tuple[Sheet, Iterator[Line]]:
        """The plan of the pages, and the lines on them; ``is_fixed`` leaves the paper as it lies.

        Raises:
            EspalierError: the rows cannot be read.
        """
        table = self._opener()
        if not self._is_exact:
            self.count = table.prepare(self._query, lambda _part: report(0.0))
        first = list(self._lines(table, 0, PAGE))
        columns = [SheetColumn(one.label, one.align, one.is_flexible) for one in self._columns]
        note = written_on(datetime.datetime.now(), self.count)
        sheet = Sheet(device, self._font, self.title, note, columns, first, is_fixed=is_fixed)

        def lines() -> Iterator[Line]:
            yield from first
            for start in range(PAGE, self.count, PAGE):
                yield from self._lines(table, start, start + PAGE)

        return sheet, lines()

    def _lines(self, table: Any, start: int, stop: int) -> Iterator[Line]:
        block = table.fetch(self._query, start, min(stop, self.count))
        marks = block.columns.get(OUTLINE)
        for index in range(len(block)):
            mark = marks[index] if marks is not None else None
            if isinstance(mark, GroupRow):
                yield Line((f"{value_words(mark.label, None)} ({mark.count:,})",), mark.depth)
                continue
            read = {path: values[index] for path, values in block.columns.items()}.get
            indent = mark.depth if isinstance(mark, TreeRow) else 0
            yield Line(tuple(_text(column, read) for column in self._columns), indent)


def _text(column: Any, read: Callable[[str], Any]) -> str:
    return column.text(read) if isinstance(column, ItemColumn) else written(column, read)


def written(column: GridColumn, read: Callable[[str], Any]) -> str:
    """What a column says of a row, on one line."""
    value = column.shown_value(read)
    if column.look == "check" and (value is None or isinstance(value, bool)):
        return _WORDS[value]
    if isinstance(value, str):
        return shown_text(column.write(value[:LONGEST]))
    return column.write(value)


def write_pdf(grid: Grid | ItemView, path: Path) -> None:
    """Write the grid's rows into a PDF file, which takes its place when it is whole; says so at the end.

    Raises:
        EspalierError: there are no rows, or too many.
    """
    printing = Printing(grid)

    def work(report: Callable[[float], None]) -> int:
        return into_file(path, printing.title, lambda device: printing.paint(device, report))

    run(grid, say("Writing {name}", name=path.name), work, lambda pages: told_of(path, pages))


def print_rows(grid: Grid | ItemView, device: QPagedPaintDevice) -> None:
    """Print the grid's rows on a printer.

    Raises:
        EspalierError: there are no rows, or too many.
    """
    printing = Printing(grid)
    run(grid, say("Printing"), lambda report: printing.paint(device, report), sent_to_printer)


def into_file(path: Path, title: str, paint: Callable[[QPagedPaintDevice], int]) -> int:
    """Paint pages into a PDF file, which takes its place when it is whole; answers how many.

    Raises:
        OSError: it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        # Says at once why nothing can be written there, which the writer of pages keeps to itself.
        refuse_open(path)
        beside.touch()
        pages = paint(_pdf(str(beside), title))
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return pages


def told_of(path: Path, pages: int) -> str:
    """What a person is told when a file is written."""
    return say_count("{name}: {count:,} page", "{name}: {count:,} pages", pages, name=path.name)


def sent_to_printer(pages: int) -> str:
    """What a person is told when all pages are at the printer."""
    return say_count("{count:,} page went to the printer", "{count:,} pages went to the printer", pages)


def _pdf(name: str, title: str) -> QPdfWriter:
    writer = QPdfWriter(name)
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setTitle(title)
    return writer


def run(grid: Any, text: str, work: Callable[[Any], int], told: Callable[[int], str]) -> None:
    """Do work on the thread of a view, with progress and a way out; says how it ended."""

    def done(answer: Any) -> None:
        if isinstance(answer, Exception):
            grid.context.reporter.report("error", say("{work} failed", work=text), sentence(answer))
        else:
            grid.context.reporter.report("success", told(answer))

    (grid.block if hasattr(grid, "block") else grid.actions).work.run(text, work, done)
