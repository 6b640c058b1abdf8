"""Where a film's pictures are written straight into a window's memory: in plain cases alone, and on those pixels."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter, QPicture, QRegion

WIDE, HIGH = 200, 100
ROOM = QRectF(10, 20, 128, 64)
_RGB = QImage.Format.Format_RGB32
Set = Callable[[QPainter], object]


def _nothing(_: QPainter) -> None:
    """The plain case."""


@pytest.fixture(autouse=True)
def _needs(qapp: object) -> None:
    """Painting needs an application."""


def test_a_plain_part_is_its_own_pixels() -> None:
    from plugins.vlc.target import target_of

    image = QImage(WIDE, HIGH, _RGB)
    image.fill(0)
    painter = QPainter(image)
    painter.translate(3, 5)
    target = target_of(painter, ROOM, QRegion(0, 0, WIDE, HIGH))
    assert target is not None and target.size == (128, 64)
    for line in range(64):
        ctypes.memset(target.address + line * target.pitch, 0xFF, 128 * 4)
    painter.end()
    white = QRect(13, 25, 128, 64)
    for x, y in ((13, 25), (140, 88), (12, 25), (141, 88), (13, 24), (140, 89)):
        assert (image.pixelColor(x, y).red() == 255) is white.contains(x, y), (x, y)


@pytest.mark.parametrize(
    ("case", "change", "room", "painted"),
    [
        ("half a pixel", lambda painter: painter.translate(0.5, 0), ROOM, QRect(0, 0, WIDE, HIGH)),
        ("turned", lambda painter: painter.rotate(90), QRectF(10, -84, 64, 64), QRect(0, -WIDE, WIDE, WIDE)),
        ("mirrored", lambda painter: painter.scale(-1, 1), QRectF(-140, 20, 128, 64), QRect(-WIDE, 0, WIDE, HIGH)),
        ("clipped", lambda painter: painter.setClipRect(0, 0, 50, 50), ROOM, QRect(0, 0, WIDE, HIGH)),
        ("lines of another length", _nothing, QRectF(10, 20, 100, 64), QRect(0, 0, WIDE, HIGH)),
        ("beyond the window", _nothing, QRectF(100, 20, 128, 64), QRect(0, 0, 2 * WIDE, HIGH)),
        ("covered by another widget", _nothing, ROOM, QRect(0, 0, 100, HIGH)),
        ("no picture", _nothing, QRectF(), QRect(0, 0, WIDE, HIGH)),
    ],
)
def test_what_is_not_plain_is_left_to_qt(case: str, change: Set, room: QRectF, painted: QRect) -> None:
    from plugins.vlc.target import target_of

    image = QImage(WIDE, HIGH, _RGB)
    painter = QPainter(image)
    change(painter)
    assert target_of(painter, room, QRegion(painted)) is None, case
    painter.end()


@pytest.mark.parametrize("device", [QImage(WIDE, HIGH, QImage.Format.Format_RGB16), QPicture()])
def test_what_has_other_pixels_is_left_to_qt(device: QImage | QPicture) -> None:
    from plugins.vlc.target import target_of

    painter = QPainter(device)
    assert target_of(painter, ROOM, QRegion(0, 0, WIDE, HIGH)) is None
    painter.end()
