"""The two forms in which VLC hands pictures over, and how each becomes one that Qt draws."""

from __future__ import annotations

import ctypes
from typing import NamedTuple, Protocol

from PySide6.QtGui import QImage

from plugins.vlc.scaler import Lines, Scaler, swscale
from plugins.vlc.target import Target

#: Bytes that each line and each plane begins at a multiple of, as libvlc asks for (vlc_picture.h).
ALIGNED = 32


class Plane(NamedTuple):
    """A part of a picture: bytes a line, lines, and where it begins in its buffer."""

    pitch: int
    lines: int
    begin: int


class Buffer:
    """Room for a picture, at an address that VLC's fast copies can write to."""

    def __init__(self, size: int) -> None:
        room = (ctypes.c_ubyte * (size + ALIGNED))()
        shift = -ctypes.addressof(room) % ALIGNED
        self.address = ctypes.addressof(room) + shift
        self.pixels = memoryview(room)[shift : shift + size]


class Form(Protocol):
    """One form; for the thread that draws.

    Attributes:
        chroma: How VLC calls it.
    """

    chroma: bytes

    def planes(self, wide: int, high: int) -> list[Plane]:
        """The parts of a picture of so many pixels."""
        ...

    def image(self, buffer: Buffer, size: tuple[int, int], wanted: tuple[int, int]) -> QImage:
        """The picture of a buffer, as large as wanted or as it is; it stays until the next call."""
        ...

    def write(self, buffer: Buffer, size: tuple[int, int], target: Target) -> bool:
        """Write the picture of a buffer where it is seen; answers whether it was done."""
        ...

    def close(self) -> None:
        """Let go of what is kept."""
        ...


class Ready(Form):
    """As Qt draws it: VLC makes the colours, Qt the size."""

    chroma = b"RV32"

    def planes(self, wide: int, high: int) -> list[Plane]:
        """One."""
        return [Plane(_aligned(wide * 4), _aligned(high), 0)]

    def image(self, buffer: Buffer, size: tuple[int, int], wanted: tuple[int, int]) -> QImage:
        """The buffer itself."""
        return QImage(buffer.pixels, *size, self.planes(*size)[0].pitch, QImage.Format.Format_RGB32)

    def write(self, buffer: Buffer, size: tuple[int, int], target: Target) -> bool:
        """Qt does it."""
        return False

    def close(self) -> None:
        """Nothing is kept."""


class Decoded(Form):
    """As decoders leave it, which is less than half as much to copy: colours and size are made here, in one step."""

    chroma = b"I420"

    def __init__(self, scaler: Scaler) -> None:
        self._scaler = scaler
        self._made: Buffer | None = None

    def planes(self, wide: int, high: int) -> list[Plane]:
        """Brightness, and two of colours with a pixel for four."""
        pitch, lines = _aligned(wide), _aligned(high)
        half_pitch, half_lines = _aligned((wide + 1) // 2), _aligned((high + 1) // 2)
        bright, coloured = pitch * lines, half_pitch * half_lines
        return [Plane(pitch, lines, 0), Plane(half_pitch, half_lines, bright),
                Plane(half_pitch, half_lines, bright + coloured)]  # fmt: skip

    def image(self, buffer: Buffer, size: tuple[int, int], wanted: tuple[int, int]) -> QImage:
        """A picture of its own; null where it cannot be made."""
        pitch = _aligned(wanted[0] * 4)
        if self._made is None or len(self._made.pixels) != pitch * wanted[1]:
            self._made = Buffer(pitch * wanted[1])
        if not self.write(buffer, size, Target(self._made.address, pitch, wanted)):
            return QImage()
        return QImage(self._made.pixels, *wanted, pitch, QImage.Format.Format_RGB32)

    def write(self, buffer: Buffer, size: tuple[int, int], target: Target) -> bool:
        """Colours and size in one step."""
        planes = self.planes(*size)
        source = Lines([buffer.address + plane.begin for plane in planes], [plane.pitch for plane in planes])
        return self._scaler.scale(source, size, Lines([target.address], [target.pitch]), target.size)

    def close(self) -> None:
        """Let go of what the library keeps."""
        self._scaler.close()


def best_form() -> Form:
    """What this machine can do with the least work."""
    library = swscale()
    return Ready() if library is None else Decoded(Scaler(library))


def _aligned(number: int) -> int:
    return (number + ALIGNED - 1) // ALIGNED * ALIGNED
