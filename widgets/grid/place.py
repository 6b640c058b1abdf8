"""Where the rows and columns of a grid are in its viewport, in pixels, and its scroll bars.

It reads the columns' widths and the number of rows and changes neither. The first pixel in sight is a whole number of
any size; the scroll bar shows it as well as it can.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractSlider

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Scroll bars count in int: beyond this many pixels a step of the bar is several pixels.
BAR_LIMIT = 1 << 30
#: What is farther off than this many pixels is as good as this far: Qt's rectangles count in int.
FAR = 1 << 24

_Action = QAbstractSlider.SliderAction
#: What a bar is asked to do → how far that is: (pages, rows).
_STEPS = {
    _Action.SliderSingleStepAdd: (0, 1),
    _Action.SliderSingleStepSub: (0, -1),
    _Action.SliderPageStepAdd: (1, 0),
    _Action.SliderPageStepSub: (-1, 0),
}


class Places:
    """From rows and columns to pixels of the viewport, and back."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._lefts = [0]
        self._top = 0
        #: While the bar is set to where the rows are, and not the rows to where the bar is.
        self._is_setting = False
        grid.verticalScrollBar().actionTriggered.connect(self._take_action)

    # -- rows -----------------------------------------------------------------------------------------------------

    def scale(self) -> int:
        """Pixels that one step of the vertical bar stands for."""
        return max(1, -(-(self._grid.row_count() * self._grid.look.row_height) // BAR_LIMIT))

    def top_pixel(self) -> int:
        """The first pixel in sight, from the top of the first row."""
        return self._top

    def last_top(self) -> int:
        """The first pixel in sight when the last row is at the end of the view."""
        total = self._grid.row_count() * self._grid.look.row_height
        return max(total - self._grid.viewport().height(), 0)

    def first_row(self) -> int:
        """The first row in sight."""
        return self._top // self._grid.look.row_height

    def page_rows(self) -> int:
        """Whole rows in sight."""
        return max(self._grid.viewport().height() // self._grid.look.row_height, 1)

    def row_at(self, y: float) -> int:
        """The row at a viewport position, or -1."""
        row = int(y + self._top) // self._grid.look.row_height
        return row if 0 <= row < self._grid.row_count() else -1

    # -- columns --------------------------------------------------------------------------------------------------

    @property
    def is_turned(self) -> bool:
        """Whether the first column stands at the right, as in languages that are written from there."""
        return self._grid.isRightToLeft()

    def column_left(self, index: int) -> int:
        """The column's left border in the viewport, in pixels: the one place that knows it.

        The first :attr:`Grid.frozen` columns stay where they are; the others go below them. Behind the last column it
        is where that ends.
        """
        grid, lefts = self._grid, self._lefts
        at = lefts[index] if index < grid.frozen else lefts[index] - grid.horizontalScrollBar().value()
        if not self.is_turned:
            return at
        width = lefts[index + 1] - lefts[index] if index + 1 < len(lefts) else 0
        return grid.viewport().width() - at - width

    def column_right(self, index: int) -> int:
        """The column's right border in the viewport, in pixels."""
        return self.column_left(index) + self._grid.columns[index].width

    def start_of(self, index: int) -> int:
        """The border of the column at which its line is read first, in pixels of the viewport."""
        return self.column_right(index) if self.is_turned else self.column_left(index)

    def end_of(self, index: int) -> int:
        """The border of the column at which its line ends."""
        return self.column_left(index) if self.is_turned else self.column_right(index)

    def frozen_width(self) -> int:
        """What the columns that stay take at the start of the view, in pixels."""
        return self._lefts[min(self._grid.frozen, len(self._lefts) - 1)]

    def still_part(self, height: int) -> QRect:
        """Where the columns that stay are, of a band so high and as wide as the view."""
        width = self.frozen_width()
        return QRect(self._grid.viewport().width() - width if self.is_turned else 0, 0, width, height)

    def moving_part(self, height: int) -> QRect:
        """What the columns that stay leave to the others."""
        width = self.frozen_width()
        return QRect(0 if self.is_turned else width, 0, max(self._grid.viewport().width() - width, 0), height)

    def still_edge(self) -> int:
        """The pixel of the columns that stay that lies beside the others."""
        width = self.frozen_width()
        return self._grid.viewport().width() - width if self.is_turned else width - 1

    def part_of(self, index: int, height: int) -> QRect:
        """The part of the view in which the column is seen."""
        return self.still_part(height) if index < self._grid.frozen else self.moving_part(height)

    def columns_right(self) -> int:
        """Where the last column ends, in the viewport; at least its width."""
        return max(0 if self.is_turned else self.column_left(len(self._grid.columns)), self._grid.viewport().width())

    def column_at(self, x: float) -> int:
        """The column at a viewport position, or -1; where columns lie over others, the one on top."""
        for index, column in enumerate(self._grid.columns):
            left = self.column_left(index)
            if left <= x < left + column.width:
                return index
        return -1

    def cell_rect(self, row: int, column: int) -> QRect:
        """The cell in the viewport's pixels; as good as at hand when it is millions of rows off."""
        height, width = self._grid.look.row_height, self._grid.columns[column].width
        top = min(max(row * height - self._top, -FAR), FAR)
        return QRect(self.column_left(column), top, width, height)

    # -- moving ---------------------------------------------------------------------------------------------------

    def move_to(self, top: int) -> None:
        """Bring that pixel of the rows to the start of the view, exactly, however many rows there are."""
        before, bar = self._top, self._grid.verticalScrollBar()
        self._top = min(max(top, 0), self.last_top())
        self._is_setting = True
        bar.setValue(self._bar_value())
        self._is_setting = False
        if self._top != before:
            self._grid.take_move(before - self._top)

    def take_bar(self) -> None:
        """The vertical bar has moved: the rows follow, unless it followed them."""
        bar, scale = self._grid.verticalScrollBar(), self.scale()
        if self._is_setting or bar.value() == self._bar_value():
            return
        before = self._top
        if scale == 1:
            self._top = bar.value()
        elif bar.value() >= bar.maximum():
            self._top = self.last_top()
        else:
            height = self._grid.look.row_height
            self._top = min(bar.value() * scale // height * height, self.last_top())
        if self._top != before:
            self._grid.take_move(before - self._top)

    def _bar_value(self) -> int:
        bar, scale = self._grid.verticalScrollBar(), self.scale()
        return bar.maximum() if scale > 1 and self._top >= self.last_top() else self._top // scale

    def _take_action(self, action: int) -> None:
        """Steps of a bar whose unit is several pixels go by rows and pages all the same."""
        step = _STEPS.get(_Action(action))
        if step is None or self.scale() == 1:
            return
        look = self._grid.look
        page = self.page_rows() * look.row_height
        self.move_to(self._top + step[0] * page + step[1] * look.row_height)
        self._grid.verticalScrollBar().setSliderPosition(self._bar_value())

    def update_bars(self) -> None:
        """Take new widths or another number of rows."""
        grid = self._grid
        lefts = [0, *accumulate(column.width for column in grid.columns)]
        if lefts != self._lefts:
            self._lefts = lefts
            grid.ready.forget()
        height, width = grid.viewport().height(), grid.viewport().width()
        bar, scale = grid.verticalScrollBar(), self.scale()
        self._is_setting = True
        bar.setPageStep(max(height // scale, 1))
        bar.setRange(0, self.last_top() // scale)
        bar.setSingleStep(max(grid.look.row_height // scale, 1))
        self._is_setting = False
        self.move_to(self._top)
        side = grid.horizontalScrollBar()
        side.setPageStep(max(width - self.frozen_width(), 1))
        side.setRange(0, max(self._lefts[-1] - width, 0))
        grid.bands.follow()

    def scroll_to(self, row: int, column: int) -> None:
        """Bring a cell into sight with as little movement as possible."""
        view, height = self._grid.viewport(), self._grid.look.row_height
        top = row * height
        if top < self._top:
            self.move_to(top)
        elif top + height > self._top + view.height():
            self.move_to(top + height - view.height())
        self.scroll_to_column(column)

    def scroll_to_column(self, column: int) -> None:
        """Bring a column into sight with as little movement as possible."""
        view = self._grid.viewport()
        if column < self._grid.frozen:
            return
        side, begin = self._grid.horizontalScrollBar(), self.frozen_width()
        left, width = self._lefts[column] - side.value(), self._grid.columns[column].width
        if left < begin:
            side.setValue(side.value() + left - begin)
        elif left + width > view.width():
            side.setValue(side.value() + min(left + width - view.width(), left - begin))
