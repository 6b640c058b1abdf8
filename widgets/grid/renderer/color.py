"""Colours as swatches."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from widgets.grid.cell import Cell, start_of
from widgets.grid.look import Look
from widgets.grid.renderer.text import draw_text

#: Side of the swatch, and what it takes from the text, in pixels.
_SIDE, _ROOM = 16, 24


def draw_color(painter: QPainter, cell: Cell, look: Look) -> None:
    """A swatch with a thin frame, seen on every ground, and the colour's text behind it."""
    color = QColor.fromString(cell.value.strip()[:64]) if isinstance(cell.value, str) else QColor()
    if not color.isValid():
        draw_text(painter, cell, look)
        return
    left, top = start_of(cell, look, _SIDE), cell.top + (look.row_height - _SIDE) / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(look.pens["border"])
    painter.setBrush(color)
    painter.drawRoundedRect(QRectF(left + 0.5, top + 0.5, _SIDE - 1, _SIDE - 1), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(look.pens[cell.color])
    beside = left - _ROOM + _SIDE - cell.advance if look.is_turned else left + _ROOM
    painter.drawText(QPointF(beside, cell.top + look.baseline), cell.text)
