"""Selecting by dragging: the range follows the pointer, and the rows go along while it is beyond an edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QTimer

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPainter

    from widgets.grid.grid import Grid

#: Time between two steps beyond an edge in ms, and how many pixels further away make a step one row longer.
STEP_MS, PIXELS_PER_ROW = 40, 12


class Drag(QObject):
    """From a press in the cells to the release.

    Args:
        grid: The grid; its current cell is the one that was pressed.
    """

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._place = QPointF()
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self.step)

    def move(self, place: QPointF) -> None:
        """The pointer is there now, in the viewport's pixels."""
        self._place = place
        if self._rows_beyond() or self._columns_beyond():
            if not self._timer.isActive():
                self._timer.start()
                self.step()
            return
        self._timer.stop()
        self._extend(self._grid.places.row_at(place.y()), self._grid.places.column_at(place.x()))

    def step(self) -> None:
        """One step further beyond the edge."""
        places, place, (here, there) = self._grid.places, self._place, self.end_cell()
        rows, columns = self._rows_beyond(), self._columns_beyond()
        row = here + rows if rows else places.row_at(place.y())
        column = there + columns if columns else places.column_at(place.x())
        self._extend(row, column)

    def end_cell(self) -> tuple[int, int]:
        """The cell (row, column) that the range reaches to."""
        return self._grid.current.row, self._grid.current.column

    def end(self, event: QMouseEvent | None = None) -> None:
        """The button was let go, or (without an event) the drag is given up."""
        self._timer.stop()
        self.deleteLater()

    def paint(self, painter: QPainter) -> None:
        """What is selected is painted anyway."""

    def _extend(self, row: int, column: int) -> None:
        here, there = self.end_cell()
        row = here if row < 0 and self._place.y() >= 0 else max(row, 0)
        column = there if column < 0 and self._columns_beyond() >= 0 else max(column, 0)
        if (row, column) != (here, there):
            self.reach(row, column)

    def reach(self, row: int, column: int) -> None:
        """Let the range end at that cell."""
        self._grid.go(row, column, is_extending=True)

    def _rows_beyond(self) -> int:
        """How many rows to go on: below 0 above the view, 0 inside it."""
        y, height = self._place.y(), self._grid.viewport().height()
        beyond = y if y < 0 else max(y - height + 1, 0)
        return int(beyond / PIXELS_PER_ROW) + (beyond > 0) - (beyond < 0)

    def _columns_beyond(self) -> int:
        x, width = self._place.x(), self._grid.viewport().width()
        beyond = -1 if x < 0 else int(x >= width)
        return -beyond if self._grid.places.is_turned else beyond
