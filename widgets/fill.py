"""Filling rectangles with one colour."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter


def fill(painter: QPainter, area: QRect | QRectF, color: QColor) -> None:
    """Fill an area in pixels; what Qt's own ``fillRect`` paints.

    NOTE: that one takes gradients by name as well, so that PySide6 sets up 170 of them when it is called first, 2 ms of
    a start. Nothing that a start paints may call it, nor make a brush of a colour.
    """
    painter.setBackground(color)
    painter.eraseRect(area)
