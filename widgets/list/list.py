"""The list: each row a line of title, second line, something before it and something behind it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QBrush, QPainter

from widgets.grid.look import QUIET
from widgets.items.content import Item
from widgets.items.draw import caption_measure, draw_bars, draw_lead, draw_tag, draw_text, has_lead, tag_width
from widgets.items.paint import TONES, ground_of, ink_of, paint_focus
from widgets.items.view import ItemView, Measures

#: At the ends of a line, and between its parts, in pixels at 100 %.
_PADDING, _GAP = 12, 12
#: What of the room trailing texts take at most.
_TRAILING_SHARE = 0.4


class List(ItemView):
    """Lines over the whole width."""

    def measures(self) -> Measures:
        """Lines have one or two lines of text."""
        text, small = self.look.metrics.height(), caption_measure(self).metrics.height()
        length = self.look.theme.length
        height = int(text + small + length(20)) if self._is_double() else int(max(text + length(16), 36))
        return Measures(1, height, height)

    def _is_double(self) -> bool:
        return self.node.get("subtitle") is not None

    def column_place(self, column: int) -> tuple[int, int]:
        """The whole width."""
        return 0, self.viewport().width()

    def paint_item(self, painter: QPainter, row: int, box: QRect) -> None:
        """Ground, lead, texts, what trails, the line below."""
        item, colors = self.content.item(row), self.look.colors
        painter.fillRect(box, QBrush(colors["rows"]))
        if (ground := ground_of(self, row)) is not None:
            painter.fillRect(box, ground)
        lead, room = self._parts(box)
        if has_lead(self) and item is not None:
            draw_lead(painter, self, item, lead)
        elif has_lead(self):
            draw_bars(painter, self, lead, 1, row)
        if item is None:
            draw_bars(painter, self, room.adjusted(0, 8, 0, -8), 2 if self._is_double() else 1, row)
        else:
            self._paint_texts(painter, item, room, ink_of(self, row))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), QBrush(colors["line"]))
        paint_focus(self, painter, row, QRectF(box).adjusted(1, 1, -1, -2), 4)

    def title_box(self, row: int) -> QRect:
        """The line with the title, over the whole width of the texts."""
        _lead, room = self._parts(self.places.rect(row))
        return self._lines(room)[0].toRect()

    def _parts(self, box: QRect) -> tuple[QRectF, QRectF]:
        """The places of what leads an item and of its texts."""
        length = self.look.theme.length
        room = QRectF(box).adjusted(length(_PADDING), 0, -length(_PADDING), -1)
        side = min(room.height() - length(12), float(length(40)))
        left = room.right() - side if self.isRightToLeft() else room.left()
        lead = QRectF(left, room.center().y() - side / 2, side, side)
        if has_lead(self):
            room = _shortened(room, side + length(_GAP), not self.isRightToLeft())
        return lead, room

    def _lines(self, room: QRectF) -> tuple[QRectF, QRectF]:
        """The first line of the texts and the second."""
        text, small = self.look.metrics.height(), caption_measure(self).metrics.height()
        top = room.center().y() - (text + small + 4) / 2
        first = QRectF(room.left(), top, room.width(), text) if self._is_double() else QRectF(room)
        return first, QRectF(room.left(), first.bottom() + 4, room.width(), small)

    def _paint_texts(self, painter: QPainter, item: Item, room: QRectF, ink: str) -> None:
        look, turned = self.look, self.isRightToLeft()
        measure, caption, colors = look.measure, caption_measure(self), look.colors
        is_double, gap = self._is_double(), look.theme.length(_GAP)
        first, second = self._lines(room)
        if is_double and not item.subtitle:
            first.moveCenter(room.center())
        quiet = colors[QUIET[ink]]
        if item.trailing:
            limit = QRectF(first)
            width = min(measure.width(item.trailing), room.width() * _TRAILING_SHARE)
            limit.setLeft(first.left() if turned else first.right() - width)
            limit.setWidth(width)
            draw_text(painter, limit, item.trailing, measure, quiet, is_end=True, is_turned=turned)
            first = _shortened(first, width + gap, turned)
        if item.tag:
            line = second if is_double and item.trailing else QRectF(room) if not item.trailing else first
            width = tag_width(self, item.tag)
            if width < line.width() * 0.7:
                left = line.left() if turned else line.right() - width
                draw_tag(painter, self, QRectF(left, line.top(), width, line.height()), item.tag)
                if line is second:
                    second = _shortened(second, width + gap, turned)
                else:
                    first = _shortened(first, width + gap, turned)
                    second = _shortened(second, width + gap, turned) if not item.trailing else second
        emphasis = item.emphasis
        tone = colors[TONES.get(emphasis, ink)]
        painter.setFont(look.strong if is_double or emphasis == "strong" else look.font)
        title_measure = look.strong_measure if is_double or emphasis == "strong" else measure
        draw_text(painter, first, item.title, title_measure, tone, is_turned=turned)
        if is_double:
            painter.setFont(look.caption)
            draw_text(painter, second, item.subtitle, caption, quiet, is_turned=turned)
        painter.setFont(look.font)


def _shortened(box: QRectF, by: float, is_turned: bool) -> QRectF:
    """The box without so much at its end."""
    return box.adjusted(by if is_turned else 0, 0, 0 if is_turned else -by, 0)
