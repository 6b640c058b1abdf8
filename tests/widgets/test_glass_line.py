"""The glass of search boxes: as large as icons beside texts of that size, at the side where the language begins."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from widgets.glass_line import GlassLine
from widgets.theme import Theme


def inked(line: GlassLine) -> tuple[int, int]:
    """The first and the last column of the box that is not of its ground, the edges left out."""
    image: QImage = line.grab().toImage()
    ground, middle = image.pixelColor(image.width() // 2, image.height() // 2), range(6, image.height() - 6)
    found = [x for x in range(4, image.width() - 4) if any(_differs(image.pixelColor(x, y), ground) for y in middle)]
    return found[0], found[-1]


def _differs(one: QColor, other: QColor) -> bool:
    return abs(one.lightness() - other.lightness()) > 40


def test_the_glass_grows_with_the_texts_and_stands_where_the_language_begins(qapp: object) -> None:
    theme = Theme("light")
    line = GlassLine(theme)
    line.resize(300, 90)
    line.show()
    for size in (1.0, 2.0, 3.0):
        theme.set_text_size(size)
        line.fit_glass()
        first, last = inked(line)
        assert abs((last - first) - theme.icon_size()) <= 0.3 * theme.icon_size()
        assert line.textMargins().left() >= theme.icon_size() and line.textMargins().right() == 0
    line.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    line.fit_glass()
    assert inked(line)[0] > 150 and line.textMargins().left() == 0
    line.close()
    theme.set_text_size(1.0)
