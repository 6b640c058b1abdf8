"""Cards: rows beside each other, as many as fit the width, all of one height: picture or icon, title, fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen
from PySide6.QtWidgets import QWidget

from layouts.node import Node
from widgets.context import Context
from widgets.grid.look import QUIET
from widgets.items.content import Item
from widgets.items.draw import caption_measure, draw_bars, draw_lead, draw_tag, draw_text, has_lead, tag_width
from widgets.items.paint import TONES, ground_of, ink_of, paint_focus
from widgets.items.view import ItemView, Measures

if TYPE_CHECKING:
    from widgets.grid.look_rules import Drawn

#: Between cards and round them, within a card, between its lines, in pixels at 100 %.
_GAP, _PADDING, _LINE_GAP = 12, 12, 4
#: How high a picture over the texts is, of the card's least width; the side of one before
#: them and the height of an icon over them, in pixels at 100 %.
_PICTURE_SHARE, _LEAD_SIDE, _ICON_HEIGHT = 0.5, 44, 72
#: The least width of cards, and the least that a layout can give them, in pixels.
_USUAL_WIDTH, _NARROWEST = 240, 120
#: What of a card's width labels take at most.
_LABEL_SHARE = 0.45


class Cards(ItemView):
    """Cards in columns of one width, which together fill the view's.

    Attributes:
        radius, border: Of each card, in pixels.
    """

    behind = "window"

    def __init__(self, node: Node, context: Context, parent: QWidget | None = None) -> None:
        side, width = node.get("side"), node.get("card_width")
        self.side = side if isinstance(side, str) else "top"
        self.least_width = width if isinstance(width, int) else _USUAL_WIDTH
        self.radius, self.border = context.theme.radius("card"), 1
        super().__init__(node, context, parent)

    def draw_look(self, drawn: Drawn) -> None:
        """See :mod:`widgets.dress`; ground, border and corners are those of each card."""
        theme, values = self.context.theme, drawn.look.values
        radius = values.get("radius", "card")
        self.radius = 0 if radius == "none" else theme.radius(radius)
        self.border = theme.border(values.get("border_width", "hair"))
        super().draw_look(drawn)
        for column in self.content.fields:
            column.dress(self.look.column(column.classes))

    def set_side(self, side: Any) -> None:
        """Where picture or icon stands."""
        self.side = str(side)
        self.places.update()
        self.viewport().update()

    def set_card_width(self, width: Any) -> None:
        """The least width of a card."""
        self.least_width = int(width or _USUAL_WIDTH)
        self.places.update()
        self.viewport().update()

    def _length(self, pixels: int) -> int:
        """Pixels beside texts of the size in force."""
        return self.look.theme.length(pixels)

    @property
    def _gap(self) -> int:
        return self._length(_GAP)

    @property
    def _padding(self) -> int:
        return self._length(_PADDING)

    @property
    def _line_gap(self) -> int:
        return self._length(_LINE_GAP)

    def _card_width(self) -> int:
        return max(round(self.least_width * max(self.context.theme.text_size, 1.0)), _NARROWEST)

    def _is_over(self) -> bool:
        """Whether what leads a card stands over its texts."""
        return has_lead(self) and self.side == "top"

    def measures(self) -> Measures:
        """As many as have room beside each other, and one row of them."""
        room = self.viewport().width() - self._gap
        count = max(room // (self._card_width() + self._gap), 1)
        height = 2 * self._padding + self._texts_height()
        if self._is_over():
            height += self._lead_height()
        elif has_lead(self):
            height = max(height, 2 * self._padding + self._length(_LEAD_SIDE))
        return Measures(count, height + self._gap, height)

    def first_gap(self) -> int:
        """Above each line of cards."""
        return self._gap

    def _lead_height(self) -> int:
        """How high what stands over the texts is."""
        return round(self._card_width() * _PICTURE_SHARE) if self.content.image_path else self._length(_ICON_HEIGHT)

    def _texts_height(self) -> int:
        gap = self._line_gap
        text, small = self.look.metrics.height() + gap, caption_measure(self).metrics.height() + gap
        lines = text + (small if self.node.get("subtitle") is not None else 0)
        lines += text if self._has_foot() else 0
        return round(lines + len(self.content.fields) * small + (self._line_gap if self.content.fields else 0))

    def _has_foot(self) -> bool:
        return self.node.get("tag") is not None or self.node.get("trailing") is not None

    def column_place(self, column: int) -> tuple[int, int]:
        """A share of the width, mirrored where reading goes from right to left."""
        width, count = self.viewport().width(), self.places.flow.per_line
        if not self.row_count():
            count = self.measures().per_line
        card = max((width - self._gap) // count - self._gap, 1)
        left = self._gap + column * (card + self._gap)
        return (width - left - card if self.isRightToLeft() else left), card

    def paint_item(self, painter: QPainter, row: int, box: QRect) -> None:
        """The card's ground and border, then its parts."""
        item, colors = self.content.item(row), self.look.colors
        card = QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = self.radius
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors["edge"], self.border))
        painter.setBrush(QBrush(colors["rows"]))
        painter.drawRoundedRect(card, radius, radius)
        if (ground := ground_of(self, row)) is not None:
            painter.setBrush(ground)
            painter.drawRoundedRect(card, radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.save()
        painter.setClipRect(card)
        room = self._paint_lead(painter, item, card)
        if item is None:
            draw_bars(painter, self, room, 2 + len(self.content.fields), row)
        else:
            self._paint_texts(painter, item, room, ink_of(self, row))
        painter.restore()
        paint_focus(self, painter, row, card, radius)

    def title_box(self, row: int) -> QRect:
        """The first line of the texts."""
        _lead, room = self._parts(QRectF(self.places.rect(row)))
        return QRectF(room.left(), room.top(), room.width(), self.look.metrics.height() + self._line_gap).toRect()

    def _parts(self, card: QRectF) -> tuple[QRectF | None, QRectF]:
        """The places of what leads a card, None where nothing does, and of its texts."""
        inner = card.adjusted(self._padding, self._padding, -self._padding, -self._padding)
        if self._is_over():
            height = self._lead_height()
            lead = QRectF(inner.left(), inner.top(), inner.width(), height - self._padding / 2)
            inner.setTop(card.top() + self._padding + height)
            return lead, inner
        if not has_lead(self):
            return None, inner
        side = self._length(_LEAD_SIDE)
        left, taken = inner.right() - side if self.isRightToLeft() else inner.left(), side + self._padding
        lead = QRectF(left, inner.top(), side, side)
        inner.adjust(0 if self.isRightToLeft() else taken, 0, -taken if self.isRightToLeft() else 0, 0)
        return lead, inner

    def _paint_lead(self, painter: QPainter, item: Item | None, card: QRectF) -> QRectF:
        """Paint what leads the card; answers the room for its texts."""
        lead, room = self._parts(card)
        if lead is not None and item is not None:
            draw_lead(painter, self, item, lead)
        elif lead is not None:
            draw_bars(painter, self, lead, 1, 0)
        return room

    def _paint_texts(self, painter: QPainter, item: Item, room: QRectF, ink: str) -> None:
        look, caption, turned = self.look, caption_measure(self), self.isRightToLeft()
        quiet = look.colors[QUIET[ink]]
        text, small = look.metrics.height() + self._line_gap, caption.metrics.height() + self._line_gap
        line = QRectF(room.left(), room.top(), room.width(), text)
        painter.setFont(look.strong)
        tone = look.colors[TONES.get(item.emphasis, ink)]
        draw_text(painter, line, item.title, look.strong_measure, tone, is_turned=turned)
        top = line.bottom()
        painter.setFont(look.caption)
        if self.node.get("subtitle") is not None:
            second = QRectF(room.left(), top, room.width(), small)
            draw_text(painter, second, item.subtitle, caption, quiet, is_turned=turned)
            top += small
        top += self._line_gap if item.fields else 0
        for column, pair in zip(self.content.fields, item.fields, strict=True):
            box = QRectF(room.left(), top, room.width(), small)
            self._paint_field(painter, box, pair, column.color or ink, quiet)
            top += small
        painter.setFont(look.font)
        if self._has_foot():
            self._paint_foot(painter, item, QRectF(room.left(), top, room.width(), text), quiet)

    def _paint_field(self, painter: QPainter, line: QRectF, pair: tuple[str, str], ink: str, quiet: object) -> None:
        caption, turned = caption_measure(self), self.isRightToLeft()
        label, value = pair
        room = QRectF(line)
        # Letters that are drawn nearer to each other than they are wide are cut by their widths.
        width = min(max(caption.width(label), caption.rough_width(label)), line.width() * _LABEL_SHARE)
        room.setLeft(line.right() - width if turned else line.left())
        room.setWidth(width)
        draw_text(painter, room, label, caption, quiet, is_turned=turned)  # type: ignore[arg-type]
        rest = line.adjusted(0 if turned else width + self._gap, 0, -width - self._gap if turned else 0, 0)
        draw_text(painter, rest, value or "—", caption, self.look.colors[ink], is_end=True, is_turned=turned)

    def _paint_foot(self, painter: QPainter, item: Item, line: QRectF, quiet: object) -> None:
        turned, used = self.isRightToLeft(), 0.0
        if item.tag:
            used = min(tag_width(self, item.tag), line.width())
            left = line.right() - used if turned else line.left()
            draw_tag(painter, self, QRectF(left, line.top() + 2, used, line.height()), item.tag)
        rest = line.adjusted(0 if turned else used + self._gap, 2, -used - self._gap if turned else 0, 2)
        draw_text(painter, rest, item.trailing, self.look.measure, quiet, is_end=True, is_turned=turned)  # type: ignore[arg-type]
