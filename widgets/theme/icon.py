"""Icons: glyphs of one icon font, drawn as outlines in the theme's colour, crisp at any scale.

The font and its name list are files of the QtAwesome package. NOTE: the package itself is never imported
(0.27 s); only its two files are read, when the first icon is painted.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPainterPath, QPixmap, QRawFont

from kernel.error import EspalierError
from widgets.theme.token import load_icons

FONT_FILE = "remixicon-2.5.0.ttf"
NAMES_FILE = "remixicon-charmap-2.5.0.json"
#: Outlines are kept at this many pixels an em and scaled when drawn.
_EM = 240.0


class IconError(EspalierError):
    """An icon name, a glyph or the icon font is missing."""


@functools.cache
def _directory() -> Path:
    found = importlib.util.find_spec("qtawesome")
    if found is None or not found.origin:
        raise IconError("the icon font is not installed", hint="install the package QtAwesome")
    return Path(found.origin).parent / "fonts"


@functools.cache
def _names() -> bytes:
    return (_directory() / NAMES_FILE).read_bytes()


@functools.cache
def _raw_font() -> QRawFont:
    number = QFontDatabase.addApplicationFont(str(_directory() / FONT_FILE))
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    if not families:
        raise IconError("the icon font cannot be read", hint=f"look at {_directory() / FONT_FILE}")
    font = QFont(families[0])
    font.setPixelSize(int(_EM))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return QRawFont.fromFont(font)


def code_point(glyph: str) -> str:
    """The character of a glyph name.

    NOTE: the list is searched as bytes: decoding all of its 2,271 names costs more than the icons of a first paint.

    Raises:
        IconError: the icon font has no such glyph.
    """
    mark = b'"%s":' % glyph.encode()
    at = _names().find(mark)
    if at < 0:
        raise IconError(f"the icon font has no glyph {glyph!r}")
    value = _names()[at + len(mark) : at + len(mark) + 16].split(b'"')[1]
    return chr(int(value, 16))


@functools.cache
def outline(name: str) -> QPainterPath:
    """The outline of one of our icons in a square of 1 × 1, or an empty path for an unknown name."""
    glyph = load_icons().get(name)
    if glyph is None:
        return QPainterPath()
    font = _raw_font()
    indexes = font.glyphIndexesForString(code_point(glyph))
    path = font.pathForGlyph(indexes[0])
    # The glyphs stand on a baseline; 24 units a side, ascent as the font says.
    path.translate(0, font.ascent())
    path = _scaled(path, 1 / max(_EM, font.ascent() + font.descent()))
    return path


def _scaled(path: QPainterPath, factor: float) -> QPainterPath:
    from PySide6.QtGui import QTransform

    return QTransform.fromScale(factor, factor).map(path)


def paint_icon(painter: QPainter, rect: QRectF, name: str, color: QColor) -> None:
    """Draw one of our icons into ``rect``, as large as its shorter side."""
    side = min(rect.width(), rect.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center().x() - side / 2, rect.center().y() - side / 2)
    painter.scale(side, side)
    painter.fillPath(outline(name), color)
    painter.restore()


#: WORKAROUND PySide does not hand engines and their clones over to the icons that have them, and takes down those that
#: Python knows no more, though icons paint with them: until it does, references keep them alive.
_engines: list[QIconEngine] = []


class GlyphEngine(QIconEngine):
    """Draws a glyph in the colour that ``color_of(mode)`` answers at the moment of painting.

    NOTE: an engine stays for good, so that ``color_of`` must hold nothing that is to go.
    """

    def __init__(self, name: str, color_of: Callable[[QIcon.Mode], QColor]) -> None:
        super().__init__()
        _engines.append(self)
        self.name = name
        self.color_of = color_of
        self._pixmaps: dict[tuple[int, int, int], QPixmap] = {}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint_icon(painter, QRectF(rect), self.name, self.color_of(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # Qt's name
        # ``size`` is in device-independent pixels; QIcon sets the answer's ratio itself.
        size = QSize(round(size.width() * scale), round(size.height() * scale))
        color = self.color_of(mode)
        key = (size.width(), size.height(), color.rgba())
        if key not in self._pixmaps:
            pixmap = QPixmap(size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            paint_icon(painter, QRectF(QPoint(0, 0), size), self.name, color)
            painter.end()
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]

    def clone(self) -> QIconEngine:
        return GlyphEngine(self.name, self.color_of)

    def isNull(self) -> bool:  # Qt's name
        return self.name not in load_icons()
