"""Painting what is in sight of an item view: ground, items, headings, the one that stays at the top, the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from widgets.grid.waiting import paint_veil
from widgets.items.draw import draw_text

if TYPE_CHECKING:
    from widgets.items.view import ItemView

#: Items that are painted as waiting before the number of rows is known.
_WAITING = 60
#: Emphasis of a row → the colour of its title.
TONES = {"muted": "disabled", "success": "success", "warning": "warning", "error": "error"}


def paint_items(view: ItemView, painter: QPainter) -> None:
    """Paint the viewport."""
    # Where texts stand is worked out here; each goes in its own direction.
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    box, look = view.viewport().rect(), view.look
    painter.fillRect(box, QBrush(look.colors[view.behind]))
    painter.setFont(look.font)
    if view.row_count() == 0:
        if view.rows.is_loading and view.condition.view.isHidden():
            paint_waiting(view, painter)
        if view.hasFocus():
            from widgets.listing.empty_focus import paint_ring

            paint_ring(view, painter)
        return
    for row in view.places.in_sight():
        view.paint_item(painter, row, view.places.rect(row))
    if view.handle.pending:
        from widgets.grid.pending import paint_bars

        paint_bars(view, painter)
    if view.rows.staying:
        from widgets.items.staying_strip import paint_staying

        paint_staying(view, painter)
    _paint_headings(view, painter)
    if view.rows.is_old:
        paint_veil(view, painter, box)  # type: ignore[arg-type]


def paint_waiting(view: ItemView, painter: QPainter) -> None:
    """A view full of items that have not come yet."""
    measures = view.measures()
    for at in range(_WAITING):
        line, column = divmod(at, measures.per_line)
        left, width = view.column_place(column)
        if line * measures.line > view.viewport().height():
            return
        view.paint_item(painter, at, QRect(left, line * measures.line + view.first_gap(), width, measures.height))


def ground_of(view: ItemView, row: int) -> QBrush | None:
    """What lies below an item that is current, selected or under the pointer."""
    colors = view.look.colors
    is_several = view.selection.is_several()
    if row == view.current.row and not is_several:
        return QBrush(colors["selected" if view.hasFocus() else "resting"])
    if is_several and view.selection.contains(row):
        return QBrush(view.look.tint)
    return QBrush(colors["hovered"]) if row == view.hovered_row else None


def ink_of(view: ItemView, row: int) -> str:
    """The colour of an item's title on its ground, as a role of the look; see ``look_rules.QUIET`` for the others."""
    if row == view.current.row and not view.selection.is_several():
        return "selected-ink" if view.hasFocus() else "resting-ink"
    return "hovered-ink" if row == view.hovered_row else "ink"


def paint_focus(view: ItemView, painter: QPainter, row: int, box: QRectF, radius: float) -> None:
    """The frame of the current item, while the keys go to the view."""
    if row != view.current.row or not view.hasFocus():
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(view.look.colors["focus"], 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_headings(view: ItemView, painter: QPainter) -> None:
    """The headings in sight; the one of the first section stays at the top until the next one pushes it out."""
    flow, top = view.places.flow, view.places.top
    seen = flow.sections_between(top, top + view.viewport().height())
    for section in reversed(seen):
        y = flow.heading_top(section) - top
        if section == seen.start:
            following = flow.heading_top(section + 1) - top if section + 1 < len(flow.starts) else y + flow.height
            y = max(y, min(0, following - flow.heading))
        _paint_heading(view, painter, section, y)


def _paint_heading(view: ItemView, painter: QPainter, section: int, top: int) -> None:
    look, width, height = view.look, view.viewport().width(), view.places.flow.heading
    painter.fillRect(QRect(0, top, width, height), QBrush(look.colors["heading-ground"]))
    painter.fillRect(QRect(0, top + height - 1, width, 1), QBrush(look.colors["line"]))
    count = f"{view.sections.counts[section]:,}"
    measure = look.measure
    edge = look.theme.length(12)
    room = QRectF(edge, top, width - 2 * edge, height)
    painter.setFont(look.font)
    used = measure.width(count) + edge
    draw_text(painter, room, count, measure, look.colors["heading"], is_end=True, is_turned=view.isRightToLeft())
    painter.setFont(look.heading)
    left = QRectF(room.left() + (used if view.isRightToLeft() else 0), top, room.width() - used, height)
    text = view.sections.texts[section]
    draw_text(painter, left, text, look.heading_measure, look.colors["heading-lit"], is_turned=view.isRightToLeft())
    painter.setFont(look.font)
