"""The labels over a window, in one widget: small opaque plates on the targets, and a strip that says what they do.

The widget is masked to what it paints, so that showing it lets nothing below be painted anew.
"""

from __future__ import annotations

from itertools import groupby, zip_longest
from operator import itemgetter
from typing import NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

from shell.hints.collect import Box
from widgets.fill import fill
from widgets.theme import Theme

#: Between a label's letters and its rim, and around the strip's words, in pixels at 100 %.
_SIDE, _RIM, _WORD, _GAP = 3, 1, 7, 18
#: Between the strip and the border of the window, in pixels.
_EDGE = 12
#: A target that is lower than this, in pixels at 100 %, has its label in the middle of its start; others at the top.
_LOW = 44


class Plate(NamedTuple):
    """One label: where it stands, and its letters."""

    rect: QRect
    label: str


#: Left, top, width and letters of a label.
_Placed = tuple[int, int, int, str]


class Word(NamedTuple):
    """A word of the strip; a strong one is in force."""

    text: str
    is_strong: bool = False


class Shown(QWidget):
    """What is painted of hints. It takes neither the focus nor the mouse."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._typed = 0
        #: The labels, and how high all of them are.
        self._plates: list[_Placed] = []
        self._high = 0
        self._words: list[Word] = []
        self._strip = QRect()
        #: Label and how many of its letters are typed → its picture; and what they were made for.
        self._pictures: dict[tuple[str, int], QPixmap] = {}
        self._made_for: tuple[object, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    @property
    def plates(self) -> list[Plate]:
        """The labels as they are painted."""
        return [Plate(QRect(left, top, width, self._high), label) for left, top, width, label in self._plates]

    @property
    def words(self) -> list[Word]:
        """What the strip says."""
        return list(self._words)

    def put(self, targets: list[tuple[Box, str]], typed: int, words: list[Word]) -> None:
        """Show labels at targets; of each so many letters are typed already."""
        whole = self.parentWidget().rect()
        self._typed, self._words = typed, words
        self._plates = self._place_plates(targets, whole.width(), whole.height())
        self._strip = self._place_strip(whole) if words else QRect()
        self.setGeometry(whole)
        self.setMask(self._region())
        self.show()
        self.raise_()
        self.update()

    def _region(self) -> QRegion:
        """What is painted. A region takes the next place of a row at its end; any other has it made anew, so that rows
        are joined in pairs.
        """
        places = sorted([(top, left, width) for left, top, width, _ in self._plates])
        parts = [QRegion(self._strip), *(self._row(list(row)) for _, row in groupby(places, itemgetter(0)))]
        while len(parts) > 1:
            pairs = zip_longest(parts[::2], parts[1::2], fillvalue=QRegion())
            parts = [one.united(other) for one, other in pairs]
        return parts[0]

    def _row(self, places: list[tuple[int, int, int]]) -> QRegion:
        region, high = QRegion(), self._high
        for top, left, width in places:
            region += QRect(left, top, width, high)
        return region

    def _place_plates(self, targets: list[tuple[Box, str]], right: int, bottom: int) -> list[_Placed]:
        """Each label over the start of its target, whole within the window, and never exactly on another."""
        metrics = QFontMetrics(self._font())
        letters = {letter for _, label in targets for letter in label}
        widths = {letter: metrics.horizontalAdvance(letter) for letter in letters}
        high, side, low = metrics.height() + 2 * _RIM, 2 * (_SIDE + _RIM), round(_LOW * self._theme.text_size)
        self._high, advance = high, widths.__getitem__
        taken: dict[tuple[int, int], int] = {}
        plates = []
        for box, label in targets:
            width, height = sum(map(advance, label), side), box[3] - box[1]
            left, top = box[0], box[1] + ((height - high) // 2 if height <= low else 2)
            while (left, top) in taken:
                left += taken[left, top]
            taken[left, top] = width + 1
            if left + width > right or left < 0:
                left = max(right - width, 0) if left > 0 else 0
            if top + high > bottom or top < 0:
                top = max(bottom - high, 0) if top > 0 else 0
            plates.append((left, top, width, label))
        return plates

    def _font(self) -> QFont:
        font = QFont(self._theme.font("caption"))
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _place_strip(self, whole: QRect) -> QRect:
        metrics = QFontMetrics(self._theme.font("body"))
        width = sum(metrics.horizontalAdvance(word.text) + 2 * _WORD + 2 for word in self._words) + _GAP
        height = metrics.height() + 2 * _WORD
        width = min(width, whole.width() - 2)
        left, bottom = (whole.width() - width) // 2, whole.height() - height - _EDGE
        places = [QRect(left, top, width, height) for top in (bottom, _EDGE, whole.height() // 2, whole.height() // 4)]
        # Where it covers the fewest labels; at the bottom when nowhere is better.
        return min(places, key=self._covered)

    def _covered(self, place: QRect) -> int:
        """How many labels stand there."""
        left, top, right, bottom, high = place.left(), place.top(), place.right(), place.bottom(), self._high
        rows = [(at, width) for at, upper, width, _ in self._plates if upper <= bottom and upper + high > top]
        return sum(at <= right and at + width > left for at, width in rows)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        """The labels, then the strip over them."""
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._forget_old_pictures()
        pictures, typed, draw = self._pictures, self._typed, painter.drawPixmap
        for left, top, width, label in self._plates:
            picture = pictures.get((label, typed))
            if picture is None:
                picture = pictures[label, typed] = self._picture(QSize(width, self._high), label, typed)
            draw(left, top, picture)
        if self._words:
            self._paint_strip(painter)
        painter.end()

    def _forget_old_pictures(self) -> None:
        """Pictures are of one theme, one size of texts and one screen."""
        theme = self._theme
        made_for = (theme.scheme, theme.text_size, self.devicePixelRatioF(), self._font().key())
        if made_for != self._made_for:
            self._made_for = made_for
            self._pictures.clear()

    def _picture(self, size: QSize, label: str, typed: int) -> QPixmap:
        """A plate with its letters; typed ones are faint. It is kept, since the same labels come again and again."""
        color, scale = self._theme.color, self.devicePixelRatioF()
        picture = QPixmap(round(size.width() * scale), round(size.height() * scale))
        picture.setDevicePixelRatio(scale)
        picture.fill(color("hint-rim"))
        painter, font = QPainter(picture), self._font()
        fill(painter, QRect(_RIM, _RIM, size.width() - 2 * _RIM, size.height() - 2 * _RIM), color("hint"))
        painter.setFont(font)
        metrics, left = QFontMetrics(font), _SIDE + _RIM
        for text, tone in ((label[:typed], "hint-typed"), (label[typed:], "hint-text")):
            painter.setPen(color(tone))
            painter.drawText(left, _RIM + metrics.ascent(), text)
            left += metrics.horizontalAdvance(text)
        painter.end()
        return picture

    def _paint_strip(self, painter: QPainter) -> None:
        theme, strip = self._theme, self._strip
        fill(painter, strip, theme.color("border"))
        fill(painter, strip.adjusted(1, 1, -1, -1), theme.color("raised"))
        painter.setFont(theme.font("body"))
        metrics = painter.fontMetrics()
        left = strip.left() + _GAP // 2
        for word in self._words:
            width = metrics.horizontalAdvance(word.text) + 2 * _WORD
            box = QRect(left, strip.top() + 1, width, strip.height() - 2)
            if word.is_strong:
                fill(painter, box.adjusted(0, 3, 0, -3), theme.color("accent"))
            painter.setPen(theme.color("on-accent" if word.is_strong else "muted"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word.text)
            left += width + 2
