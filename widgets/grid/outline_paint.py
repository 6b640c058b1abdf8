"""Painting what only outlined rows have: triangles, the line of a group with its figures, the mark of a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QPainter, QPolygonF

from widgets.grid.shown_text import directed

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Between texts, in pixels.
GAP = 8
#: Where a text stands → how Qt calls that.
SIDES = {
    "start": Qt.AlignmentFlag.AlignLeft, "end": Qt.AlignmentFlag.AlignRight, "center": Qt.AlignmentFlag.AlignHCenter,
}  # fmt: skip


def paint_triangle(grid: Grid, painter: QPainter, left: float, top: int, is_open: bool, color: str = "muted") -> None:
    """A triangle that points where the line goes, or down when what it stands for is open.

    Args:
        left: Where the room of a triangle begins.
    """
    is_turned = grid.look.is_turned
    middle, way = top + grid.look.row_height / 2, -1 if is_turned else 1
    size = grid.look.triangle / 18
    x = left + (13.0 if is_turned else 5.0) * size
    open_points, closed_points = ((-4, -2.5), (4, -2.5), (0, 2.5)), ((-2, -4), (2.5, 0), (-2, 4))
    shape = open_points if is_open else tuple((across * way, down) for across, down in closed_points)
    points = [(x + across * size, middle + down * size) for across, down in shape]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(grid.look.colors[color])
    painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))
    painter.restore()


def paint_group(grid: Grid, painter: QPainter, row: int, top: int, text: tuple[str, str, str], depth: int,
                is_open: bool, figures: dict[int, str], columns: Any) -> None:  # fmt: skip
    """The line of a group.

    Args:
        text: What it is grouped by, the value, and the count.
        figures: Column index → figure.
        columns: The columns that this part of the view paints.
    """
    look, is_current = grid.look, row == grid.current.row
    right = grid.places.columns_right()
    if not is_current and row != grid.hovered_row and not grid.selection.contains(row, 0):
        painter.fillRect(QRect(0, top, right, look.row_height - 1), QBrush(look.colors["sunken"]))
    own, quiet = ("selected-ink", "selected-ink") if is_current else ("text", "muted")
    if row == grid.hovered_row and not is_current:
        own, quiet = "hovered-ink", "hovered-quiet"
    places = grid.places
    left = triangle_left(grid, depth)
    paint_triangle(grid, painter, left, top, is_open, quiet)
    if places.is_turned:
        begin = max((places.column_right(index) for index in figures if index), default=0) + look.padding
        room = (min(begin, left), left)
    else:
        end = min((places.column_left(index) for index in figures if index), default=right) - look.padding
        room = (left + grid.look.triangle, max(end, left + grid.look.triangle))
    _paint_words(painter, look, room, top, text, (quiet, own))
    painter.setFont(look.strong)
    painter.setPen(look.pens[own])
    for index, column_left, column in columns:
        if index and (figure := figures.get(index)):
            room = QRect(column_left + look.padding, top, column.width - 2 * look.padding, look.row_height - 1)
            side = SIDES[column.side(places.is_turned)]
            shown = look.strong_metrics.elidedText(figure, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, directed(shown))
    painter.setFont(look.font)


def triangle_left(grid: Grid, depth: int) -> float:
    """Where the room of a triangle of that level begins, in pixels of the viewport."""
    inside = grid.look.padding + depth * grid.look.indent
    start = grid.places.start_of(0)
    return start - inside - grid.look.triangle if grid.places.is_turned else start + inside


def _paint_words(painter: QPainter, look: Any, place: tuple[float, float], top: int, text: tuple[str, str, str],
                 colors: tuple[str, str]) -> None:  # fmt: skip
    (key, value, count), (quiet, own), base = text, colors, top + look.baseline
    left, end = place
    room = end - left

    def put(words: str, at: float, width: float) -> None:
        """Draw them so far from the line's start."""
        painter.drawText(QPointF(end - (at - left) - width if look.is_turned else at, base), directed(words))

    key_width, count_width = look.metrics.horizontalAdvance(key), look.metrics.horizontalAdvance(count)
    begin, has_key = left, key_width + GAP + count_width + 60 <= room
    if has_key:
        painter.setFont(look.font)
        painter.setPen(look.pens[quiet])
        put(key, left, key_width)
        begin, room = left + key_width + GAP, room - key_width - GAP
    painter.setFont(look.strong)
    painter.setPen(look.pens[own])
    shown = look.strong_metrics.elidedText(value, Qt.TextElideMode.ElideRight, max(int(room - count_width - GAP), 0))
    shown_width = look.strong_metrics.horizontalAdvance(shown)
    put(shown, begin, shown_width)
    painter.setFont(look.font)
    painter.setPen(look.pens[quiet])
    at = begin + shown_width + GAP
    if at + count_width <= end + 1:
        put(count, at, count_width)


def paint_circle(grid: Grid, painter: QPainter, left: float, top: int) -> None:
    """The mark of a row that is its own ancestor: an arrow round, in the colour of warnings."""
    middle = top + grid.look.row_height / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = grid.look.pens["warning"]
    painter.setPen(pen)
    painter.drawArc(QRect(int(left), int(middle - 5), 10, 10), 60 * 16, 300 * 16)
    painter.drawLine(QPointF(left + 10, middle - 1), QPointF(left + 10, middle - 5))
    painter.drawLine(QPointF(left + 10, middle - 1), QPointF(left + 6, middle - 1))
    painter.restore()
