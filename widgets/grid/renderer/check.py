"""Check boxes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from widgets.grid.cell import Cell
from widgets.grid.look import Look
from widgets.grid.renderer.text import draw_text


def draw_check(painter: QPainter, cell: Cell, look: Look) -> None:
    """A small box: filled with a tick for true, empty for false, a dash for null."""
    if cell.value is not None and not isinstance(cell.value, bool):
        draw_text(painter, cell, look)
        return
    size = 16.0
    left, top = cell.left + (cell.width - size) / 2, cell.top + (look.row_height - size) / 2
    if cell.align == "start":
        left = cell.left + look.padding
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(left + 0.5, top + 0.5, size - 1, size - 1)
    painter.setPen(look.pens["accent"] if cell.value else look.pens["border"])
    painter.setBrush(look.colors["accent"] if cell.value else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if cell.value:
        style, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(look.colors["on-accent"], 2, style, cap, join))
        points = [QPointF(left + 4, top + 8.2), QPointF(left + 7, top + 11), QPointF(left + 12, top + 5.2)]
        painter.drawPolyline(points)
    elif cell.value is None:
        painter.drawLine(QPointF(left + 5, top + 8), QPointF(left + 11, top + 8))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
