"""Where the rows and columns of a grid are in its viewport, in pixels, and its scroll bars.

It reads the columns' widths and the number of rows and changes neither.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Scroll bars count in int: beyond this many pixels a step of the bar is several pixels.
BAR_LIMIT = 1 << 30


class Places:
    """From rows and columns to pixels of the viewport, and back."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._lefts = [0]

    def scale(self) -> int:
        """Pixels that one step of the vertical bar stands for."""
        return max(1, -(-(self._grid.row_count() * self._grid.look.row_height) // BAR_LIMIT))

    def top_pixel(self) -> int:
        """The first pixel in sight, from the top of the first row."""
        return self._grid.verticalScrollBar().value() * self.scale()

    def first_row(self) -> int:
        """The first row in sight."""
        return self.top_pixel() // self._grid.look.row_height

    def page_rows(self) -> int:
        """Whole rows in sight."""
        return max(self._grid.viewport().height() // self._grid.look.row_height, 1)

    def column_left(self, index: int) -> int:
        """The column's left border in the viewport, in pixels."""
        return self._lefts[index] - self._grid.horizontalScrollBar().value()

    def columns_right(self) -> int:
        """Where the last column ends, in the viewport; at least its width."""
        return max(self.column_left(len(self._grid.columns)), self._grid.viewport().width())

    def column_at(self, x: float) -> int:
        """The column at a viewport position, or -1."""
        for index, column in enumerate(self._grid.columns):
            left = self.column_left(index)
            if left <= x < left + column.width:
                return index
        return -1

    def row_at(self, y: float) -> int:
        """The row at a viewport position, or -1."""
        row = int(y + self.top_pixel()) // self._grid.look.row_height
        return row if 0 <= row < self._grid.row_count() else -1

    def cell_rect(self, row: int, column: int) -> QRect:
        """The cell in the viewport's pixels."""
        height, width = self._grid.look.row_height, self._grid.columns[column].width
        return QRect(self.column_left(column), row * height - self.top_pixel(), width, height)

    def update_bars(self) -> None:
        """Take new widths or another number of rows."""
        grid = self._grid
        self._lefts = [0, *accumulate(column.width for column in grid.columns)]
        height, width = grid.viewport().height(), grid.viewport().width()
        total = grid.row_count() * grid.look.row_height
        bar, scale = grid.verticalScrollBar(), self.scale()
        bar.setPageStep(max(height // scale, 1))
        bar.setRange(0, max(total - height, 0) // scale)
        bar.setSingleStep(max(grid.look.row_height // scale, 1))
        side = grid.horizontalScrollBar()
        side.setPageStep(width)
        side.setRange(0, max(self._lefts[-1] - width, 0))

    def scroll_to(self, row: int, column: int) -> None:
        """Bring a cell into sight with as little movement as possible."""
        view, bar, scale = self._grid.viewport(), self._grid.verticalScrollBar(), self.scale()
        height = self._grid.look.row_height
        top = row * height
        if top < self.top_pixel():
            bar.setValue(top // scale)
        elif top + height > self.top_pixel() + view.height():
            bar.setValue(-(-(top + height - view.height()) // scale))
        left, side = self.column_left(column), self._grid.horizontalScrollBar()
        width = self._grid.columns[column].width
        if left < 0:
            side.setValue(side.value() + left)
        elif left + width > view.width():
            side.setValue(side.value() + min(left + width - view.width(), left))
