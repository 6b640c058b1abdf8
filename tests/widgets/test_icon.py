"""Icons as Qt copies them."""

from __future__ import annotations

import gc
import weakref

from PySide6.QtGui import QColor, QIcon

from widgets.theme import Theme
from widgets.theme.icon import GlyphEngine


def test_a_copied_icon_outlives_its_original(qapp: object) -> None:
    def copied() -> QIcon:
        icon = QIcon(QIcon(GlyphEngine("table", lambda mode: QColor("red"))))
        icon.setIsMask(True)  # takes a copy of the engine
        return icon

    icons = [copied() for _ in range(20)]
    gc.collect()
    assert all(icon.pixmap(16, 16).toImage().pixelColor(8, 8) != QColor("white") for icon in icons)


def test_an_icon_outlives_its_theme(qapp: object) -> None:
    def made() -> tuple[list[QIcon], weakref.ref[Theme]]:
        theme = Theme("light")
        theme.itself = theme
        return [QIcon(theme.icon(name)) for name in ("search", "close", "menu")], weakref.ref(theme)

    found = [made() for _ in range(20)]
    gc.collect()
    assert not any(theme() for _, theme in found)
    for icons, _ in found:
        assert all(icon.pixmap(16, 16).size().width() == 16 for icon in icons)
