"""The grid's mouse: a press goes to a cell, a drag selects, a double click edits. The keys are in ``key``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: How near to the middle of a switch the pointer switches it, in pixels.
SWITCH_REACH = 12


def handle_press(grid: Grid, event: QMouseEvent) -> None:
    """Go to the cell; Shift extends the selection; a press at a switch switches it."""
    x = event.position().x()
    row, column = grid.places.row_at(event.position().y()), grid.places.column_at(x)
    if not grid.editing.accept() or row < 0 or column < 0:
        return
    is_right = event.button() == Qt.MouseButton.RightButton
    if is_right and grid.current.selection().contains(QPoint(column, row)):
        return
    is_extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    grid.go(row, column, is_extending=is_extending)
    if is_right or is_extending or grid.columns[column].look != "check":
        return
    if abs(x - grid.places.cell_rect(row, column).center().x()) < SWITCH_REACH:
        grid.editing.switch()


def handle_move(grid: Grid, event: QMouseEvent) -> None:
    """Hover; drag selects."""
    row = grid.places.row_at(event.position().y())
    if event.buttons() & Qt.MouseButton.LeftButton and row >= 0:
        column = grid.places.column_at(event.position().x())
        if (row, column) != (grid.current.row, grid.current.column):
            grid.go(row, column if column >= 0 else None, is_extending=True)
    else:
        grid.hover(row)


def handle_double_click(grid: Grid, event: QMouseEvent) -> None:
    """Run what the layout says, or edit the cell."""
    x, y = event.position().x(), event.position().y()
    is_cell = grid.places.row_at(y) >= 0 and grid.places.column_at(x) >= 0
    if is_cell and not grid.activate():
        grid.editing.open()
