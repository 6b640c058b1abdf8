"""Pictures of a video, written by VLC's thread into one of three buffers and drawn by Qt from another.

Nothing is copied: VLC decodes into a buffer (libvlc_video_set_callbacks), and the one shown last stays untouched until
the next one is whole. It works on every platform of Qt, where a native window of VLC's would not be composed.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from PySide6.QtGui import QImage

#: Buffers: one that is drawn, one that is whole, one that is written.
_BUFFERS = 3
#: Bytes that each line begins at a multiple of, as libvlc asks for (vlc_picture.h).
_ALIGNED = 32
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
        self._buffers: list[_Buffer] = []
        self._kept: list[_Buffer] = []
        self._size = (0, 0, 0)
        self._writing, self._whole, self._drawn = 0, -1, -1
        self.count, self.is_too_large, self.is_told = 0, False, False
        # NOTE: libvlc keeps the addresses of these; they live as long as the player.
        self._callbacks = (
            module.CallbackDecorators.VideoLockCb(self._begin),
            module.CallbackDecorators.VideoUnlockCb(lambda _opaque, _picture, _planes: None),
            module.CallbackDecorators.VideoDisplayCb(self._show),
            _FORMAT(self._setup),
            module.CallbackDecorators.VideoCleanupCb(lambda _opaque: None),
        )

    def attach(self, player: Any, module: Any) -> None:
        """Have a media player write here."""
        begin, end, show, setup, cleanup = self._callbacks
        player.video_set_callbacks(begin, end, show, None)
        module.libvlc_video_set_format_callbacks(player, ctypes.cast(setup, module.VideoFormatCb), cleanup)

    def image(self) -> QImage:
        """The newest whole picture; it stays as it is until the next call. Null before the first one."""
        with self._lock:
            if self._whole >= 0:
                self._drawn, self._whole = self._whole, -1
            if self._drawn < 0:
                return QImage()
            # What was drawn before may go now, and this lot of buffers stays until the next call.
            self._kept = self._buffers
            width, height, pitch = self._size
            return QImage(self._buffers[self._drawn].pixels, width, height, pitch, QImage.Format.Format_RGB32)

    def clear(self) -> None:
        """Forget the pictures of the medium before."""
        with self._lock:
            self._whole, self._drawn = -1, -1

    def _setup(self, _opaque: Any, chroma: Any, width: Any, height: Any, pitches: Any, lines: Any) -> int:
        """What VLC asks before the first picture: the format, and room for it. 0 refuses the video."""
        # What is offered is as the decoder pads it; the shape of what is seen stands in the medium.
        shape = self._shape_of() or Shape(width[0], height[0], 1.0)
        wide, high = width[0], height[0] = shape.width, shape.height
        if not (0 < wide <= _LARGEST and 0 < high <= _LARGEST):
            self.is_too_large = True
            return 0
        ctypes.memmove(chroma, b"RV32", 4)
        pitch = (wide * 4 + _ALIGNED - 1) // _ALIGNED * _ALIGNED
        rows = (high + _ALIGNED - 1) // _ALIGNED * _ALIGNED
        pitches[0], lines[0] = pitch, rows
        with self._lock:
            self._buffers = [_Buffer(pitch * rows) for _ in range(_BUFFERS)]
            self._size, self.aspect = (wide, high, pitch), shape.aspect
            self._writing, self._whole, self._drawn = 0, -1, -1
        return _BUFFERS

    def _begin(self, _opaque: Any, planes: Any) -> int:
        """The buffer that VLC may write: neither the drawn nor the whole one."""
        with self._lock:
            taken = {self._drawn, self._whole}
            self._writing = next(number for number in range(_BUFFERS) if number not in taken)
            address = self._buffers[self._writing].address
        ctypes.cast(planes, ctypes.POINTER(ctypes.c_void_p))[0] = address
        return self._writing

    def _show(self, _opaque: Any, picture: Any) -> None:
        with self._lock:
            self._whole = int(picture or 0)
            self.count += 1
            was_told, self.is_told = self.is_told, True
        if not was_told:
            self._arrived()


class _Buffer:
    """Room for a picture, at an address that VLC's fast copies can write to."""

    def __init__(self, size: int) -> None:
        room = (ctypes.c_ubyte * (size + _ALIGNED))()
        shift = -ctypes.addressof(room) % _ALIGNED
        self.address = ctypes.addressof(room) + shift
        self.pixels = memoryview(room)[shift : shift + size]


_UNSIGNED = ctypes.POINTER(ctypes.c_uint)
#: As libvlc_video_format_cb of libvlc_media_player.h; python-vlc has pointers to pointers of characters there.
_FORMAT = ctypes.CFUNCTYPE(
    ctypes.c_uint, ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p, _UNSIGNED, _UNSIGNED, _UNSIGNED, _UNSIGNED
)
