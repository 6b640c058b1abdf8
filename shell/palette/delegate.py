"""How a line of the palette looks: icon, title with the matched letters strong, section, key."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from shell.palette.item import Found
from widgets.theme import Theme

#: The role under which the model keeps the :class:`Found` of a line.
FOUND = Qt.ItemDataRole.UserRole + 1


class LineDelegate(QStyledItemDelegate):
    """Paints one line; heights follow the font."""

    def __init__(self, theme: Theme, parent) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kept: tuple[QFont, tuple[QFont, QFontMetrics, QFontMetrics]] | None = None
        #: Whether each line says its section, since no heading does.
        self.is_searching = False

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """A line, taller when a section starts above it."""
        found: Found = index.data(FOUND)
        return QSize(200, self._line_height(option.font) + (self._heading_height(option.font) if found.heading else 0))

    def _line_height(self, font: QFont) -> int:
        return self._measured(font)[1].height() + 2 * self._theme.space("tight") + 4

    def _heading_height(self, font: QFont) -> int:
        return self._measured(font)[1].height() + self._theme.space("tight") + 2

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """One line, with its heading above when it starts a section."""
        found: Found = index.data(FOUND)
        theme, area = self._theme, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset = theme.space("normal")
        if found.heading:
            height = self._heading_height(option.font)
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("muted"))
            heading = QRect(area.left() + inset + 4, area.top(), area.width() - 2 * inset, height)
            painter.drawText(heading, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, found.heading)
            area.setTop(area.top() + height)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selection"))
            radius = theme.radius("control")
            painter.drawRoundedRect(QRectF(area.adjusted(inset // 2, 0, -inset // 2, 0)), radius, radius)
        self._paint_line(painter, found, area.adjusted(inset + 4, 0, -inset - 4, 0), option.font)
        painter.restore()

    def _paint_line(self, painter: QPainter, found: Found, area: QRect, font: QFont) -> None:
        theme, item = self._theme, found.item
        is_off = bool(item.reason)
        size = theme.length(16)
        if item.icon:
            icon = theme.icon(item.icon, "muted")
            icon.paint(painter, QRect(area.left(), area.center().y() - size // 2 + 1, size, size))
        area.setLeft(area.left() + size + theme.space("normal"))
        if item.key:
            area.setRight(self._paint_key(painter, item.key, area) - theme.space("normal"))
        side = item.reason or (item.section if self.is_searching else "")
        if side:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("muted"))
            metrics = QFontMetrics(painter.font())
            side = metrics.elidedText(side, Qt.TextElideMode.ElideRight, area.width() // 2)
            width = metrics.horizontalAdvance(side)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, side)
            area.setRight(area.right() - width - theme.space("normal"))
        used = self._paint_title(painter, found, area, font, theme.color("muted" if is_off else "text"))
        if item.detail and used + theme.space("wide") < area.width():
            self._paint_detail(painter, item.detail, area.adjusted(used + theme.space("normal"), 0, 0, 0))

    def _paint_detail(self, painter: QPainter, detail: str, area: QRect) -> None:
        """What stands quietly behind the title; a path keeps its end."""
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.color("muted"))
        side = Qt.TextElideMode.ElideMiddle if "/" in detail else Qt.TextElideMode.ElideRight
        text = QFontMetrics(painter.font()).elidedText(detail, side, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_title(self, painter: QPainter, found: Found, area: QRect, font: QFont, colour) -> int:
        """Runs of matched and other letters, matched ones strong and in the accent's colour; answers the width."""
        strong, metrics, strong_metrics = self._measured(font)
        accent, middle = self._theme.color("accent"), Qt.AlignmentFlag.AlignVCenter
        title = metrics.elidedText(found.item.title, Qt.TextElideMode.ElideRight, area.width())
        left, top, height = area.left(), area.top(), area.height()
        for text, is_strong in _runs(title, set(found.positions)):
            painter.setFont(strong if is_strong else font)
            painter.setPen(accent if is_strong else colour)
            width = (strong_metrics if is_strong else metrics).horizontalAdvance(text)
            painter.drawText(left, top, width + 4, height, middle, text)
            left += width
        return left - area.left()

    def _measured(self, font: QFont) -> tuple[QFont, QFontMetrics, QFontMetrics]:
        """The font of matched letters, and the measures of both, kept from line to line."""
        if self._kept is None or self._kept[0] != font:
            strong = QFont(font)
            strong.setWeight(QFont.Weight.Bold)
            self._kept = QFont(font), (strong, QFontMetrics(font), QFontMetrics(strong))
        return self._kept[1]

    def _paint_key(self, painter: QPainter, key: str, area: QRect) -> int:
        """Little caps for the chords, at the end; answers where they begin."""
        theme = self._theme
        font = theme.font("caption")
        metrics = QFontMetrics(font)
        right = area.right()
        for chord in reversed(key.split(" ")):
            width = max(metrics.horizontalAdvance(chord) + 12, 22)
            cap = QRectF(right - width, area.center().y() - metrics.height() / 2 - 2, width, metrics.height() + 5)
            painter.setPen(theme.color("line"))
            painter.setBrush(theme.color("window"))
            painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setPen(theme.color("muted"))
            painter.setFont(font)
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, chord)
            right -= width + 4
        return right


def _runs(text: str, matched: set[int]) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    for index, letter in enumerate(text):
        is_strong = index in matched
        if runs and runs[-1][1] == is_strong:
            runs[-1] = (runs[-1][0] + letter, is_strong)
        else:
            runs.append((letter, is_strong))
    return runs
