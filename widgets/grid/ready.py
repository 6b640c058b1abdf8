"""Rows made ready for painting: once per row, what stands in each column and where, so that a frame only draws it.

A row is made anew when its values, the columns' widths or the theme are others; cells that are being edited are made
for each frame.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from widgets.grid.cell import Cell
from widgets.grid.cell_plan import Plan, ReadyCell
from widgets.listing.cache import PAGE

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.listing.cache import Page

#: Rows that are made at once between two looks at the clock.
_AT_ONCE = 8


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
        self._look_at_columns()
        grid = self._grid
        found = grid.rows.cache.find(row)
        marks = grid.editing.marks
        if found is None or (marks and any(at[0] == found[0].block.keys[found[1]] for at in marks)):
            return self._make(row)
        page, index = found
        kept = page.ready.get(index)
        if kept is None or kept[0] != self._generation:
            self._make_stored(row // PAGE * PAGE, page, [index])
            kept = page.ready[index]
        return kept[1]

    def make(self, rows: range) -> None:
        """Make those of the rows ready that are here and are not ready, column by column."""
        self._look_at_columns()
        pages, generation = self._grid.rows.cache.pages, self._generation
        for number in range(rows.start // PAGE, -(-rows.stop // PAGE)):
            if (page := pages.get(number)) is None:
                continue
            first, ready = number * PAGE, page.ready
            here = range(max(rows.start - first, 0), min(rows.stop - first, len(page.block)))
            wanted = [at for at in here if at not in ready or ready[at][0] != generation]
            if wanted:
                self._make_stored(first, page, wanted)

    def make_some(self, first: int, last: int, until_s: float) -> bool:
        """Make rows ready that may be shown next, until that reading of the clock; answers whether all are."""
        end = min(last, self._grid.row_count())
        for row in range(max(first, 0), end, _AT_ONCE):
            if perf_counter() > until_s:
                return False
            self.make(range(row, min(row + _AT_ONCE, end)))
        return True

    def _look_at_columns(self) -> None:
        if self._grid.columns is not self._columns:
            self._columns = self._grid.columns
            self.forget()

    def _plan(self) -> list[Plan]:
        if not self._plans:
            self._plans = [Plan(self._grid, column) for column in self._grid.columns]
        return self._plans

    def _make_stored(self, first: int, page: Page, wanted: list[int]) -> None:
        """Stored rows without edits: those that no rule makes different are made at once."""
        content, outline = self._grid.content, self._grid.outline
        plain = wanted
        if outline is not None or content.styles:
            plain = []
            for at in wanted:
                emphasis = content.emphasis(first + at)
                if outline is None and not emphasis:
                    plain.append(at)
                else:
                    page.ready[at] = (self._generation, self._make_outstanding(first + at, emphasis))
        columns = [plan.cells(page.block, plain) for plan in self._plan()]
        # Rows may be here before any column is, where the table got its columns in between.
        rows = zip(*columns, strict=True) if columns else [()] * len(plain)
        for at, cells in zip(plain, rows, strict=True):
            page.ready[at] = (self._generation, cells)

    def _make_outstanding(self, row: int, emphasis: dict[str, str]) -> list[ReadyCell]:
        """A stored row that a rule or its place among others makes different."""
        outline, plans, read = self._grid.outline, self._plan(), self._grid.content.reader(row)
        if outline is not None:
            plans, emphasis = outline.plans(plans, row), outline.emphasis(row, emphasis)
        whole = emphasis.get("", "")
        return [
            plan.cell(plan.column.shown_value(read), emphasis.get(plan.column.path, whole), read) for plan in plans
        ]

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


def placed(ready: ReadyCell, left: float, top: float, color: str) -> Cell:
    """The cell at its place, in its own colour or in the row's."""
    cell = Cell(left, top, *ready.rest)
    return cell if cell.color else cell._replace(color=color)
