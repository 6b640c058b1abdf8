"""Check boxes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from widgets.grid.cell import Cell
from widgets.grid.look import Look
from widgets.grid.renderer.text import draw_text

#: The box's side, in pixels.
SIDE = 16


def draw_check(painter: QPainter, cell: Cell, look: Look) -> None:
    """A small box: filled with a tick for true, empty for false, a dash for null."""
    if cell.value is not None and not isinstance(cell.value, bool):
        draw_text(painter, cell, look)
        return
    left = cell.left + look.padding if cell.align == "start" else cell.left + (cell.width - SIDE) / 2
    ratio = painter.device().devicePixelRatioF()
    key = ("check", cell.value, ratio)
    if key not in look.kept:
        look.kept[key] = _box(cell.value, look, ratio)
    painter.drawPixmap(QPointF(left, cell.top + (look.row_height - SIDE) / 2), look.kept[key])


def _box(value: bool | None, look: Look, ratio: float) -> QPixmap:
    """The box, drawn once for all cells."""
    pixmap = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(look.pens["accent"] if value else look.pens["border"])
    painter.setBrush(look.colors["accent"] if value else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(0.5, 0.5, SIDE - 1, SIDE - 1), 4, 4)
    if value:
        style, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(look.colors["on-accent"], 2, style, cap, join))
        painter.drawPolyline([QPointF(4, 8.2), QPointF(7, 11), QPointF(12, 5.2)])
    elif value is None:
        painter.drawLine(QPointF(5, 8), QPointF(11, 8))
    painter.end()
    return pixmap
