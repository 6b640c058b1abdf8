"""Where the pictures are seen: as large as the room allows, in their own shape, on black."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from plugins.api import Theme
from plugins.vlc.player import Player


class Surface(QWidget):
    """Draws a player's newest picture."""

    clicked = Signal()
    double_clicked = Signal()

    def __init__(self, player: Player, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._player, self._theme = player, theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.length(80))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        player.pictured.connect(self.update)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(self._theme.length(480), self._theme.length(270))

    def picture_room(self) -> QRectF:
        """Where the picture stands; empty without one."""
        image = self._player.frames.image()
        return self._room(image.width() * self._player.frames.aspect, image.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        image = self._player.frames.image()
        if not image.isNull():
            room = self._room(image.width() * self._player.frames.aspect, image.height())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, room.width() < 4 * image.width())
            painter.drawImage(room, image)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # Qt's name
        self.double_clicked.emit()

    def _room(self, width: float, height: float) -> QRectF:
        if not width or not height:
            return QRectF()
        scale = min(self.width() / width, self.height() / height)
        wide, high = width * scale, height * scale
        return QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)
