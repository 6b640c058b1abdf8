"""Copying a grid's selected cells: as text and as an HTML table; rows that are not here are read off the GUI thread."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication

from kernel.tables.clip_html import write_html
from kernel.tables.clip_text import ClipCell, write_text
from kernel.words import say
from widgets.grid.clip_value import clip_cell
from widgets.grid.notice import sentence
from widgets.job import Report
from widgets.listing.ranges import Span, merged
from widgets.listing.span import read_spans

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid

#: Cells that are copied at most, and that are put on the clipboard as HTML too.
MOST_CELLS, MOST_HTML = 5_000_000, 200_000
#: Rows that are copied at once when they are here.
_AT_ONCE = 2000


class Copied(NamedTuple):
    """What is to be copied: ranges of rows, and columns."""

    spans: list[Span]
    columns: list[GridColumn]

    @property
    def rows(self) -> int:
        """How many rows."""
        return sum(bottom - top + 1 for top, bottom in self.spans)


def copied(grid: Grid) -> Copied | None:
    """The selected cells as one table, or None when the ranges make none."""
    areas = grid.selection.areas()
    if len({(area.left, area.right) for area in areas}) == 1:
        return Copied(merged((area.top, area.bottom) for area in areas), _columns(grid, [(areas[0][1], areas[0][3])]))
    if len({(area.top, area.bottom) for area in areas}) == 1:
        return Copied([(areas[0].top, areas[0].bottom)], _columns(grid, [(area.left, area.right) for area in areas]))
    return None


def _columns(grid: Grid, ranges: list[Span]) -> list[GridColumn]:
    return [grid.columns[at] for left, right in merged(ranges) for at in range(left, right + 1)]


def copy_selection(grid: Grid, *, has_headings: bool = False, after: Callable[[], None] = lambda: None) -> None:
    """Put the selected cells on the clipboard, now or when their rows have come; then ``after``."""
    notice = grid.editing.notice
    if not grid.selection.areas():
        return
    what = copied(grid)
    if what is None:
        notice.say("These ranges cannot be copied together: neither their rows nor their columns are the same")
        return
    if what.rows * len(what.columns) > MOST_CELLS:
        cells = what.rows * len(what.columns)
        notice.say(f"{cells:,} cells are too many for the clipboard, which takes {MOST_CELLS:,}; export them instead")
        return
    headings = [column.label for column in what.columns] if has_headings else []
    if what.rows <= _AT_ONCE and (rows := _rows_here(grid, what)) is not None:
        _put(*_texts(rows, headings))
        after()
        return
    _copy_read(grid, what, headings, after)


def _rows_here(grid: Grid, what: Copied) -> list[list[ClipCell]] | None:
    rows = []
    for top, bottom in what.spans:
        for row in range(top, bottom + 1):
            read = grid.content.reader(row)
            if read is None:
                return None
            if grid.outline is not None and grid.outline.refuses(row):
                if what.rows == 1:
                    return [[ClipCell(grid.cell_text(row, grid.columns.index(column))) for column in what.columns]]
                continue
            rows.append([clip_cell(column, column.shown_value(read)) for column in what.columns])
    return rows


def _copy_read(grid: Grid, what: Copied, headings: list[str], after: Callable[[], None]) -> None:
    table, query, count = grid.rows.opener(), grid.rows.query(), grid.rows.cache.count or 0
    spans = [(top, min(bottom, count - 1)) for top, bottom in what.spans if top < count]

    def work(report: Report) -> tuple[str, str]:
        rows: list[list[ClipCell]] = []
        for block in read_spans(table(), query, spans, {}, report):
            for index in range(len(block)):
                read = {path: values[index] for path, values in block.columns.items()}.get
                rows.append([clip_cell(column, column.shown_value(read)) for column in what.columns])
        return _texts(rows, headings)

    def done(answer: Any) -> None:
        if isinstance(answer, Exception):
            grid.editing.notice.say(f"The selected rows could not be copied. {sentence(answer)}")
            return
        _put(*answer)
        grid.context.reporter.report("success", say("{rows:,} rows are on the clipboard", rows=what.rows))
        after()

    grid.block.work.run(say("Copying {rows:,} rows", rows=what.rows), work, done)


def _texts(rows: list[list[ClipCell]], headings: list[str]) -> tuple[str, str]:
    """The cells as text, and as HTML unless they are too many for that."""
    plain: list[Iterable[str]] = [headings] if headings else []
    plain += [[cell.text for cell in row] for row in rows]
    is_small = sum(map(len, rows)) <= MOST_HTML
    return write_text(plain), write_html(rows, headings) if is_small else ""


def _put(text: str, html: str) -> None:
    data = QMimeData()
    data.setText(text)
    if html:
        data.setHtml(html)
    QApplication.clipboard().setMimeData(data)
    _put_there[:] = [data]


#: What this process put on the clipboard last.
_put_there: list[QMimeData] = []


@atexit.register
def _leave_text() -> None:
    """Leave what was copied as plain text when Python ends.

    WORKAROUND PySide6: a QMimeData made by Python that is still on the clipboard crashes the end of the process: until
    shiboken takes such objects down before the interpreter.
    """
    if QApplication.instance() is None or not _put_there:
        return
    clipboard = QApplication.clipboard()
    if clipboard.mimeData() is _put_there[0]:
        clipboard.setText(clipboard.text())
