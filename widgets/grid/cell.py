"""How one cell is drawn: text, tag, progress, link or check box. A table of functions, one per look."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from widgets.grid.look import Look


class Cell(NamedTuple):
    """A cell's place and content; ``text`` is already elided, ``advance`` is its width in pixels."""

    left: float
    top: float
    width: float
    text: str
    advance: float
    value: Any
    align: str
    color: str
    icon: str = ""


def text_left(cell: Cell, padding: float) -> float:
    """Where the cell's text begins."""
    if cell.align == "end":
        return cell.left + cell.width - padding - cell.advance
    if cell.align == "center":
        return cell.left + (cell.width - cell.advance) / 2
    return cell.left + padding


def draw_text(painter: QPainter, cell: Cell, look: Look) -> None:
    """Plain text in the cell's colour, behind its icon when it has one."""
    left = text_left(cell, look.padding)
    if cell.icon:
        _draw_icon(painter, cell, look)
        left += look.icon_room
    painter.setPen(look.pens[cell.color])
    painter.drawText(QPointF(left, cell.top + look.baseline), cell.text)


def _draw_icon(painter: QPainter, cell: Cell, look: Look) -> None:
    """The icon; in roomy rows on a quiet tile."""
    side, tile = look.theme.icon_size(), look.tile
    left, top = cell.left + look.padding, cell.top + (look.row_height - tile) / 2
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


def draw_tag(painter: QPainter, cell: Cell, look: Look) -> None:
    """Text on a rounded ground whose colour follows the value."""
    if cell.value is None:
        draw_text(painter, cell, look)
        return
    ground, ink = look.tag(str(cell.value))
    height = look.metrics.height() + 4
    left = text_left(cell, look.padding)
    box = QRectF(left - 1, cell.top + (look.row_height - height) / 2, cell.advance + 14, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, height / 2, height / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(ink)
    painter.drawText(QPointF(left + 6, cell.top + look.baseline), cell.text)


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


def draw_progress(painter: QPainter, cell: Cell, look: Look) -> None:
    """A bar from 0 to 1; other values as text."""
    try:
        share = min(max(float(cell.value), 0.0), 1.0)
    except (TypeError, ValueError):
        draw_text(painter, cell, look)
        return
    room = cell.width - 2 * look.padding
    box = QRectF(cell.left + look.padding, cell.top + look.row_height / 2 - 3, room, 6)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colors["fill"])
    painter.drawRoundedRect(box, 3, 3)
    painter.setBrush(look.colors["accent"])
    painter.drawRoundedRect(QRectF(box.left(), box.top(), room * share, 6), 3, 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


#: Look → how to draw it.
DRAW = {"text": draw_text, "link": draw_link, "tag": draw_tag, "check": draw_check, "progress": draw_progress}
