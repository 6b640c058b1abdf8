"""Check boxes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from widgets.grid.cell import Cell
from widgets.grid.look import Look
from widgets.grid.renderer.text import draw_text

#: The side of the box as it is drawn here, in pixels; it is as large as ``Look.mark`` on screen.
SIDE = 16


def draw_check(painter: QPainter, cell: Cell, look: Look) -> None:
    """A small box: filled with a tick for true, empty for false, a dash for null."""
    if cell.value is not None and not isinstance(cell.value, bool):
        draw_text(painter, cell, look)
        return
    side = look.mark
    free = cell.width - side
    left = cell.left + {"start": look.padding, "end": free - look.padding}.get(cell.align, free / 2)
    ratio = painter.device().devicePixelRatioF()
    key = ("check", cell.value, ratio)
    if key not in look.kept:
        look.kept[key] = _box(cell.value, look, ratio)
    painter.drawImage(QPointF(left, cell.top + (look.row_height - side) / 2), look.kept[key])


def _box(value: bool | None, look: Look, ratio: float) -> QImage:
    """The box, drawn once for all cells."""
    ratio *= look.mark / SIDE
    image = QImage(round(SIDE * ratio), round(SIDE * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
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
    image.setDevicePixelRatio(ratio * SIDE / look.mark)
    return image
