"""Tags."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from widgets.grid.cell import Cell, text_left
from widgets.grid.look import Look
from widgets.grid.renderer.text import draw_text
from widgets.grid.shown_text import shown_text


def draw_tag(painter: QPainter, cell: Cell, look: Look) -> None:
    """Text on a rounded ground whose colour follows the value."""
    if cell.value is None:
        draw_text(painter, cell, look)
        return
    ground, ink = look.tag(shown_text(str(cell.value)))
    height = look.metrics.height() + 4
    # The ground reaches beyond both ends of the text.
    inner = look.theme.length(6)
    left = text_left(cell, look.padding) - {"end": 2 * inner, "center": inner}.get(cell.align, 0)
    box = QRectF(left - 1, cell.top + (look.row_height - height) / 2, cell.advance + 2 * inner + 2, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, height / 2, height / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(ink)
    painter.drawText(QPointF(left + inner, cell.top + look.baseline), cell.text)
