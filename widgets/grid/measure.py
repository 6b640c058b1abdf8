"""How wide texts of one font are, and what of them fits a room: by a table of letters where that is true enough.

Asking Qt costs some microseconds a text, and a frame has hundreds of them.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

ELLIPSIS = "…"
#: What numbers and dates are written with.
_DIGITS = "0123456789.,-:"
#: Texts whose width or cut is remembered.
_KEPT = 20_000


def measure_of(font: QFont) -> Measure:
    """The measure of a font, one for all views: what it has learnt of the letters another window need not learn."""
    key = font.key()
    found = _MEASURES.get(key)
    if found is None:
        if len(_MEASURES) >= _FONTS:
            _MEASURES.clear()
        found = _MEASURES[key] = Measure(font)
    return found


#: By the fonts' keys; at most so many.
_MEASURES: dict[str, Measure] = {}
_FONTS = 40


class Measure:
    """Widths in pixels of texts in one font.

    Attributes:
        metrics: Qt's own measures of it.
    """

    def __init__(self, font: QFont) -> None:
        self.metrics = QFontMetricsF(font)
        self._widths: dict[str, float] = {}
        self._are_digits_even = False
        self._exact: dict[str, float] = {}
        self._fitted: dict[tuple[str, int], tuple[str, float]] = {}

    def width(self, text: str) -> float:
        """The text's exact width."""
        if not self._widths:
            self._learn()
        if self._are_digits_even and not text.strip(_DIGITS):
            return sum(map(self._widths.__getitem__, text))
        found = self._exact.get(text)
        if found is None:
            if len(self._exact) > _KEPT:
                self._exact.clear()
            found = self._exact[text] = self.metrics.horizontalAdvance(text)
        return found

    def number_widths(self, texts: list[str]) -> list[float] | None:
        """The exact widths of numbers; None where a text is anything else, or where digits are not all as wide."""
        if not self._widths:
            self._learn()
        whole = "".join(texts)
        if not self._are_digits_even or whole.strip(_DIGITS):
            return None
        widths = self._widths
        if whole.isdecimal():
            digit = widths["0"]
            return [len(text) * digit for text in texts]
        return [sum(map(widths.__getitem__, text)) for text in texts]

    def rough_width(self, text: str) -> float:
        """The sum of its letters' widths, a pixel or two off; exact where a letter is not of the commonest."""
        if not self._widths:
            self._learn()
        try:
            return sum(map(self._widths.__getitem__, text))
        except KeyError:
            return self.metrics.horizontalAdvance(text)

    def fit(self, text: str, room: float) -> tuple[str, float]:
        """The text cut to the room with an ellipsis, and its width; kept, since frames repeat their texts."""
        key = (text, int(room))
        found = self._fitted.get(key)
        if found is None:
            if len(self._fitted) > _KEPT:
                self._fitted.clear()
            cut = self.cut(text, room)
            found = self._fitted[key] = cut, self.metrics.horizontalAdvance(cut)
        return found

    def cut(self, text: str, room: float) -> str:
        """The text cut to the room with an ellipsis."""
        if not self._widths:
            self._learn()
        if text.isascii():
            ends = list(accumulate(map(self._widths.__getitem__, text)))
            if ends[-1] <= room:
                return text
            left = room - self._widths[ELLIPSIS]
            return text[: bisect_right(ends, left)].rstrip() + ELLIPSIS if left > 0 else ""
        # NOTE: before Qt lays it out it is cut to what could fit at most, for a text may be long.
        short = text[: int(room / max(self.metrics.averageCharWidth() * 0.3, 1)) + 4]
        return self.metrics.elidedText(short if short == text else short + ELLIPSIS, Qt.TextElideMode.ElideRight, room)

    def _learn(self) -> None:
        advance = self.metrics.horizontalAdvance
        letters = [chr(code) for code in range(0x20, 0x7F)]
        self._widths.update((letter, advance(letter)) for letter in (*letters, ELLIPSIS, "\u2013"))
        sample = "0123456789-9876543210.11,17:41.7,4"
        self._are_digits_even = abs(advance(sample) - sum(map(self._widths.__getitem__, sample))) < 0.01
