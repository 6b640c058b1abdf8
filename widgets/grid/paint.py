"""Painting the rows in sight, straight from the pages: what is made ready once per row is drawn frame after frame.

Columns that stay while the others go sideways are painted last, over them. What few frames show (selected ranges, rows
that wait) is imported when it is painted first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from widgets.fill import fill
from widgets.grid.ready import placed

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid
    from widgets.grid.selection import Area

#: Side of the handle that fills, in pixels.
HANDLE = 6
#: Whether the keys go to the grid → the colour of the current row's texts, as a role of the look.
_CURRENT_INK = {True: "selected-ink", False: "resting-row-ink"}
#: Index, left border in the viewport, and the column.
Placed = tuple[int, int, "GridColumn"]


def paint_rows(grid: Grid, painter: QPainter, dirty: QRect) -> None:
    """Paint the part of the viewport that needs it."""
    look, above, edge = grid.look, grid.places.top_pixel(), grid.places.frozen_width()
    height = look.row_height
    # Below the last row there is nothing, so it looks like the window and not like a page to write on.
    bottom = min(grid.row_count() * height - above, dirty.bottom() + 1)
    fill(painter, dirty.intersected(QRect(0, 0, dirty.right() + 1, bottom)), look.colors["rows"])
    below = QRect(0, bottom, dirty.right() + 1, dirty.bottom() + 1)
    fill(painter, dirty.intersected(below), look.colors["below"])
    painter.setFont(look.font)
    rows = range(
        max((dirty.top() + above) // height, 0), min((dirty.bottom() + above) // height, grid.row_count() - 1) + 1
    )
    grid.ready.make(rows)
    if edge:
        _paint_beside(grid, painter, dirty, rows)
    else:
        _paint_part(grid, painter, rows, _columns(grid, dirty, 0, len(grid.columns)))
    if grid.row_count() == 0 and grid.rows.is_loading and grid.condition.view.isHidden():
        from widgets.grid.waiting import paint_skeleton

        paint_skeleton(grid, painter)
    if grid.row_count() == 0 and grid.hasFocus():
        from widgets.listing.empty_focus import paint_ring

        paint_ring(grid, painter)
    if areas := _selected_areas(grid):
        from widgets.grid.selection_paint import paint_frame

        paint_frame(grid, painter, areas)
    if grid.handle.pending:
        from widgets.grid.pending import paint_pending

        paint_pending(grid, painter, rows)
    if grid.bookmarks:
        from widgets.grid.bookmark import paint_bookmarks

        paint_bookmarks(grid, painter, rows)
    if grid.rows.staying:
        from widgets.grid.staying_band import paint_staying

        paint_staying(grid, painter, rows)
    _paint_focus(grid, painter)
    if grid.rows.is_old:
        from widgets.grid.waiting import paint_veil

        paint_veil(grid, painter, dirty)


def _selected_areas(grid: Grid) -> list[Area]:
    """The ranges to paint; none when just the current cell is selected, whose row is shown anyway."""
    return grid.selection.areas() if grid.selection.is_several() else []


def _paint_beside(grid: Grid, painter: QPainter, dirty: QRect, rows: range) -> None:
    """The columns that go sideways, then those that stay, each in its own part of the view."""
    view, colors, places = grid.viewport(), grid.look.colors, grid.places
    scrolled, still = places.moving_part(view.height()), places.still_part(view.height())
    parts = ((scrolled, grid.frozen, len(grid.columns)), (still, 0, grid.frozen))
    for area, first, end in parts:
        part = dirty.intersected(area)
        if not part.isEmpty():
            painter.setClipRect(part)
            _paint_part(grid, painter, rows, _columns(grid, part, first, end))
    painter.setClipRect(dirty)
    bottom = min(grid.row_count() * grid.look.row_height - grid.places.top_pixel(), view.height())
    fill(painter, QRect(places.still_edge(), 0, 1, bottom), colors["border"])


def _columns(grid: Grid, dirty: QRect, first: int, end: int) -> list[Placed]:
    """The columns from ``first`` to before ``end`` that the dirty part shows."""
    places = [(index, grid.places.column_left(index), grid.columns[index]) for index in range(first, end)]
    return [place for place in places if place[1] + place[2].width > dirty.left() and place[1] <= dirty.right()]


def _paint_part(grid: Grid, painter: QPainter, rows: range, columns: list[Placed]) -> None:
    colors, above, height = grid.look.colors, grid.places.top_pixel(), grid.look.row_height
    areas = _selected_areas(grid)
    is_led = has_focus(grid) and not areas
    current_ground, current_ink = colors["selected" if is_led else "resting"], _CURRENT_INK[is_led]
    hover, line = colors["hovered"], colors["line"]
    outline = grid.outline
    _paint_grounds(grid, painter, rows, columns)
    right, current, hovered = grid.places.columns_right(), grid.current.row, grid.hovered_row
    for row in rows:
        top = row * height - above
        if row == current:
            fill(painter, QRect(0, top, right, height), current_ground)
        elif row == hovered:
            fill(painter, QRect(0, top, right, height), hover)
        if areas:
            from widgets.grid.selection_paint import paint_ground

            paint_ground(grid, painter, row, top, areas)
        if outline is None or not outline.paint_row(painter, row, top, columns):
            own = current_ink if row == current else "hovered-ink" if row == hovered else "ink"
            _paint_row(grid, painter, row, top, columns, own)
            if outline is not None:
                outline.paint_over(painter, row, top, columns)
        fill(painter, QRect(0, top + height - 1, right, 1), line)


def _paint_grounds(grid: Grid, painter: QPainter, rows: range, columns: list[Placed]) -> None:
    """What style rules put behind whole columns."""
    height, above = grid.look.row_height, grid.places.top_pixel()
    for _, left, column in columns:
        if column.ground:
            box = QRect(left, rows.start * height - above, column.width, len(rows) * height)
            fill(painter, box, grid.look.colors[column.ground])


def _paint_row(grid: Grid, painter: QPainter, row: int, top: int, columns: list[Placed], own: str) -> None:
    cells = grid.ready.cells(row)
    if cells is None:
        from widgets.grid.waiting import paint_waiting

        paint_waiting(grid, painter, top, columns)
        return
    look = grid.look
    pens, base = look.pens, top + look.baseline
    pen, draw_text = None, painter.drawText
    for index, left, column in columns:
        cell = cells[index]
        if cell[3] is None:
            wanted = cell[2] or own
            if wanted is not pen:
                painter.setPen(pens[wanted])
                pen = wanted
            draw_text(QPointF(left + cell[0], base), cell[1])
            continue
        pen = None
        if cell.mark is not None and cell.mark.message:
            fill(painter, QRect(left, top, column.width, look.row_height - 1), look.colors["error-soft"])
        if cell.font is not None:
            painter.setFont(cell.font)
        shown = placed(cell, left + (0 if look.is_turned else cell.indent), top, own)
        cell.draw(painter, shown, look)
        if cell.font is not None:
            painter.setFont(look.font)
        if cell.mark is not None:
            _paint_mark(painter, grid.places.start_of(index), top, look, cell.mark)


def _paint_mark(painter: QPainter, start: int, top: int, look: Any, mark: Any) -> None:
    """A corner at the cell's start: accent while an edit is under way, red when it was refused."""
    side = -8 if look.is_turned else 8
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colors["error" if mark.message else "accent"])
    painter.drawPolygon([QPointF(start, top), QPointF(start + side, top), QPointF(start, top + 8)])
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_focus(grid: Grid, painter: QPainter) -> None:
    """The frame of the current cell: strong with the focus, quiet without."""
    if grid.current.row < 0 or not grid.columns or grid.row_count() == 0 or not has_focus(grid):
        return
    if grid.is_editing() and not grid.editing.cell.field.is_inset:
        return
    index = grid.current.column
    if grid.frozen and index >= grid.frozen:
        painter.setClipRect(grid.places.moving_part(grid.viewport().height()))
    box = grid.places.cell_rect(grid.current.row, index)
    if grid.outline is not None and grid.outline.refuses(grid.current.row):
        # The line of a group is one thing, whatever column the person came from.
        painter.setClipping(False)
        width = grid.viewport().width()
        box.setLeft(0 if grid.places.is_turned else max(grid.places.column_left(0), 0))
        box.setRight(min(grid.places.column_right(0) if grid.places.is_turned else width, width) - 1)
    painter.setPen(QPen(grid.look.colors["focus"], 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(box).adjusted(1, 1, -1, -2))
    if (handle := handle_box(grid)) is not None:
        fill(painter, handle.adjusted(-1, -1, 1, 1), grid.look.colors["surface"])
        fill(painter, handle, grid.look.colors["focus"])
    painter.setClipping(False)
    if grid.drag is not None:
        grid.drag.paint(painter)


def handle_box(grid: Grid) -> QRectF | None:
    """The handle at the corner of what is selected, which is dragged to fill the cells beside it; None when there is
    none: without the focus, with several ranges, at the new row, and where nothing is edited."""
    row = grid.current.row
    if row < 0 or not grid.columns or not grid.hasFocus() or not grid.can_edit() or grid.why_not("edit"):
        return None
    is_line = grid.outline is not None and grid.outline.refuses(row)
    if is_line or grid.editing.is_draft(row) or grid.selection.kept or grid.selection.shape != "cells":
        return None
    area = grid.selection.active()
    if not any(map(grid.can_edit, grid.columns[area.left : area.right + 1])):
        return None
    box = grid.places.cell_rect(area.bottom, area.right)
    left = box.left() + 1 if grid.places.is_turned else box.right() - HANDLE
    return QRectF(left, box.bottom() - HANDLE, HANDLE, HANDLE)


def has_focus(grid: Grid) -> bool:
    """Whether the keys go to the grid, or to an editor in it."""
    return grid.hasFocus() or grid.is_editing()
