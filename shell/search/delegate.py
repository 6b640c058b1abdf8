"""How a line of the hits looks: a file with its count, or a place with its line and what would stand there."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from shell.palette.offer.files import icon_of
from shell.search.model import LINE, FoundFile, Line
from widgets.theme import Theme

#: Digits that the numbers of lines have room for; letters of a long match that leave room for what takes its place.
_DIGITS, _MATCH = 5, 60
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class HitDelegate(QStyledItemDelegate):
    """Paints one line; the height follows the font."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex) -> QSize:  # Qt's name
        """All lines are as high."""
        return QSize(200, QFontMetrics(option.font).height() + self._theme.space("tight") + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """One line."""
        line: Line = index.data(LINE)
        theme, area = self._theme, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.fillRect(area, theme.color("selection" if has_focus else "selection-quiet"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.color("hover"))
        area.adjust(theme.space("normal"), 0, -theme.space("normal"), 0)
        if line.hit is None:
            self._paint_file(painter, line.file, area, option.font)
        else:
            self._paint_hit(painter, line, area, option.font)
        painter.restore()

    def _paint_file(self, painter: QPainter, file: FoundFile, area: QRect, font: QFont) -> None:
        theme, side = self._theme, self._theme.icon_size()
        top = area.center().y() - side // 2 + 1
        sign = "chevron-right" if file.is_folded else "chevron-down"
        for icon in (sign, icon_of(file.path)):
            theme.icon(icon, "muted").paint(painter, QRect(area.left(), top, side, side))
            area.setLeft(area.left() + side + theme.space("tight"))
        strong = QFont(font)
        strong.setWeight(QFont.Weight.DemiBold)
        folder, _, name = file.path.rpartition("/")
        count = f"{len(file.hits):,}"
        left = _draw(painter, area, name, strong, theme.color("text"), _width(count, font) + 24)
        left = self._paint_count(painter, count, area, left + theme.space("normal"), font)
        area.setLeft(left + theme.space("normal"))
        text = QFontMetrics(font).elidedText(folder, Qt.TextElideMode.ElideMiddle, area.width())
        _draw(painter, area, text, font, theme.color("muted"))

    def _paint_count(self, painter: QPainter, count: str, area: QRect, left: int, font: QFont) -> int:
        """How many places, on a rounded ground; answers where it ends."""
        theme, small = self._theme, self._theme.font("caption")
        width = _width(count, small) + 2 * theme.space("tight") + 4
        height = QFontMetrics(small).height()
        pill = QRectF(left, area.center().y() - height / 2 + 0.5, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("fill"))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(theme.color("text"))
        painter.setFont(small)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, count)
        return round(pill.right())

    def _paint_hit(self, painter: QPainter, line: Line, area: QRect, font: QFont) -> None:
        hit, theme = line.hit, self._theme
        assert hit is not None
        metrics = QFontMetrics(font)
        number = QRect(area.left(), area.top(), metrics.horizontalAdvance("0" * _DIGITS) + 2 * theme.icon_size(),
                       area.height())  # fmt: skip
        painter.setFont(font)
        painter.setPen(theme.color("muted"))
        painter.drawText(number, _RIGHT, f"{hit.line:,}")
        area.setLeft(number.right() + theme.space("wide"))
        mono = theme.font("mono")
        mono.setPointSizeF(font.pointSizeF()) if font.pointSizeF() > 0 else None
        is_replaced = hit.new is not None
        found = hit.found if not is_replaced or len(hit.found) <= _MATCH else f"{hit.found[:_MATCH]}…"
        struck = QFont(mono)
        struck.setStrikeOut(is_replaced)
        text = theme.color("text")
        runs: list[tuple[str, QFont, str]] = [
            (hit.before, mono, ""), (found, struck, "error-soft" if is_replaced else "warning-soft"),
            (hit.shown_new, mono, "success-soft"), (hit.after, mono, ""),
        ]  # fmt: skip
        for part, face, ground in runs:
            if part and area.width() > 0:
                area.setLeft(self._paint_run(painter, part, face, ground, area, text))

    def _paint_run(self, painter: QPainter, part: str, face: QFont, ground: str, area: QRect, color: QColor) -> int:
        """A part of the line, marked by its ground; answers where it ends."""
        metrics = QFontMetrics(face)
        shown = metrics.elidedText(part, Qt.TextElideMode.ElideRight, area.width())
        width = metrics.horizontalAdvance(shown)
        if ground:
            box = QRectF(area.left(), area.center().y() - metrics.height() / 2 + 0.5, width, metrics.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color(ground))
            painter.drawRoundedRect(box, 2, 2)
        _draw(painter, area, shown, face, color)
        return area.left() + width


def _draw(painter: QPainter, area: QRect, text: str, font: QFont, color: QColor, room: int = 0) -> int:
    """Draw a text at the left, shortened where there is no room; answers where it ends."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width() - room)
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(area, _LEFT, shown)
    return area.left() + metrics.horizontalAdvance(shown)


def _width(text: str, font: QFont) -> int:
    return QFontMetrics(font).horizontalAdvance(text)
