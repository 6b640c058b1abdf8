"""Painting what is selected in a grid: the ground of its cells, and a frame round the range that ends here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.grid.selection import Area


def paint_ground(grid: Grid, painter: QPainter, row: int, top: int, areas: list[Area]) -> None:
    """Tint the selected cells of one row; ``top`` is its place in the viewport, in pixels."""
    done: list[tuple[int, int]] = []
    for area in areas:
        columns = (area.left, area.right)
        if not area.top <= row <= area.bottom or columns in done:
            continue
        done.append(columns)
        left, right = _edges(grid, area)
        painter.fillRect(QRectF(left, top, right - left, grid.look.row_height), QBrush(grid.look.tint))


def paint_frame(grid: Grid, painter: QPainter, areas: list[Area]) -> None:
    """A thin line round each range."""
    pen = QPen(grid.look.colors["accent"], 1)
    for area in areas:
        paint_box(grid, painter, area, pen)


def paint_box(grid: Grid, painter: QPainter, area: Area, pen: QPen, ground: QColor | None = None) -> None:
    """A line round a range, and a ground for it."""
    height, above = grid.look.row_height, grid.places.top_pixel()
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush if ground is None else QBrush(ground))
    left, right = _edges(grid, area)
    # Far outside a painter's numbers are too small for a billion rows.
    top = max(area.top * height - above, -4)
    bottom = min((area.bottom + 1) * height - above, grid.viewport().height() + 4)
    if top < bottom:
        painter.drawRect(QRectF(left + 0.5, top + 0.5, right - left - 2, bottom - top - 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _edges(grid: Grid, area: Area) -> tuple[int, int]:
    """Where the range begins and ends; one that begins in columns that stay reaches to their end at least."""
    start, end = grid.places.start_of(area.left), grid.places.end_of(area.right)
    if area.left < grid.frozen <= area.right:
        edge = grid.places.still_edge()
        end = min(end, edge) if grid.places.is_turned else max(end, edge + 1)
    return min(start, end), max(start, end)
