"""Rows made ready for painting: once per row, what stands in each column and where, so that a frame only draws it.

A row is made anew when its values, the columns' widths or the theme are others; cells that are being edited are made
for each frame.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from widgets.grid.cell import Cell
from widgets.grid.renderer.table import Draw, draw_of, renderer
from widgets.grid.shown_text import directed

if TYPE_CHECKING:
    from widgets.grid.cache import Page
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid
    from widgets.grid.mark import Mark

_TONES = {"muted": "muted", "success": "success", "warning": "warning", "error": "error", "strong": "text"}
_DASH = "\u2013"
#: Types whose cells are kept by their values, and how many of a column.
_SIMPLE = frozenset({str, int, float, bool, Decimal, datetime.date, datetime.datetime, datetime.time})
_KEPT = 8192
#: Texts of so many characters are cut to what may fit before they are measured.
_MEASURED = 60


class ReadyCell(NamedTuple):
    """What to draw in one cell.

    Attributes:
        offset: From the column's left border to the text, in pixels.
        text: Already cut to the room.
        color: The text's colour by name; empty = that of the row.
        draw: Draws the cell; None = it is just that text.
        rest: The arguments of :class:`Cell` behind ``left`` and ``top``, where there is a ``draw``.
        is_strong: Whether the text is in the strong font.
        mark: The edit under way, if any.
        indent: How far in it begins, in pixels; in ``offset`` already.
    """

    offset: float
    text: str
    color: str
    draw: Draw | None = None
    rest: tuple[Any, ...] = ()
    is_strong: bool = False
    mark: Mark | None = None
    indent: int = 0


class ReadyRows:
    """Keeps the ready rows of a grid in its pages."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        #: Grows when all rows must be made anew; rows that were made before are not used any more.
        self._generation = 0
        self._plans: list[Plan] = []
        self._columns = grid.columns

    def forget(self) -> None:
        """Columns, widths, fonts or colours are others."""
        self._generation += 1
        self._plans = []

    def cells(self, row: int) -> list[ReadyCell] | None:
        """The row's cells in the order of the columns, or None when the row is not here."""
        grid = self._grid
        if grid.columns is not self._columns:
            self._columns = grid.columns
            self.forget()
        found = grid.rows.cache.find(row)
        marks = grid.editing.marks
        if found is None or (marks and any(at[0] == found[0].block.keys[found[1]] for at in marks)):
            return self._make(row)
        page, index = found
        kept = page.ready.get(index)
        if kept is None or kept[0] != self._generation:
            kept = page.ready[index] = (self._generation, self._make_stored(row, page, index))
        return kept[1]

    def make_some(self, first: int, last: int, until_s: float) -> bool:
        """Make rows ready that may be shown next, until that reading of the clock; answers whether all are."""
        for row in range(max(first, 0), min(last, self._grid.row_count())):
            if perf_counter() > until_s:
                return False
            self.cells(row)
        return True

    def _plan(self) -> list[Plan]:
        if not self._plans:
            self._plans = [Plan(self._grid, column) for column in self._grid.columns]
        return self._plans

    def _make_stored(self, row: int, page: Page, index: int) -> list[ReadyCell]:
        """A stored row without edits: most cells are plain, and read straight from the block."""
        content, block = self._grid.content, page.block.columns
        emphasis, read = content.emphasis(row), None
        whole = emphasis.get("", "") if emphasis else ""
        cells, plans, outline = [], self._plan(), self._grid.outline
        if outline is not None:
            plans = outline.plans(plans, row)
            emphasis = outline.emphasis(row, emphasis)
            whole = emphasis.get("", "")
        for plan in plans:
            if plan.path in block:
                value = block[plan.path][index]
            else:
                read = read or content.reader(row)
                value = plan.column.shown_value(read)
            how = emphasis.get(plan.column.path, whole) if emphasis else ""
            if plan.is_plain and not how:
                kind = value.__class__
                is_short = kind in _SIMPLE and (kind is not str or len(value) <= _MEASURED)
                cells.append((plan.kept.get((kind, value)) if is_short else None) or plan.plain(value))
            else:
                read = read or content.reader(row)
                cells.append(plan.cell(value, how, read))
        return cells

    def _make(self, row: int) -> list[ReadyCell] | None:
        """A row that is new or has edits."""
        grid = self._grid
        read = grid.content.reader(row)
        if read is None:
            return None
        emphasis, marks, key = grid.content.emphasis(row), grid.editing.marks, grid.row_key(row)
        cells, plans = [], self._plan()
        if grid.outline is not None:
            plans = grid.outline.plans(plans, row)
        for plan in plans:
            mark = marks.get((key, plan.column.path))
            how = emphasis.get(plan.column.path, emphasis.get("", ""))
            value = mark.value if mark is not None else plan.column.shown_value(read)
            cells.append(plan.cell(value, how, read, mark))
        return cells


class Plan:
    """How one column's cells are made ready at its width.

    Attributes:
        column: The column.
        path: Where its shown value stands in a block; empty when it must be worked out.
        is_plain: Whether its cells are just texts, unless they are emphasised or edited.
        kept: (Type, value) → its plain cell.
    """

    __slots__ = ("_content", "_dash", "_indent", "_kind", "_look", "_room", "column", "is_plain", "kept", "path")

    def __init__(self, grid: Grid, column: GridColumn, indent: int = 0) -> None:
        self._indent = indent
        self.column, self._look, self._content = column, grid.look, grid.content
        self._kind = renderer(column.look)
        self.path = "" if column.computed or column.labelled is not None else column.path
        self.is_plain = self._kind.name == "text" and not column.icon_path
        icon_room = self._look.icon_room if column.icon_path else 0
        self._room = column.width - 2 * self._look.padding - self._kind.extra_width - icon_room - indent
        self.kept: dict[tuple[type, Any], ReadyCell] = {}
        self._dash = self._plain_text(_DASH, "disabled")

    def plain(self, value: Any) -> ReadyCell:
        """A cell that is just its text; kept, since columns have the same values again and again."""
        if value is None:
            return self._dash
        cell = self._plain_text(self._content.line(self.column, value), "")
        kind = value.__class__
        if kind in _SIMPLE and (kind is not str or len(value) <= _MEASURED):
            if len(self.kept) >= _KEPT:
                self.kept.clear()
            self.kept[kind, value] = cell
        return cell

    def _plain_text(self, text: str, color: str) -> ReadyCell:
        measure, padding, column = self._look.measure, self._look.padding, self.column
        if column.align == "start":
            # Where it begins does not depend on its width, which is asked for only when it may be too wide.
            if measure.rough_width(text) > self._room:
                text, _ = measure.fit(text, self._room)
            return ReadyCell(padding + self._indent, directed(text), color)
        text, advance = self._fitted(text, False)
        free = column.width - padding - advance if column.align == "end" else (column.width - advance) / 2
        return ReadyCell(free, directed(text), color)

    def cell(self, value: Any, emphasis: str, read: Any, mark: Mark | None = None) -> ReadyCell:
        """Any cell."""
        column, kind = self.column, self._kind
        if mark is None and emphasis != "strong" and self.is_plain and value is not None:
            return self._plain_text(self._content.line(column, value), _TONES.get(emphasis, ""))
        is_strong, color = emphasis == "strong", _TONES.get(emphasis, "")
        if value is None and not kind.draws_null:
            text, color = _DASH, "disabled"
        else:
            text = mark.text if mark is not None else self._content.line(column, value)
        text, advance = self._fitted(text, is_strong)
        text = directed(text)
        icon = str(read(column.icon_path) or "app") if column.icon_path else ""
        width, store = column.width - self._indent, self._content.store
        rest = (width, text, advance, value, column.align, color, icon, column, store)
        return ReadyCell(self._look.padding, text, color, draw_of(kind.name), rest, is_strong, mark, self._indent)

    def _fitted(self, text: str, is_strong: bool) -> tuple[str, float]:
        """The text and its width, cut where the room ends."""
        measure = self._look.strong_measure if is_strong else self._look.measure
        if len(text) < _MEASURED and (advance := measure.width(text)) <= self._room:
            return text, advance
        return measure.fit(text, self._room)


def placed(ready: ReadyCell, left: float, top: float, color: str) -> Cell:
    """The cell at its place, in its own colour or in the row's."""
    cell = Cell(left, top, *ready.rest)
    return cell if cell.color else cell._replace(color=color)
