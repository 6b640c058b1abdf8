"""The focus of a view that has no row to show it at: a ring within its border."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

if TYPE_CHECKING:
    from widgets.listing.view import RowsView


def paint_ring(view: RowsView, painter: QPainter) -> None:
    """Paint the ring of a view that has the focus and no rows."""
    theme = view.context.theme
    thick, radius = theme.border("focus"), theme.radius("small")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("focus"), thick))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = thick / 2 + 1
    painter.drawRoundedRect(QRectF(view.viewport().rect()).adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()
