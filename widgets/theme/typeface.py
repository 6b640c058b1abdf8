"""Fonts: the system's own face, or Inter where the system names none, in the steps of the type scale."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo
from PySide6.QtWidgets import QApplication, QWidget

from widgets.theme.token import Tokens

#: What fontconfig answers on a machine whose desktop has chosen no face; Inter is better, where it is installed.
_UNCHOSEN = ("DejaVu Sans", "Bitstream Vera Sans", "Sans Serif", "Sans", "")
_PREFERRED = "Inter"
#: DejaVu's normal width is too wide for tables and forms.
_WIDE_FAMILY = "DejaVu Sans"
_NARROW_STRETCH = 90


def system_font(tokens: Tokens) -> QFont:
    """The body font: the system's face at its size, never below the smallest body size (pixels)."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    info = QFontInfo(font)
    if info.family() in _UNCHOSEN and QFontDatabase.hasFamily(_PREFERRED):
        font.setFamily(_PREFERRED)
    elif info.family() == _WIDE_FAMILY:
        font.setFamily(_WIDE_FAMILY)
        font.setStretch(_NARROW_STRETCH)
    font.setPixelSize(max(info.pixelSize(), tokens.smallest_body))
    return font


def step_font(tokens: Tokens, body: QFont, name: str) -> QFont:
    """The font of a step of the type scale.

    Raises:
        TokenError: no such step.
    """
    step = tokens.step(name)
    is_mono = name == "mono"
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if is_mono else QFont(body)
    font.setPixelSize(max(1, round(body.pixelSize() * step.size)))
    font.setWeight(QFont.Weight(step.weight))
    return font


def own_fonts(application: QApplication) -> list[tuple[QWidget, QFont]]:
    """The widgets that were given a size of their own, with their fonts as they are now."""
    given = (widget for widget in application.allWidgets() if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont))
    return [(widget, widget.font()) for widget in given]


def rescale(fonts: list[tuple[QWidget, QFont]], before: float, after: float) -> None:
    """Give these widgets their size at another size of all texts.

    Each keeps its size at 1 as a property, so that going there and back ends where it began.
    """
    for widget, font in fonts:
        plain = widget.property("plain_text_size")
        if plain is None or round(plain * before) != font.pixelSize():
            plain = font.pixelSize() / before
            widget.setProperty("plain_text_size", plain)
        font.setPixelSize(max(1, round(plain * after)))
        widget.setFont(font)
