"""What a medium consists of, as far as VLC has found out."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, TypeVar

from plugins.vlc.frames import Shape

Answer = TypeVar("Answer")
#: libvlc_track_audio, libvlc_track_video, and the first orientation that exchanges width and height.
_SOUND, _VIDEO, _TRANSPOSED = 0, 1, 4


class _Video(ctypes.Structure):
    """The beginning of libvlc_video_track_t (libvlc_media.h)."""

    _fields_ = tuple((name, ctypes.c_uint) for name in (
        "height", "width", "sar_num", "sar_den", "frame_rate_num", "frame_rate_den", "orientation",
    ))  # fmt: skip


class _Track(ctypes.Structure):
    """The beginning of libvlc_media_track_t (libvlc_media.h)."""

    _fields_ = (
        ("codec", ctypes.c_uint32), ("original_fourcc", ctypes.c_uint32), ("id", ctypes.c_int),
        ("type", ctypes.c_int), ("profile", ctypes.c_int), ("level", ctypes.c_int), ("video", ctypes.POINTER(_Video)),
    )  # fmt: skip


_Found = ctypes.POINTER(ctypes.POINTER(_Track))


class Streams:
    """Asked on VLC's threads too.

    WORKAROUND python-vlc's Media.tracks_get answers what it has given back already, and its MediaTrack has three
    pointers where libvlc has one: until both are right, libvlc's functions are called as its header has them.

    Attributes:
        medium: Whose; None for none.
    """

    def __init__(self, module: Any) -> None:
        library = ctypes.CDLL(module.dll._name) if module.dll._name else module.dll
        self._get, self._release = library.libvlc_media_tracks_get, library.libvlc_media_tracks_release
        self._get.argtypes, self._get.restype = (ctypes.c_void_p, ctypes.POINTER(_Found)), ctypes.c_uint
        self._release.argtypes, self._release.restype = (_Found, ctypes.c_uint), None
        self.medium: Any = None

    def has_any(self) -> bool:
        """Whether there is anything to see or to hear."""
        return bool(self._read(lambda _track: True))

    def has_sound(self) -> bool:
        """Whether there is anything to hear."""
        return any(self._read(lambda track: track.type == _SOUND))

    def shape(self) -> Shape | None:
        """The first video's."""
        return next((shape for shape in self._read(_shape) if shape is not None), None)

    def _read(self, work: Callable[[Any], Answer]) -> list[Answer]:
        medium = self.medium
        if medium is None:
            return []
        found = _Found()
        count = self._get(medium, ctypes.byref(found))
        if not count:
            return []
        try:
            return [work(found[number].contents) for number in range(count)]
        finally:
            self._release(found, count)


def _shape(track: Any) -> Shape | None:
    if track.type != _VIDEO or not track.video or not (track.video.contents.width and track.video.contents.height):
        return None
    video = track.video.contents
    aspect = video.sar_num / video.sar_den if video.sar_num and video.sar_den else 1.0
    if video.orientation >= _TRANSPOSED:
        return Shape(video.height, video.width, 1 / aspect)
    return Shape(video.width, video.height, aspect)
