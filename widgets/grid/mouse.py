"""The grid's mouse: a press goes to a cell, a drag selects, Ctrl takes rows in or out, a double click edits.

The keys are in ``key``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent

from widgets.grid.paint import handle_box

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: How near to the middle of a switch the pointer switches it, in pixels.
SWITCH_REACH = 12
#: How near to the handle that fills the pointer takes it, in pixels, and how it looks there.
REACH, _CROSS = 3, Qt.CursorShape.CrossCursor


def handle_press(grid: Grid, event: QMouseEvent) -> None:
    """Go to the cell; Shift extends the selection, Ctrl takes a row in or out; a press at a switch switches it."""
    x = event.position().x()
    row, column = grid.places.row_at(event.position().y()), grid.places.column_at(x)
    is_left = event.button() == Qt.MouseButton.LeftButton
    if is_left and not grid.is_editing() and is_handle(grid, event):
        from widgets.grid.fill_drag import FillDrag

        grid.drag = FillDrag(grid)
        return
    if not grid.editing.accept() or row < 0 or column < 0:
        return
    if grid.outline is not None and grid.outline.handle_press(event, row):
        return
    is_right = event.button() == Qt.MouseButton.RightButton
    if is_right and grid.selection.contains(row, column):
        return
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier and not is_right:
        grid.current.column = column
        grid.selection.toggle_row(row)
        return
    is_extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    grid.go(row, column, is_extending=is_extending)
    if is_right or is_extending or grid.columns[column].look != "check":
        return
    if abs(x - grid.places.cell_rect(row, column).center().x()) < SWITCH_REACH:
        grid.editing.switch()


def handle_move(grid: Grid, event: QMouseEvent) -> None:
    """Hover; drag selects."""
    if not event.buttons() & Qt.MouseButton.LeftButton:
        grid.hover(grid.places.row_at(event.position().y()))
        grid.viewport().setCursor(_CROSS if is_handle(grid, event) else Qt.CursorShape.ArrowCursor)
    elif grid.current.row >= 0 and not grid.is_editing():
        if grid.drag is None:
            from widgets.grid.drag import Drag

            grid.drag = Drag(grid)
        grid.drag.move(event.position())


def handle_release(grid: Grid, event: QMouseEvent) -> None:
    """A drag ends."""
    if grid.drag is not None:
        drag, grid.drag = grid.drag, None
        drag.end(event)


def is_handle(grid: Grid, event: QMouseEvent) -> bool:
    """Whether the pointer is at the handle that fills."""
    box = handle_box(grid)
    return box is not None and box.adjusted(-REACH, -REACH, REACH, REACH).contains(event.position())


def handle_double_click(grid: Grid, event: QMouseEvent) -> None:
    """Run what the layout says, or edit the cell."""
    x, y = event.position().x(), event.position().y()
    if grid.outline is not None and grid.outline.refuses(grid.places.row_at(y)):
        grid.outline.toggle()
        return
    is_cell = grid.places.row_at(y) >= 0 and grid.places.column_at(x) >= 0
    if is_cell and not grid.activate():
        grid.editing.open()
