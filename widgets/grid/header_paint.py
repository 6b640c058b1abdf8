"""Painting a grid's headings: name, order with its rank, a funnel where rows are filtered, what is frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from widgets.fill import fill
from widgets.grid.shown_text import directed

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid

#: Room for the arrow of an order and for its rank, room between parts, in pixels.
ARROW, RANK, GAP = 14, 9, 6


class Order(NamedTuple):
    """How a column is sorted by: its rank from 1, 0 when it is the only one."""

    rank: int
    is_descending: bool


def orders_of(grid: Grid) -> dict[str, Order]:
    """Path → order of the columns that are sorted by."""
    keys = grid.shown_sort()
    return {key.column: Order(at + 1 if len(keys) > 1 else 0, key.is_descending) for at, key in enumerate(keys)}


def order_of(column: GridColumn, orders: dict[str, Order]) -> Order | None:
    """The column's own."""
    return orders.get(column.shown, orders.get(column.path)) if column.path else None


def order_room(order: Order | None, scale: float) -> int:
    """What arrow and rank take beside the heading, in pixels; ``scale`` is that of texts."""
    return 0 if order is None else round((ARROW + (RANK if order.rank else 0)) * scale)


def funnel_box(grid: Grid, index: int, left: float, height: int) -> QRectF:
    """Where a heading's funnel is: at the end that the name leaves free."""
    column, padding, side = grid.columns[index], grid.look.padding, grid.look.funnel
    is_right = column.side(grid.places.is_turned) == "end"
    at = left + padding - 2 if is_right else left + column.width - padding - side + 2
    return QRectF(at, (height - side) / 2, side, side)


def paint_headings(grid: Grid, painter: QPainter, dirty: QRect, height: int, hovered: int, can_filter: bool) -> None:
    """Paint the headings in sight; the frozen ones last, over those that scrolled below them.

    Args:
        hovered: The column under the pointer, or -1.
        can_filter: Whether the hovered heading shows its funnel.
    """
    look, places = grid.look, grid.places
    fill(painter, dirty, look.colors["heading-ground"])
    orders = orders_of(grid)
    everything = range(len(grid.columns))
    for columns, clip in (
        (everything[grid.frozen :], places.moving_part(height)),
        (everything[: grid.frozen], places.still_part(height)),
    ):
        painter.save()
        painter.setClipRect(clip)
        for index in columns:
            left = grid.places.column_left(index)
            if left + grid.columns[index].width > dirty.left() and left <= dirty.right():
                is_hovered = index == hovered
                _heading(grid, painter, index, left, height, orders, is_hovered, is_hovered and can_filter)
        painter.restore()
    painter.setPen(look.pens["line"])
    painter.drawLine(QPointF(0, height - 0.5), QPointF(dirty.right() + 1, height - 0.5))
    if grid.frozen:
        painter.setPen(look.pens["border"])
        edge = places.still_edge() + 0.5
        painter.drawLine(QPointF(edge, 0), QPointF(edge, height))


def _heading(
    grid: Grid, painter: QPainter, index: int, left: float, height: int, orders: dict[str, Order], is_hovered: bool,
    can_filter: bool,
) -> None:  # fmt: skip
    look, column = grid.look, grid.columns[index]
    order, is_filtered = order_of(column, orders), grid.is_filtered(column)
    room = column.width - 2 * look.padding - order_room(order, look.scale) - (look.funnel + GAP if is_filtered else 0)
    # The numbers of a tree begin at its start, for their levels to be seen.
    is_tree = index == 0 and grid.outline is not None and grid.outline.indent(grid.places.first_row()) > 0
    is_turned = grid.places.is_turned
    align = ("end" if is_turned else "start") if is_tree else column.side(is_turned)
    text = look.heading_metrics.elidedText(column.heading, Qt.TextElideMode.ElideRight, room)
    advance = look.heading_metrics.horizontalAdvance(text)
    taken = advance + order_room(order, look.scale)
    start = left + look.padding
    if align == "end":
        start = left + column.width - look.padding - advance
    elif align == "center":
        start = left + (column.width - taken) / 2
    is_lit = is_hovered or index == grid.current.column and grid.hasFocus()
    painter.setFont(look.heading)
    painter.setPen(look.pens["heading-lit" if is_lit or order or is_filtered else "heading"])
    base = (height + look.heading_metrics.ascent() - look.heading_metrics.descent()) / 2
    painter.drawText(QPointF(start, base), directed(text))
    if order:
        at = start - order_room(order, look.scale) if align == "end" else start + advance + GAP
        _order(grid, painter, at, height, order)
    if is_filtered or can_filter:
        _funnel(grid, painter, index, left, height, is_filtered)
    painter.setPen(look.pens["line"])
    border = grid.places.end_of(index) + (0.5 if is_turned else -0.5)
    if 1 < border < grid.header.width() - 1:
        painter.drawLine(QPointF(border, 8), QPointF(border, height - 9))


def _order(grid: Grid, painter: QPainter, left: float, height: int, order: Order) -> None:
    """An arrow, and the rank where several columns are sorted by."""
    look = grid.look
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.colors["accent"], 1.6))
    size, middle = look.scale, height / 2
    tip = size * (-2.0 if not order.is_descending else 2.0)
    points = [QPointF(left + at * size, middle + way * tip) for at, way in ((0, -1), (4, 1), (8, -1))]
    painter.drawPolyline(points)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    if order.rank:
        painter.setFont(look.caption)
        painter.setPen(look.colors["link"])
        painter.drawText(
            QRectF(left + 9 * size, 0, (RANK + 4) * size, height), Qt.AlignmentFlag.AlignVCenter, str(order.rank)
        )


def _funnel(grid: Grid, painter: QPainter, index: int, left: float, height: int, is_filtered: bool) -> None:
    look, box = grid.look, funnel_box(grid, index, left, height)
    if not is_filtered:
        # Over the name it needs a ground of its own.
        ground = QColor(look.colors["heading-ground"])
        fill(painter, box.adjusted(-4, -4, 4, 4), ground)
    icon = look.theme.icon("filter", "accent" if is_filtered else "muted")
    icon.paint(painter, round(box.left()), round(box.top()), look.funnel, look.funnel)
