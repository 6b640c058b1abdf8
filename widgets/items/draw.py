"""Drawing the parts of items: lines of text, tags, and what leads an item: picture, icon or letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath

from widgets.grid.measure import Measure, measure_of
from widgets.grid.shown_text import directed
from widgets.theme.icon import paint_icon

if TYPE_CHECKING:
    from widgets.items.content import Item
    from widgets.items.view import ItemView

#: Left and right of a tag's text, in pixels at 100 %.
_TAG_PADDING = 8
#: Letters that stand for a row without a picture.
_LETTERS = 2


def draw_text(
    painter: QPainter, box: QRectF, text: str, measure: Measure, color: QColor, *, is_end: bool = False,
    is_turned: bool = False,
) -> None:  # fmt: skip
    """One line in the middle of the box's height, cut where the room ends.

    Args:
        is_end: Whether it stands at the end of the reading direction.
        is_turned: Whether that direction is from right to left.
    """
    room = box.width()
    if not text or room <= 0:
        return
    # Where a line begins does not depend on its width, which takes long to ask: only what may be too wide is measured.
    if is_end != is_turned:
        width = measure.width(text)
        if width > room:
            text, width = measure.fit(text, room)
        left = box.right() - width
    else:
        left = box.left()
        if measure.rough_width(text) > room:
            text, _ = measure.fit(text, room)
    base = box.top() + (box.height() + measure.metrics.ascent() - measure.metrics.descent()) / 2
    painter.setPen(color)
    painter.drawText(QPointF(left, base), directed(text))


def tag_width(view: ItemView, text: str) -> float:
    """What a tag takes."""
    length = view.look.theme.length
    return min(caption_measure(view).width(text), float(length(160))) + 2 * length(_TAG_PADDING) if text else 0.0


def draw_tag(painter: QPainter, view: ItemView, box: QRectF, text: str) -> None:
    """A text on a rounded ground whose colour follows it, in the middle of the box's height, filling its width."""
    ground, ink = view.look.tag(text)
    measure = caption_measure(view)
    height = measure.metrics.height() + 4
    pill = QRectF(box.left(), box.center().y() - height / 2, box.width(), height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(pill, height / 2, height / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setFont(view.look.caption)
    inner = view.look.theme.length(_TAG_PADDING)
    draw_text(painter, pill.adjusted(inner, 0, -inner + 1, 0), text, measure, ink)
    painter.setFont(view.look.font)


def caption_measure(view: ItemView) -> Measure:
    """Widths of small texts."""
    kept = view.look.kept
    if "caption" not in kept:
        kept["caption"] = measure_of(view.look.caption)
    return kept["caption"]


def has_lead(view: ItemView) -> bool:
    """Whether items have something before or above their texts."""
    content = view.content
    return bool(content.icon or content.icon_path or content.image_path or view.has_letters)


def draw_lead(painter: QPainter, view: ItemView, item: Item, box: QRectF) -> None:
    """The item's picture, else its icon, else its letters."""
    picture = _picture(view, item.picture, box)
    radius = min(box.width(), box.height()) / (2 if view.has_letters else 6)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if picture is not None:
        _draw_picture(painter, picture, box, radius, view.devicePixelRatioF())
    elif view.has_letters and not item.icon:
        _draw_letters(painter, view, item, box, radius)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(view.look.tile_ground)
        painter.drawRoundedRect(box, radius, radius)
        side = min(box.height() * 0.55, 28)
        inner = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
        paint_icon(painter, inner, item.icon or "image", view.look.colors["accent" if item.icon else "disabled"])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _picture(view: ItemView, value: Any, box: QRectF) -> Any:
    """The decoded picture, or None while and where there is none."""
    if not isinstance(value, bytes | str) or not value:
        return None
    from widgets.grid.renderer.image import decode

    ratio, store = view.devicePixelRatioF(), view.content.store
    room = QSize(round(box.width() * ratio * 1.5), round(box.height() * ratio * 1.5))
    key = ("image", len(value), hash(value), room.width(), room.height())
    found = store.get_later(key, lambda: decode(value, store.read_file, room))
    return None if found is None or found.isNull() else found


def _draw_picture(painter: QPainter, picture: Any, box: QRectF, radius: float, _ratio: float) -> None:
    """Fill the box with the middle of the picture."""
    scale = max(box.width() / picture.width(), box.height() / picture.height())
    width, height = box.width() / scale, box.height() / scale
    part = QRectF((picture.width() - width) / 2, (picture.height() - height) / 2, width, height)
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    painter.save()
    painter.setClipPath(path)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(box, picture, part)
    painter.restore()


def _draw_letters(painter: QPainter, view: ItemView, item: Item, box: QRectF, radius: float) -> None:
    ground, ink = view.look.tag(item.title)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, radius, radius)
    size, kept = max(round(box.height() * 0.38), 9), view.look.kept
    if ("letters", size) not in kept:
        font = kept["letters", size] = QFont(view.look.strong)
        font.setPixelSize(size)
    painter.setFont(kept["letters", size])
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letters_of(item.title))
    painter.setFont(view.look.font)


def letters_of(title: str) -> str:
    """``AB`` for ``Ada Byron``: the first letters of the first and the last word."""
    words = title.split()
    words = [word for word in words if word[0].isalpha()] or [word for word in words if word[0].isalnum()]
    chosen = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in chosen[:_LETTERS]).upper()


def draw_bars(painter: QPainter, view: ItemView, box: QRectF, count: int, row: int) -> None:
    """Grey bars where texts have not come yet, as many below each other."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(view.look.colors["fill"]))
    step = box.height() / max(count, 1)
    for at in range(count):
        share = 0.35 + 0.11 * ((at * 3 + row * 2) % 5)
        top = box.top() + at * step + (step - 9) / 2
        width = box.width() * share * (0.7 if at else 1)
        left = box.right() - width if view.isRightToLeft() else box.left()
        painter.drawRoundedRect(QRectF(left, top, width, 9), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
