"""Pasting into a grid: where a block of cells goes, and what of the clipboard is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QApplication

from kernel.tables.clip_html import read_html
from kernel.tables.clip_text import ClipCell, ClipRows, read_text
from kernel.tables.error import TableError
from kernel.words import say
from widgets.grid.plan import Wanted
from widgets.grid.selection import Area

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn

#: Characters of HTML that are read; beyond it the text is taken, which is read a hundred times faster.
MOST_HTML = 2_000_000
#: Cells that are pasted at most.
MOST_CELLS = 5_000_000


class Clip(NamedTuple):
    """What the clipboard holds."""

    text: str
    html: str

    def rows(self) -> ClipRows:
        """Its cells; the HTML table goes before the text, since it tells numbers from texts.

        Raises:
            TableError: there are too many.
        """
        rows = read_html(self.html) if self.html and len(self.html) <= MOST_HTML else []
        rows = rows or read_text(self.text)
        if (cells := sum(map(len, rows))) > MOST_CELLS:
            raise TableError(
                say("{cells:,} cells are too many to paste", cells=cells),
                hint=say("at most {most:,} at once", most=MOST_CELLS),
            )
        return rows


def clipboard() -> Clip | None:
    """What can be pasted, or None."""
    data = QApplication.clipboard().mimeData()
    if data is None or not (data.hasText() or data.hasHtml()):
        return None
    clip = Clip(data.text(), data.html() if data.hasHtml() else "")
    return clip if clip.text or clip.html else None


class Target(NamedTuple):
    """Where to paste: the selected ranges, the columns of the grid, the number of stored rows."""

    areas: list[Area]
    columns: list[GridColumn]
    count: int


def placed(rows: ClipRows, target: Target) -> list[Wanted]:
    """The cells to write, for each range that takes some.

    One cell fills all ranges. A block goes to the corner of the one range, and is repeated where that is a multiple of
    it; what reaches beyond the last row becomes new rows.

    Raises:
        TableError: the ranges and the block do not go together, or would be too many cells.
    """
    high, wide = len(rows), max(map(len, rows))
    if high == wide == 1:
        return [_wanted(rows, area, target, has_new_rows=False) for area in target.areas]
    if len(target.areas) > 1:
        raise TableError(say("a block of cells is pasted to one place"), hint="select one cell, or one range")
    area = target.areas[0]
    is_repeated = area.height % high == 0 and area.width % wide == 0 and (area.height, area.width) != (high, wide)
    if not is_repeated:
        area = Area(area.top, area.left, area.top + high - 1, area.left + wide - 1)
    return [_wanted(rows, area, target, has_new_rows=not is_repeated)]


def _wanted(rows: ClipRows, area: Area, target: Target, *, has_new_rows: bool) -> Wanted:
    high, wide, last = len(rows), max(map(len, rows)), min(area.bottom, target.count - 1)
    if area.height * area.width > MOST_CELLS:
        cells = area.height * area.width
        raise TableError(
            say("{cells:,} cells are too many to paste into", cells=cells),
            hint=say("at most {most:,} at once", most=MOST_CELLS),
        )

    def cell(row: int, column: int) -> ClipCell | None:
        line = rows[row % high]
        return line[column % wide] if column % wide < len(line) else None

    added = max(area.bottom - max(target.count, area.top) + 1, 0) if has_new_rows else 0
    spans = [(area.top, last)] if area.top <= last else []
    columns = target.columns[area.left : area.right + 1]
    missed = max(area.right + 1 - len(target.columns), 0)
    return Wanted(spans, columns, cell, added, missed)
