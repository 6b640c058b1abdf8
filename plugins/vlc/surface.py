"""Where the pictures are seen: as large as the room allows, in their own shape, on black."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QSizePolicy, QWidget

from plugins.api import Theme
from plugins.vlc.player import Player
from plugins.vlc.target import target_of


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
        return self._room(*self._player.frames.size())

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        frames, room = self._player.frames, self.picture_room()
        # Painting black what the picture covers takes a tenth of the picture itself.
        for bar in QRegion(self.rect()).subtracted(QRegion(_within(room))):
            painter.fillRect(bar, Qt.GlobalColor.black)
        target = target_of(painter, room, event.region())
        if target is None or not frames.write(target):
            self._draw(painter, room)
        painter.end()

    def _draw(self, painter: QPainter, room: QRectF) -> None:
        pixels = self.devicePixelRatioF()
        image = self._player.frames.image((round(room.width() * pixels), round(room.height() * pixels)))
        if not image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, room.width() < 4 * image.width())
            painter.drawImage(room, image)

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
        # Whole pixels of the screen: a picture of this size is copied, and not blurred by half a pixel.
        pixels = self.devicePixelRatioF()
        most_wide, most_high = self.width() * pixels, self.height() * pixels
        scale = min(most_wide / width, most_high / height)
        wide, high = max(round(width * scale), 1), max(round(height * scale), 1)
        left, top = (most_wide - wide) // 2, (most_high - high) // 2
        return QRectF(left / pixels, top / pixels, wide / pixels, high / pixels)


def _within(room: QRectF) -> QRect:
    """The pixels that are covered whole."""
    left, top = math.ceil(room.left()), math.ceil(room.top())
    return QRect(left, top, math.floor(room.right()) - left, math.floor(room.bottom()) - top)
