"""How a grid's picture follows its scrolling: what is painted already moves, and only what comes in is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: A wheel's notch, in Qt's eighths of a degree.
_NOTCH = 120


def scroll_rows(grid: Grid, dy: int) -> None:
    """Move the picture by so many pixels; farther than the view is high, all is painted anew."""
    view = grid.viewport()
    if _can_move(grid) and abs(dy) < view.height():
        view.scroll(0, dy)
        grid.condition.place()
    else:
        view.update()
    grid.editing.place()


def scroll_columns(grid: Grid, dx: int) -> None:
    """Move the picture beside the columns that stay by what the bar moved, which counts from the first column."""
    view, begin = grid.viewport(), grid.places.frozen_width()
    dx = -dx if grid.places.is_turned else dx
    if _can_move(grid) and abs(dx) < view.width() - begin:
        # NOTE: with a rectangle Qt leaves what lies over the rows where it is.
        if begin:
            view.scroll(dx, 0, grid.places.moving_part(view.height()))
        else:
            view.scroll(dx, 0)
            grid.condition.place()
    else:
        view.update()
    grid.header.update()
    grid.editing.place()


def _can_move(grid: Grid) -> bool:
    """Whether what is painted can stay: neither an editor lies over it nor are its rows about to be others."""
    return grid.editing.cell is None and not grid.rows.is_loading


def move_by_wheel(grid: Grid, event: QWheelEvent) -> bool:
    """Go by the wheel's pixels or notches; False when it goes sideways or zooms."""
    if event.modifiers() or abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
        return False
    pixels = event.pixelDelta().y()
    if not pixels:
        lines = event.angleDelta().y() * QApplication.wheelScrollLines() / _NOTCH
        pixels = round(lines * grid.look.row_height)
    grid.places.move_to(grid.places.top_pixel() - pixels)
    event.accept()
    return True
