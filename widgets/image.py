"""The kind ``image``: a picture from a file of the app or from bytes, crisp at any scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from kernel.words import say
from widgets.theme.icon import paint_icon

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context

_ASPECT = {"contain": Qt.AspectRatioMode.KeepAspectRatio, "cover": Qt.AspectRatioMode.KeepAspectRatioByExpanding}
_LARGEST = 320


class Image(QWidget):
    """A picture; without one, or when it cannot be read, a quiet place-holder."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self._image = QImage()
        self._scaled: tuple[QSize, QPixmap] | None = None
        self._fit = "contain"
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def set_file(self, path: str) -> None:
        """Path within the app."""
        data = self._context.read_file(path) if path else None
        if path and data is None:
            self._context.reporter.report("warning", say("The app has no picture {path}", path=path))
        self.set_value(data)

    def set_value(self, value: Any) -> None:
        """The picture's bytes, or None."""
        self._image = QImage.fromData(value) if isinstance(value, (bytes, bytearray)) and value else QImage()
        self._scaled = None
        self.updateGeometry()
        self.update()

    def set_fit(self, fit: str) -> None:
        """contain, cover or none (its own size)."""
        self._fit = fit
        self._scaled = None
        self.update()

    def set_description(self, text: str) -> None:
        """What it shows, for people who do not see it."""
        self.setAccessibleName(text)
        self.setToolTip(text)

    def sizeHint(self) -> QSize:  # Qt's name
        if self._image.isNull():
            return QSize(96, 96)
        return self._image.size().boundedTo(
            self._image.size().scaled(_LARGEST, _LARGEST, Qt.AspectRatioMode.KeepAspectRatio)
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        theme = self._context.theme
        if self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("sunken"))
            painter.drawRoundedRect(self.rect(), theme.radius(), theme.radius())
            side = min(theme.icon_size("large"), self.width() // 2, self.height() // 2)
            square = QRect(0, 0, side, side)
            square.moveCenter(self.rect().center())
            paint_icon(painter, square.toRectF(), "image", theme.color("disabled"))
            return
        pixmap = self._pixmap()
        ratio = pixmap.devicePixelRatio()
        place = QRect(0, 0, round(pixmap.width() / ratio), round(pixmap.height() / ratio))
        place.moveCenter(self.rect().center())
        painter.drawPixmap(place, pixmap)

    def _pixmap(self) -> QPixmap:
        """The picture at the size of the room in device pixels, kept until the room changes."""
        ratio = self.devicePixelRatioF()
        room = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._scaled is None or self._scaled[0] != room:
            image = self._image
            if self._fit in _ASPECT:
                image = image.scaled(room, _ASPECT[self._fit], Qt.TransformationMode.SmoothTransformation)
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(ratio if self._fit in _ASPECT else 1.0)
            self._scaled = (room, pixmap)
        return self._scaled[1]
