"""Bars from 0 to 1."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from widgets.grid.cell import Cell
from widgets.grid.look import Look
from widgets.grid.renderer.number import finite
from widgets.grid.renderer.text import draw_text


def draw_progress(painter: QPainter, cell: Cell, look: Look) -> None:
    """A bar from 0 to 1; other values as text."""
    number = finite(cell.value)
    if number is None:
        draw_text(painter, cell, look)
        return
    share = min(max(number, 0.0), 1.0)
    room = cell.width - 2 * look.padding
    box = QRectF(cell.left + look.padding, cell.top + look.row_height / 2 - 3, room, 6)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colors["fill"])
    painter.drawRoundedRect(box, 3, 3)
    painter.setBrush(look.colors["accent"])
    left = box.right() - room * share if look.is_turned else box.left()
    painter.drawRoundedRect(QRectF(left, box.top(), room * share, 6), 3, 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
