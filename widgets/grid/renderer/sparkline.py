"""Lines of numbers in a cell."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from widgets.grid.cell import Cell
from widgets.grid.look import Look
from widgets.grid.renderer.text import draw_text

#: Characters that are read of a text, and points that are drawn at most.
_LONGEST, _POINTS = 20_000, 400
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
#: What may stand between the numbers.
_BETWEEN = re.compile(r"[\s,;\[\]]*")


def draw_sparkline(painter: QPainter, cell: Cell, look: Look) -> None:
    """The line, with a dot at its last number."""
    value = cell.value
    numbers = cell.store.get(("line", value[:_LONGEST]), lambda: numbers_of(value)) if isinstance(value, str) else None
    if not numbers or len(numbers) < 2:
        draw_text(painter, cell, look)
        return
    box = QRectF(cell.left, cell.top, cell.width, look.row_height).adjusted(look.padding, 7, -look.padding, -8)
    low, high = min(numbers), max(numbers)
    high = high if high > low else low + 1
    step = box.width() / (len(numbers) - 1)
    points = [
        QPointF(box.left() + at * step, box.bottom() - (number - low) / (high - low) * box.height())
        for at, number in enumerate(numbers)
    ]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.colors["accent"], 1.4))
    painter.drawPolyline(QPolygonF(points))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colors["accent"])
    painter.drawEllipse(points[-1], 2.2, 2.2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def numbers_of(text: str) -> list[float]:
    """The numbers of ``3, 1, 4`` or ``[3, 1, 4]``; empty when there is anything else in it.

    Of more than can be drawn every so-manieth is taken, and the last one.
    """
    text, numbers, at = text[:_LONGEST], [], _BETWEEN.match(text[:_LONGEST]).end()
    while at < len(text):
        found = _NUMBER.match(text, at)
        if found is None:
            return []
        number = float(found[0])
        if not math.isfinite(number):
            return []
        numbers.append(number)
        at = _BETWEEN.match(text, found.end()).end()
    step = -(-len(numbers) // _POINTS)
    return [*numbers[:-1:step], numbers[-1]] if step > 1 else numbers
