"""What is selected in a grid: the range from an anchor to the current cell, and ranges that were kept before it.

Ranges are places (rows and columns from … to), never lists of rows. Whole rows, whole columns and everything follow
the number of rows and columns. Decides nothing about the current cell; painting is in ``selection_paint``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect

from widgets.listing.ranges import Span, count_of, merged, without

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


class Area(NamedTuple):
    """Cells from one corner to the other, both of them in it."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left + 1

    def contains(self, row: int, column: int) -> bool:
        """Whether a cell is in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right



class Selection:
    """One grid's selection.

    Attributes:
        anchor: (row, column) where the range began that ends at the current cell, or None for that cell alone.
        shape: ``cells``, ``rows``, ``columns`` or ``all``: what the range from the anchor takes in.
        kept: Ranges that stay selected beside it.
        is_adding: Whether moving begins another range and keeps the ones before.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self.anchor: tuple[int, int] | None = None
        self.shape = "cells"
        self.kept: list[Area] = []
        self.is_adding = False
        #: Whether the current cell itself was taken out.
        self._is_out = False
        self._rows_of: object = None

    # -- what is selected -----------------------------------------------------------------------------------------

    def active(self) -> Area:
        """The range that ends at the current cell."""
        grid, current = self._grid, self._grid.current
        last_row, last_column = max(grid.row_count() - 1, 0), max(len(grid.columns) - 1, 0)
        row, column = self.anchor or (current.row, current.column)
        top, bottom = min(row, current.row), min(max(row, current.row), max(last_row, current.row))
        left, right = min(column, current.column), min(max(column, current.column), last_column)
        if self.shape in ("columns", "all"):
            top, bottom = 0, last_row
        if self.shape in ("rows", "all"):
            left, right = 0, last_column
        return Area(top, left, bottom, right)

    def areas(self) -> list[Area]:
        """All ranges, the one that ends at the current cell last; none where there is no current cell."""
        if self._grid.current.row < 0:
            return []
        last_row, last_column = self._grid.row_count() - 1, len(self._grid.columns) - 1
        kept = [Area(one.top, one.left, min(one.bottom, last_row), min(one.right, last_column)) for one in self.kept]
        kept = [one for one in kept if one.top <= one.bottom and one.left <= one.right]
        return kept if self._is_out and kept else [*kept, self.active()]

    def contains(self, row: int, column: int) -> bool:
        """Whether a cell is selected."""
        return any(area.contains(row, column) for area in self.areas())

    def spans(self) -> list[Span]:
        """The selected rows as ranges, in order and apart from each other."""
        return merged((area.top, area.bottom) for area in self.areas())

    def row_total(self) -> int:
        """How many rows have a selected cell."""
        return count_of(self.spans())

    def is_several(self) -> bool:
        """Whether more than the current cell is selected."""
        areas = self.areas()
        return len(areas) > 1 or any(area.height > 1 or area.width > 1 for area in areas)

    def box(self) -> QRect:
        """The range that ends at the current cell: x, width in columns and y, height in rows."""
        area = self.active()
        return QRect(area.left, area.top, area.width, area.height)

    # -- changes --------------------------------------------------------------------------------------------------

    def follow_move(self, before: tuple[int, int], is_extending: bool) -> None:
        """The current cell moves from ``before``: extend the range, begin another one, or drop all."""
        if is_extending:
            self.anchor = self.anchor or (max(before[0], 0), before[1])
        else:
            self.anchor, self.shape = None, "cells"
            if not self.is_adding:
                self.kept = []
        self._is_out = False

    def take_in(self, shape: str) -> None:
        """Let the range take in its whole rows, columns, or everything."""
        current = self._grid.current
        if current.row < 0 or not self._grid.columns:
            return
        self.anchor = self.anchor or (current.row, current.column)
        is_wider = {self.shape, shape} == {"rows", "columns"}
        self.shape = "all" if is_wider else shape
        self._tell()

    def take_in_rows(self) -> None:
        """Select the whole rows of the range."""
        self.take_in("rows")

    def take_in_columns(self) -> None:
        """Select the whole columns of the range."""
        self.take_in("columns")

    def select_all(self) -> None:
        """Select every row; the current cell stays."""
        if self._grid.row_count() and self._grid.columns:
            self.kept, self.is_adding = [], False
            self.anchor, self.shape = (0, 0), "all"
            self._tell()

    def start_adding(self) -> None:
        """Keep what is selected; moving begins another range. Once more ends it."""
        self.is_adding = not self.is_adding
        if self.is_adding:
            self._keep()
        self._tell()

    def toggle_row(self, row: int) -> None:
        """Take a whole row in or out, and go to it."""
        last = max(len(self._grid.columns) - 1, 0)
        if not self.is_several() and self._grid.current.row >= 0 and row != self._grid.current.row:
            self.shape = "rows"
        kept = self._kept_with_active()
        spans = merged((area.top, area.bottom) for area in kept)
        is_in = any(top <= row <= bottom for top, bottom in spans) and self.is_several()
        left = without(spans, row) if is_in else spans
        self.kept = [Area(top, 0, bottom, last) for top, bottom in left]
        self.is_adding, was_adding = True, self.is_adding
        self._grid.current.go(row)
        self.is_adding = was_adding
        self.anchor, self.shape, self._is_out = (row, self._grid.current.column), "rows", is_in
        self._tell()

    def walk(self, rows: int, columns: int) -> bool:
        """Go to the next cell within what is selected, by rows or by columns; False when only one cell is selected."""
        if not self.is_several():
            return False
        areas, current = self.areas(), self._grid.current
        if not self._is_out:
            self.kept, self.anchor, self.shape = areas, None, "cells"
        here = next((at for at, area in enumerate(areas) if area.contains(current.row, current.column)), 0)
        area = areas[here]
        # Cells are counted in the direction of the walk, from one range on to the next.
        high, wide = area.height, area.width
        down, right = current.row - area.top, current.column - area.left
        at = (down + right * high if rows else down * wide + right) + rows + columns
        if not 0 <= at < high * wide:
            area = areas[(here + (1 if at > 0 else -1)) % len(areas)]
            high, wide = area.height, area.width
            at = 0 if at > 0 else high * wide - 1
        down, right = (at % high, at // high) if rows else divmod(at, wide)
        self.is_adding, was_adding = True, self.is_adding
        current.go(area.top + down, area.left + right)
        self.is_adding, self._is_out = was_adding, True
        self._tell()
        return True

    def clear(self) -> None:
        """Only the current cell is selected any more."""
        self.anchor, self.shape, self.kept = None, "cells", []
        self.is_adding = self._is_out = False
        self._tell()

    def take_rows(self, moved_by: int, rows_of: object) -> None:
        """Other rows are shown: the ranges go along with the current row, or go when the query is another one.

        Args:
            moved_by: By how many rows the current row stands lower than before.
            rows_of: What decides which rows there are, and in which order; compared with that of last time.
        """
        is_other, self._rows_of = self._rows_of not in (None, rows_of), rows_of
        if is_other and self.shape not in ("all", "columns"):
            self.clear()
        elif moved_by:
            if self.anchor is not None:
                self.anchor = (max(self.anchor[0] + moved_by, 0), self.anchor[1])
            shifted = (one._replace(top=max(one.top + moved_by, 0), bottom=one.bottom + moved_by) for one in self.kept)
            self.kept = [one for one in shifted if one.bottom >= one.top]

    def _keep(self) -> None:
        self.kept = self._kept_with_active()
        self.anchor, self.shape = None, "cells"

    def _kept_with_active(self) -> list[Area]:
        return list(self.kept) if self._is_out else list(dict.fromkeys([*self.kept, self.active()]))

    def _tell(self) -> None:
        grid = self._grid
        grid.publisher.publish_selection()
        grid.update_all()
