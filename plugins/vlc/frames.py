"""Pictures of a video, written by VLC's thread into one of three buffers and drawn by Qt from another.

VLC writes into a buffer (libvlc_video_set_callbacks), and the one shown last stays untouched until the next one is
whole. It works on every platform of Qt, where a native window of VLC's would not be composed.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from PySide6.QtGui import QImage

from plugins.vlc.form import Buffer, best_form
from plugins.vlc.target import Target

#: Buffers: one that is drawn, one that is whole, one that is written.
_BUFFERS = 3
#: Pixels of a side that are decoded at most; what is larger is refused.
_LARGEST = 16_384


class Shape(NamedTuple):
    """Pixels of a video as it is seen, turned as it says; ``aspect`` is the width of a pixel by its height."""

    width: int
    height: int
    aspect: float


class Frames:
    """The pictures of one player.

    Attributes:
        count: How many pictures were shown by VLC.
        seen: How many of them were taken to be painted; the others came too fast.
        is_too_large: Whether a video was refused because of its size.
        aspect: Width of a pixel by its height.
        is_told: Whether a picture was told; whoever has heard of it sets it back.

    Args:
        module: The module ``vlc``.
        arrived: Called on VLC's thread when a picture is there, once until ``is_told`` is set back.
        shape_of: The video's own shape, asked on VLC's thread.
    """

    def __init__(self, module: Any, arrived: Callable[[], None], shape_of: Callable[[], Shape | None]) -> None:
        self._arrived, self._shape_of = arrived, shape_of
        self.aspect = 1.0
        self._lock = threading.Lock()
        self._buffers: list[Buffer] = []
        self._kept: list[Buffer] = []
        self._begins: list[int] = []
        self._size = (0, 0)
        self._form, self._made = best_form(), None
        self._writing, self._whole, self._drawn = 0, -1, -1
        self.count, self.seen, self.is_too_large, self.is_told = 0, 0, False, False
        # NOTE: libvlc keeps the addresses of these; they live as long as the player.
        self._callbacks = (
            module.CallbackDecorators.VideoLockCb(self._begin),
            module.CallbackDecorators.VideoDisplayCb(self._show),
            _FORMAT(self._setup),
        )

    def attach(self, player: Any, module: Any) -> None:
        """Have a media player write here."""
        begin, show, setup = self._callbacks
        # For what is left out here VLC's thread need not wait for Python's lock, once more for each picture.
        player.video_set_callbacks(begin, None, show, None)
        module.libvlc_video_set_format_callbacks(player, ctypes.cast(setup, module.VideoFormatCb), None)

    def size(self) -> tuple[float, int]:
        """Width and height of the picture in square pixels; 0 × 0 before the first one."""
        wide, high = self._size if self._whole >= 0 or self._drawn >= 0 else (0, 0)
        return wide * self.aspect, high

    def image(self, most: tuple[int, int] = (_LARGEST, _LARGEST)) -> QImage:
        """The newest whole picture; it stays as it is until the next call. Null before the first one.

        Args:
            most: Width and height that are wanted at most; it may be larger.
        """
        drawn, size = self._newest()
        if drawn is None:
            return QImage()
        wanted = min(size[0], most[0]), min(size[1], most[1])
        if self._made is None or self._made[0] != wanted:
            self._made = wanted, self._form.image(drawn, size, wanted)
        return self._made[1]

    def write(self, target: Target) -> bool:
        """Write the newest whole picture where it is seen; answers whether it was done, else take :meth:`image`."""
        drawn, size = self._newest()
        if drawn is None or target.size[0] > size[0] or target.size[1] > size[1]:
            return False
        return self._form.write(drawn, size, target)

    def clear(self) -> None:
        """Forget the pictures of the medium before."""
        with self._lock:
            self._whole, self._drawn, self._made = -1, -1, None

    def let_go(self) -> None:
        """Keep nothing of the library that makes pictures; the player has ended."""
        self._form.close()

    def _newest(self) -> tuple[Buffer | None, tuple[int, int]]:
        """The buffer that is drawn now, and its pixels; None before the first one."""
        with self._lock:
            if self._whole >= 0:
                self._drawn, self._whole, self._made = self._whole, -1, None
                self.seen += 1
            if self._drawn < 0:
                return None, (0, 0)
            # What was drawn before may go now, and this lot of buffers stays until the next call.
            self._kept = self._buffers
            return self._kept[self._drawn], self._size

    def _setup(self, _opaque: Any, chroma: Any, width: Any, height: Any, pitches: Any, lines: Any) -> int:
        """What VLC asks before the first picture: the format, and room for it. 0 refuses the video."""
        # What is offered is as the decoder pads it; the shape of what is seen stands in the medium.
        shape = self._shape_of() or Shape(width[0], height[0], 1.0)
        wide, high = width[0], height[0] = shape.width, shape.height
        if not (0 < wide <= _LARGEST and 0 < high <= _LARGEST):
            self.is_too_large = True
            return 0
        ctypes.memmove(chroma, self._form.chroma, 4)
        planes = self._form.planes(wide, high)
        for place, plane in enumerate(planes):
            pitches[place], lines[place] = plane.pitch, plane.lines
        room = planes[-1].begin + planes[-1].pitch * planes[-1].lines
        with self._lock:
            self._buffers, self._begins = [Buffer(room) for _ in range(_BUFFERS)], [plane.begin for plane in planes]
            self._size, self.aspect = (wide, high), shape.aspect
            self._writing, self._whole, self._drawn, self._made = 0, -1, -1, None
        return _BUFFERS

    def _begin(self, _opaque: Any, planes: Any) -> int:
        """The buffer that VLC may write: neither the drawn nor the whole one."""
        with self._lock:
            taken = {self._drawn, self._whole}
            self._writing = next(number for number in range(_BUFFERS) if number not in taken)
            address = self._buffers[self._writing].address
        addresses = ctypes.cast(planes, ctypes.POINTER(ctypes.c_void_p))
        for place, begin in enumerate(self._begins):
            addresses[place] = address + begin
        return self._writing

    def _show(self, _opaque: Any, picture: Any) -> None:
        with self._lock:
            self._whole = int(picture or 0)
            self.count += 1
            was_told, self.is_told = self.is_told, True
        if not was_told:
            self._arrived()


_UNSIGNED = ctypes.POINTER(ctypes.c_uint)
#: As libvlc_video_format_cb of libvlc_media_player.h; python-vlc has pointers to pointers of characters there.
_FORMAT = ctypes.CFUNCTYPE(
    ctypes.c_uint, ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p, _UNSIGNED, _UNSIGNED, _UNSIGNED, _UNSIGNED
)
