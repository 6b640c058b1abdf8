"""The mark of rows whose edits wait for the server: a bar at the row's left edge. New ones stand on a ground of their
own above a line, since only the server can tell where they belong among its rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QBrush, QColor, QPainter

from kernel.tables.change import Key

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Width of the bar and of the line in pixels; how much of the colour the ground of new rows has, of 255.
_WIDTH, _LINE, _TINT = 4, 2, 28
#: What the corners of a card take of its edge, in pixels.
_CORNER = 8


def paint_pending(grid: Grid, painter: QPainter, rows: range) -> None:
    """Mark those of the rows in sight that wait."""
    height, above = grid.look.row_height, grid.places.top_pixel()
    pending = grid.handle.pending
    brush, width = QBrush(grid.look.colors["warning"]), grid.viewport().width()
    tint = QColor(grid.look.colors["warning"])
    tint.setAlpha(_TINT)
    for row in rows:
        kind = kind_of(grid, row, pending)
        if not kind:
            continue
        top = row * height - above
        if kind == "new":
            painter.fillRect(QRect(0, top, width, height - 1), QBrush(tint))
            if row + 1 < grid.row_count() and kind_of(grid, row + 1, pending) != "new":
                painter.fillRect(QRect(0, top + height - _LINE, width, _LINE), brush)
        painter.fillRect(QRect(width - _WIDTH if grid.places.is_turned else 0, top, _WIDTH, height - 1), brush)


def kind_of(view: Any, row: int, pending: set[Key]) -> str:
    """``new`` or ``changed`` of a row that waits for its server, empty of others; ``pending`` holds the keys of all."""
    found = view.rows.cache.find(row)
    if found is None:
        return ""
    block, index = found[0].block, found[1]
    if tuple(block.keys[index]) not in pending:
        return ""
    return "changed" if block.versions[index] else "new"


def bar_box(view: Any, row: int) -> QRect:
    """The bar of an item: along the edge where lines begin, between the corners of one that stands alone."""
    box, measures = view.places.rect(row), view.measures()
    corner = _CORNER if measures.height < measures.line else 0
    left = box.right() + 1 - _WIDTH if view.isRightToLeft() else box.left()
    return QRect(left, box.top() + corner, _WIDTH, box.height() - (2 * corner or 1))


def paint_bars(view: Any, painter: QPainter) -> None:
    """The bars of items of a list or of cards."""
    pending, brush = view.handle.pending, QBrush(view.look.colors["warning"])
    for row in view.places.in_sight():
        if kind_of(view, row, pending):
            painter.fillRect(bar_box(view, row), brush)
