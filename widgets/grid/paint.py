"""Painting the rows in sight, straight from the pages: texts are made and measured once per row and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from widgets.grid.cell import DRAW, Cell
from widgets.grid.selection_paint import paint_frame, paint_ground, selected_areas

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

_ELLIPSIS = "…"
_TONES = {"muted": "muted", "success": "success", "warning": "warning", "error": "error", "strong": "text"}


def paint_rows(grid: Grid, painter: QPainter, dirty: QRect) -> None:
    """Paint the part of the viewport that needs it."""
    look, left_of, above = grid.look, grid.places.column_left, grid.places.top_pixel()
    colors, height = look.colors, look.row_height
    # Below the last row there is nothing, so it looks like the window and not like a page to write on.
    bottom = grid.row_count() * height - above
    painter.fillRect(dirty.intersected(QRect(0, 0, dirty.right() + 1, bottom)), QBrush(colors["surface"]))
    below = QRect(0, bottom, dirty.right() + 1, dirty.bottom() + 1)
    painter.fillRect(dirty.intersected(below), QBrush(colors["window"]))
    first = max((dirty.top() + above) // height, 0)
    last = min((dirty.bottom() + above) // height, grid.row_count() - 1)
    places = [
        (index, left_of(index), column)
        for index, column in enumerate(grid.columns)
        if left_of(index) + column.width > dirty.left() and left_of(index) <= dirty.right()
    ]
    painter.setFont(look.font)
    selected = selected_areas(grid)
    current_ground = colors["selection" if _has_focus(grid) and not selected else "selection-quiet"]
    right = grid.places.columns_right()
    for row in range(first, last + 1):
        top = row * height - above
        is_current = row == grid.current.row
        if is_current:
            painter.fillRect(QRectF(0, top, right, height), QBrush(current_ground))
        elif row == grid.hovered_row:
            painter.fillRect(QRectF(0, top, right, height), QBrush(colors["hover"]))
        if selected:
            paint_ground(grid, painter, row, top, selected)
        _paint_row(grid, painter, row, top, places, is_current)
        painter.setPen(look.pens["line"])
        painter.drawLine(QPointF(0, top + height - 0.5), QPointF(right, top + height - 0.5))
    if grid.row_count() == 0 and grid.rows.is_loading and grid.condition.view.isHidden():
        _paint_skeleton(grid, painter)
    if selected:
        paint_frame(grid, painter, selected)
    _paint_focus(grid, painter)


def _paint_row(grid: Grid, painter: QPainter, row: int, top: int, places: list[Any], is_current: bool) -> None:
    texts = grid.content.texts(row)
    if texts is None:
        _paint_waiting(grid, painter, top, places)
        return
    look, styles = grid.look, grid.content.emphasis(row)
    key = grid.row_key(row)
    whole = styles.get("", "")
    for index, left, column in places:
        text, advance, value = texts[index]
        emphasis = styles.get(column.path, whole) if styles else ""
        color = _TONES.get(emphasis, "selection-text" if is_current else "text")
        mark = grid.content.mark(key, column.path)
        if mark is not None:
            text, value = mark.text, mark.value
            advance = look.metrics.horizontalAdvance(text)
        if value is None and column.look != "check":
            text, advance, color = "\u2013", look.metrics.horizontalAdvance("\u2013"), "disabled"
        is_strong = emphasis == "strong"
        if is_strong:
            painter.setFont(look.strong)
            advance = look.strong_metrics.horizontalAdvance(text)
        room = column.width - 2 * look.padding - (12 if column.look == "tag" else 0)
        room -= look.icon_room if column.icon_path else 0
        if advance > room:
            text, advance = _elide(grid, text, advance, room, is_strong)
        icon = str(read(column.icon_path) or "app") if column.icon_path and (read := grid.content.reader(row)) else ""
        cell = Cell(left, top, column.width, text, advance, value, column.align, color, icon)
        DRAW.get(column.look, DRAW["text"])(painter, cell, look)
        if is_strong:
            painter.setFont(look.font)
        if mark is not None:
            _paint_mark(painter, cell, look, mark)


def _elide(grid: Grid, text: str, advance: float, room: float, is_strong: bool) -> tuple[str, float]:
    """The text cut to the room; kept, since the same texts are painted frame after frame."""
    key = (text, int(room), is_strong)
    found = grid.look.elided.get(key)
    if found is None:
        metrics = grid.look.strong_metrics if is_strong else grid.look.metrics
        if len(grid.look.elided) > 20000:
            grid.look.elided.clear()
        short = text[: max(int(room / max(metrics.averageCharWidth() * 0.4, 1)), 1) + 4]
        cut = metrics.elidedText(short if short == text else short + _ELLIPSIS, Qt.TextElideMode.ElideRight, room)
        found = grid.look.elided[key] = (cut, metrics.horizontalAdvance(cut))
    return found


def _paint_mark(painter: QPainter, cell: Cell, look: Any, mark: Any) -> None:
    """A corner: accent while an edit is under way, red when it was refused."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colors["error" if mark.message else "accent"])
    left, top = cell.left, cell.top
    painter.drawPolygon([QPointF(left, top), QPointF(left + 8, top), QPointF(left, top + 8)])
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_waiting(grid: Grid, painter: QPainter, top: int, places: list[Any]) -> None:
    """Grey bars where a row has not come yet."""
    look = grid.look
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colors["fill"])
    for index, left, column in places:
        room = max(column.width - 2 * look.padding, 8)
        width = room * (0.45 + 0.12 * ((index * 7 + top // look.row_height * 3) % 5))
        painter.drawRoundedRect(QRectF(left + look.padding, top + look.row_height / 2 - 5, width, 10), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_skeleton(grid: Grid, painter: QPainter) -> None:
    places = [(index, grid.places.column_left(index), column) for index, column in enumerate(grid.columns)]
    if not places:
        width = max(grid.viewport().width() // 5, 60)
        from types import SimpleNamespace

        places = [(index, index * width, SimpleNamespace(width=width)) for index in range(5)]
    for row in range(grid.viewport().height() // grid.look.row_height):
        _paint_waiting(grid, painter, row * grid.look.row_height, places)


def _paint_focus(grid: Grid, painter: QPainter) -> None:
    """The frame of the current cell: strong with the focus, quiet without."""
    if grid.current.row < 0 or not grid.columns or grid.row_count() == 0:
        return
    box = grid.places.cell_rect(grid.current.row, grid.current.column)
    if _has_focus(grid):
        painter.setPen(QPen(grid.look.colors["focus"], 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(box).adjusted(1, 1, -1, -2))


def _has_focus(grid: Grid) -> bool:
    return grid.hasFocus() or grid.is_editing()
