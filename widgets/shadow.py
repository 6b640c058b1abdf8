"""The shadow of a card, painted once: corners are copied and edges drawn out, since 26 outlines take milliseconds."""

from __future__ import annotations

import functools

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

_STEPS, _ALPHA, _DOWN = 26, 2, 4
#: How far it reaches beyond the card, in pixels.
SHADOW = _STEPS + _DOWN
#: The middle of the picture, which is drawn out, in pixels.
_MIDDLE = 8


def paint_shadow(painter: QPainter, card: QRectF, radius: float) -> None:
    """Paint the shadow around a card, and below it.

    Args:
        painter: On what lies below the card.
        card: Its rectangle.
        radius: Of its corners.
    """
    ratio = painter.device().devicePixelRatioF()
    picture = _picture(radius, ratio)
    edge = _STEPS + radius
    outer = card.adjusted(-_STEPS, -_STEPS + _DOWN, _STEPS, _STEPS + _DOWN)
    size = 2 * edge + _MIDDLE
    for from_x, wide, to_x, to_wide in _thirds(edge, size, outer.left(), outer.width()):
        for from_y, high, to_y, to_high in _thirds(edge, size, outer.top(), outer.height()):
            source = QRectF(from_x * ratio, from_y * ratio, wide * ratio, high * ratio)
            painter.drawPixmap(QRectF(to_x, to_y, to_wide, to_high), picture, source)


def _thirds(edge: float, size: float, start: float, length: float) -> tuple[tuple[float, float, float, float], ...]:
    """The two edges and the middle: where each begins in the picture and how long, then the same on the target."""
    return (
        (0, edge, start, edge),
        (edge, size - 2 * edge, start + edge, length - 2 * edge),
        (size - edge, edge, start + length - edge, edge),
    )


@functools.lru_cache(maxsize=4)
def _picture(radius: float, ratio: float) -> QPixmap:
    size = round(2 * (_STEPS + radius) + _MIDDLE)
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.scale(ratio, ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, _ALPHA))
    card = QRectF(QPointF(_STEPS, _STEPS), QPointF(size - _STEPS, size - _STEPS))
    for step in range(_STEPS):
        painter.drawRoundedRect(card.adjusted(-step, -step, step, step), radius + step, radius + step)
    painter.end()
    return picture
