"""What a grid paints where rows have not come yet, and over rows that are about to be others."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: How much of the ground covers rows of an order that is given up, of 255.
_VEIL_ALPHA = 140


def paint_waiting(grid: Grid, painter: QPainter, top: int, columns: list[Any]) -> None:
    """Grey bars where a row has not come yet; ``columns`` holds (index, left, column)."""
    look = grid.look
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colors["fill"])
    for index, left, column in columns:
        room = max(column.width - 2 * look.padding, 8)
        width = room * (0.45 + 0.12 * ((index * 7 + top // look.row_height * 3) % 5))
        at = left + column.width - look.padding - width if look.is_turned else left + look.padding
        painter.drawRoundedRect(QRectF(at, top + look.row_height / 2 - 5, width, 10), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_skeleton(grid: Grid, painter: QPainter) -> None:
    """A view full of rows that have not come yet."""
    columns: list[Any] = [(index, grid.places.column_left(index), at) for index, at in enumerate(grid.columns)]
    if not columns:
        width = max(grid.viewport().width() // 5, 60)
        columns = [(index, index * width, SimpleNamespace(width=width)) for index in range(5)]
    for row in range(grid.viewport().height() // grid.look.row_height):
        paint_waiting(grid, painter, row * grid.look.row_height, columns)


def paint_veil(grid: Grid, painter: QPainter, dirty: QRect) -> None:
    """Grey what is shown: other rows were asked for and are not there yet."""
    veil = QColor(grid.look.colors["rows"])
    veil.setAlpha(_VEIL_ALPHA)
    painter.fillRect(dirty, QBrush(veil))
