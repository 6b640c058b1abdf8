"""Icons as Qt copies them."""

from __future__ import annotations

import gc

from PySide6.QtGui import QColor, QIcon

from widgets.theme.icon import GlyphEngine


def test_a_copied_icon_outlives_its_original(qapp: object) -> None:
    def copied() -> QIcon:
        icon = QIcon(QIcon(GlyphEngine("table", lambda mode: QColor("red"))))
        icon.setIsMask(True)  # takes a copy of the engine
        return icon

    icons = [copied() for _ in range(20)]
    gc.collect()
    assert all(icon.pixmap(16, 16).toImage().pixelColor(8, 8) != QColor("white") for icon in icons)
