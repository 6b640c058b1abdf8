"""Where in a window's own memory a picture may be written straight, which saves Qt a copy of all its pixels.

Everything that is not a plain case gets no place: then Qt draws, which can do all of it.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QRegion, QTransform
from shiboken6 import VoidPtr

#: libswscale writes lines in steps of so many pixels at most, and beyond the end of a line that is none of them.
STEP = 64
#: Parts of a pixel that count as none.
_NEARLY = 1e-6
_FORMATS = (QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied)


class Target(NamedTuple):
    """Room for a picture: its address, bytes a line, and pixels."""

    address: int
    pitch: int
    size: tuple[int, int]


def target_of(painter: QPainter, room: QRectF, painted: QRegion) -> Target | None:
    """The memory behind a part of a widget; None where only Qt can draw there. It is for this painting alone.

    Args:
        painter: It has begun, and nothing was set yet.
        room: The part.
        painted: What is to be painted of the widget; what others cover is no part of it.
    """
    engine = painter.paintEngine()
    device = engine.paintDevice() if engine is not None else None
    if not isinstance(device, QImage) or device.format() not in _FORMATS or painter.hasClipping():
        return None
    if room.isEmpty() or not QRegion(room.toAlignedRect()).subtracted(painted).isEmpty():
        return None
    transform = painter.deviceTransform()
    pixels = transform.mapRect(room)
    place = pixels.toRect()
    if not _is_upright(transform) or not _is_near(pixels, QRectF(place)):
        return None
    if place.width() % STEP or not device.rect().contains(place):
        return None
    # NOTE: `bits` would copy an image that is shared; the painter has seen to it that this one is not.
    pitch = device.bytesPerLine()
    address = int(VoidPtr(device.constBits())) + place.y() * pitch + place.x() * 4
    return Target(address, pitch, (place.width(), place.height()))


def _is_upright(transform: QTransform) -> bool:
    """Whether it moves and enlarges alone."""
    is_turned = transform.m11() < 0 or transform.m22() < 0 or transform.isRotating()
    return transform.isAffine() and not is_turned


def _is_near(one: QRectF, other: QRectF) -> bool:
    return all(abs(a - b) < _NEARLY for a, b in zip(one.getRect(), other.getRect(), strict=True))
