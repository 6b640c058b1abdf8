"""Small pictures in cells. They are decoded on a worker, at the size they have on screen."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from widgets.grid.cell import Cell
from widgets.grid.look import Look
from widgets.grid.renderer.text import draw_text
from widgets.theme.icon import paint_icon

#: From the cell's border to the picture, in pixels.
_GAP = 3
#: A picture that decodes to more than this many MB is not shown.
_LARGEST_MB = 128


def draw_image(painter: QPainter, cell: Cell, look: Look) -> None:
    """The picture; a quiet sign until it is decoded, and where it cannot be."""
    value = cell.value
    if not isinstance(value, bytes | str) or not value:
        draw_text(painter, cell, look)
        return
    ratio, side = cell.store.ratio(), look.row_height - 1 - 2 * _GAP
    room = QSize(round((cell.width - 2 * _GAP) * ratio), round(side * ratio))
    key = ("image", len(value), hash(value), room.width(), room.height())
    picture = cell.store.get_later(key, lambda: decode(value, cell.store.read_file, room))
    if picture is None or picture.isNull():
        box = QRectF(cell.left + (cell.width - 16) / 2, cell.top + (look.row_height - 16) / 2, 16, 16)
        paint_icon(painter, box, "image", look.colors["disabled"])
        return
    width, height = picture.width() / ratio, picture.height() / ratio
    middle, top = cell.left + (cell.width - width) / 2, cell.top + (look.row_height - height) / 2
    sides = {"start": cell.left + look.padding, "end": cell.left + cell.width - look.padding - width}
    place = QRectF(sides.get(cell.align, middle), top, width, height)
    painter.drawImage(place, picture)


def decode(value: bytes | str, read_file: Any, room: QSize) -> QImage:
    """The picture in the room, a null one when it is none; for a worker.

    Args:
        value: The file's bytes, or its path within the app.
        read_file: Path → bytes or None.
        room: Device pixels.
    """
    data = value if isinstance(value, bytes) else read_file(value[:1000])
    if not data:
        return QImage()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(_LARGEST_MB)
    size = reader.size()
    if size.isValid() and (size.width() > room.width() or size.height() > room.height()):
        # What JPEG can do while it decodes; twice the size, so that the last step is a smooth one.
        reader.setScaledSize(size.scaled(room * 2, Qt.AspectRatioMode.KeepAspectRatio).boundedTo(size))
    image = reader.read()
    if image.isNull() or (image.width() <= room.width() and image.height() <= room.height()):
        return image
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, smooth)
