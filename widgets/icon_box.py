"""A small fixed square that paints one of the theme's icons: crisp at any scale, in the colours in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.theme.icon import paint_icon

if TYPE_CHECKING:
    from widgets.theme import Theme


class IconBox(QWidget):
    """One icon; decoration only, the text beside it says the same."""

    def __init__(self, name: str, tone: str, theme: Theme, parent: QWidget | None, size: str = "normal") -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._tone = tone
        self._side = theme.icon_size(size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, name: str, tone: str) -> None:
        """Another icon (a key of resources/icons.toml) or colour token."""
        self._name, self._tone = name, tone
        self.update()

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        paint_icon(QPainter(self), QRectF(self.rect()), self._name, self._theme.color(self._tone))
