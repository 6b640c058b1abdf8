"""Plain text and links, behind an icon where the layout names one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from widgets.grid.cell import Cell, start_of, text_left
from widgets.grid.look import Look


def draw_text(painter: QPainter, cell: Cell, look: Look) -> None:
    """Plain text in the cell's colour, behind its icon when it has one."""
    left = text_left(cell, look.padding)
    if cell.icon:
        _draw_icon(painter, cell, look)
        at_start = {"start": not look.is_turned, "end": look.is_turned}.get(cell.align, False)
        way = -look.icon_room if look.is_turned else look.icon_room
        left += way if at_start else way / 2 if cell.align == "center" else 0
    painter.setPen(look.pens[cell.color])
    painter.drawText(QPointF(left, cell.top + look.baseline), cell.text)


def _draw_icon(painter: QPainter, cell: Cell, look: Look) -> None:
    """The icon; in roomy rows on a quiet tile."""
    side, tile = look.theme.icon_size(), look.tile
    left, top = start_of(cell, look, tile), cell.top + (look.row_height - tile) / 2
    if tile > side:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.tile_ground)
        painter.drawRoundedRect(QRectF(left, top, tile, tile), look.theme.radius(), look.theme.radius())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    edge = (tile - side) / 2
    icon = look.theme.icon(cell.icon, "accent")
    (look.theme.icon("app", "accent") if icon.isNull() else icon).paint(
        painter, round(left + edge), round(top + edge), side, side
    )


def draw_link(painter: QPainter, cell: Cell, look: Look) -> None:
    """Text in the colour of links, underlined."""
    left, base = text_left(cell, look.padding), cell.top + look.baseline
    painter.setPen(look.pens["link"])
    painter.drawText(QPointF(left, base), cell.text)
    painter.drawLine(QPointF(left, base + 2), QPointF(left + cell.advance, base + 2))
