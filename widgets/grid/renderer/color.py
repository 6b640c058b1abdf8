"""Colours as swatches."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from widgets.grid.cell import Cell, start_of
from widgets.grid.look import Look
from widgets.grid.renderer.text import draw_text

#: Between the swatch and its text, in pixels at 100 %.
_GAP = 8


def draw_color(painter: QPainter, cell: Cell, look: Look) -> None:
    """A swatch with a thin frame, seen on every ground, and the colour's text behind it."""
    color = QColor.fromString(cell.value.strip()[:64]) if isinstance(cell.value, str) else QColor()
    if not color.isValid():
        draw_text(painter, cell, look)
        return
    side, room = look.mark, look.mark + look.theme.length(_GAP)
    left, top = start_of(cell, look, side), cell.top + (look.row_height - side) / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(look.pens["border"])
    painter.setBrush(color)
    painter.drawRoundedRect(QRectF(left + 0.5, top + 0.5, side - 1, side - 1), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(look.pens[cell.color])
    beside = left - room + side - cell.advance if look.is_turned else left + room
    painter.drawText(QPointF(beside, cell.top + look.baseline), cell.text)
