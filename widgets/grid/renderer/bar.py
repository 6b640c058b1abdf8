"""Data bars and colour scales: numbers beside each other seen at one glance."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QPainter

from widgets.grid.cell import Cell
from widgets.grid.look import Look
from widgets.grid.renderer.number import finite
from widgets.grid.renderer.text import draw_text

#: How much of the accent colours a bar, and the strongest ground of a scale, of 255: the text keeps its contrast.
_BAR_ALPHA, _SCALE_ALPHA = 56, 96


def draw_bar(painter: QPainter, cell: Cell, look: Look) -> None:
    """A bar from zero to the number, behind it; below zero in the colour of errors."""
    value = finite(cell.value)
    if value is not None:
        low, high = cell.store.range(cell.column, value)
        low, high = min(low, 0.0), max(high, 0.0)
        if high > low:
            room = cell.width - 4
            zero, end = (-low / (high - low)) * room, ((min(max(value, low), high) - low) / (high - low)) * room
            ground = QColor(look.colors["error" if value < 0 else "accent"])
            ground.setAlpha(_BAR_ALPHA)
            begin = room - max(zero, end) if look.is_turned else min(zero, end)
            box = QRectF(cell.left + 2 + begin, cell.top + 4, abs(end - zero), look.row_height - 9)
            painter.fillRect(box, QBrush(ground))
    draw_text(painter, cell, look)


def draw_scale(painter: QPainter, cell: Cell, look: Look) -> None:
    """The number on a ground that is the stronger the nearer it is to the greatest."""
    value = finite(cell.value)
    if value is not None:
        low, high = cell.store.range(cell.column, value)
        if high > low:
            ground = QColor(look.colors["accent"])
            ground.setAlpha(int(_SCALE_ALPHA * (min(max(value, low), high) - low) / (high - low)))
            painter.fillRect(QRectF(cell.left, cell.top, cell.width, look.row_height - 1), QBrush(ground))
    draw_text(painter, cell, look)
