"""How the lines of a difference are drawn."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from plugins.api import Theme
from plugins.git.diff_line import DiffLine

#: Kind of line → colour of its ground, of its text, and the tag whose ground marks what differs within it.
_LOOKS = {
    "+": ("success-soft", "text", "green"),
    "-": ("error-soft", "text", "red"),
    "@": ("sunken", "muted", ""),
    "!": ("surface", "muted", ""),
    " ": ("surface", "text", ""),
}
#: How much of the accent lies over chosen lines, of 255.
_CHOSEN_ALPHA = 46


class DiffPaint:
    """Fonts and lengths of a theme, ready for drawing."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.font = theme.font("mono")
        metrics = QFontMetricsF(self.font)
        self.line_height = float(round(metrics.height() * 1.25))
        self._baseline = round((self.line_height - metrics.height()) / 2 + metrics.ascent())
        self.advance = metrics.horizontalAdvance("0")
        self._measure = metrics.horizontalAdvance
        self._pad = theme.space("normal")

    def gutter(self, digits: int) -> float:
        """Width of both line numbers, the mark and the sign, for numbers of so many digits."""
        return 2 * (digits * self.advance + 2 * self._pad) + 3 * self.advance

    def width(self, text: str) -> float:
        """Width of a text."""
        return self._measure(text)

    def draw(
        self, painter: QPainter, line: DiffLine, box: QRectF, digits: int, shift: float, *, is_chosen: bool,
        is_current: bool,
    ) -> None:  # fmt: skip
        """Draw one line.

        Args:
            painter: Where; its font is the paint's.
            line: What.
            box: The line's room, gutter and all.
            digits: Digits of the longest line number.
            shift: How far the text is scrolled to the left, in pixels.
            is_chosen: Whether a command acts on it.
            is_current: Whether the keys move from it, and the view has the focus.
        """
        ground, ink, mark = _LOOKS[line.kind]
        painter.fillRect(box, self._theme.color(ground))
        left = box.left() + self.gutter(digits)
        painter.save()
        painter.setClipRect(QRectF(left, box.top(), box.right() - left, box.height()))
        if mark and line.span[1] > line.span[0]:
            self._mark(painter, line, QPointF(left - shift, box.top()), mark)
        painter.setPen(self._theme.color(ink))
        painter.drawText(QPointF(left - shift, box.top() + self._baseline), line.text)
        painter.restore()
        self._draw_gutter(painter, line, box, digits)
        if is_chosen:
            tint = QColor(self._theme.color("accent"))
            tint.setAlpha(_CHOSEN_ALPHA)
            painter.fillRect(box, tint)
        if is_current:
            painter.setPen(QPen(self._theme.color("focus"), self._theme.border("hair")))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0.5, 0.5, -1, -1))

    def _mark(self, painter: QPainter, line: DiffLine, corner: QPointF, tag: str) -> None:
        before = self._measure(line.text[: line.span[0]])
        width = self._measure(line.text[: line.span[1]]) - before
        ground = QColor(self._theme.tokens.tags[tag][self._theme.scheme]["ground"])
        painter.fillRect(QRectF(corner.x() + before, corner.y() + 1, width, self.line_height - 2), ground)

    def _draw_gutter(self, painter: QPainter, line: DiffLine, box: QRectF, digits: int) -> None:
        room = digits * self.advance + 2 * self._pad
        painter.setPen(self._theme.color("muted"))
        y = box.top() + self._baseline
        for place, number in enumerate((line.old, line.new)):
            right = box.left() + (place + 1) * room - self._pad
            painter.drawText(QPointF(right - self._measure(number), y), number)
        if line.kind in "+-":
            tone: Mapping[str, str] = {"+": "success", "-": "error"}
            painter.setPen(self._theme.color(tone[line.kind]))
            painter.drawText(QPointF(box.left() + 2 * room + self.advance, y), "+" if line.kind == "+" else "−")
