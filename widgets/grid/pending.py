"""The mark of rows whose edits wait for the server: a bar at the row's left edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QBrush, QPainter

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Width of the bar in pixels.
_WIDTH = 4


def paint_pending(grid: Grid, painter: QPainter, rows: range) -> None:
    """Mark those of the rows in sight that wait."""
    pending = grid.handle.pending
    if not pending:
        return
    height, above = grid.look.row_height, grid.places.top_pixel()
    brush = QBrush(grid.look.colors["warning"])
    for row in rows:
        found = grid.rows.cache.find(row)
        if found is not None and tuple(found[0].block.keys[found[1]]) in pending:
            painter.fillRect(QRect(0, row * height - above, _WIDTH, height - 1), brush)
