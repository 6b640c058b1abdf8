"""Colours and size of a picture in one step, by the library that VLC has for it itself (libswscale).

Without it VLC makes the colours of all pixels, copies four bytes of each instead of one and a half, and Qt makes the
picture smaller; and it takes the colours of HDTV for those of older television.
"""

from __future__ import annotations

import ctypes
import functools
import sys
from typing import Any, NamedTuple

#: Versions of the library, newest first; what is used of it is the same in all of them (swscale.h).
_VERSIONS = range(9, 4, -1)
#: Every pixel that is covered counts (SWS_BILINEAR).
_BILINEAR = 2
#: Films as high as this have the colours of HDTV (ITU-R BT.709, SWS_CS_ITU709), lower ones BT.601 (SWS_CS_ITU601).
_HIGH, _HDTV, _TV = 720, 1, 5
#: Brightness, contrast and saturation as they are (16.16 bits).
_AS_IT_IS = (0, 1 << 16, 1 << 16)
_Planes, _Pitches = ctypes.c_void_p * 4, ctypes.c_int * 4
_INTEGERS = ctypes.POINTER(ctypes.c_int)


@functools.cache
def swscale() -> Any:
    """The library that VLC's package brings; None where it is not one of its own."""
    if not sys.platform.startswith("linux"):
        return None
    for version in _VERSIONS:
        try:
            library = ctypes.CDLL(f"libswscale.so.{version}")
        except OSError:
            continue
        return _declared(library)
    return None


def _declared(library: Any) -> Any:
    pointer, number = ctypes.c_void_p, ctypes.c_int
    library.av_get_pix_fmt.argtypes = (ctypes.c_char_p,)
    library.sws_getCachedContext.argtypes = (pointer, *[number] * 7, pointer, pointer, pointer)
    library.sws_getCachedContext.restype = pointer
    library.sws_getCoefficients.restype = _INTEGERS
    library.sws_setColorspaceDetails.argtypes = (pointer, _INTEGERS, number, _INTEGERS, number, *[number] * 3)
    library.sws_scale.argtypes = (pointer, _Planes, _Pitches, number, number, _Planes, _Pitches)
    library.sws_freeContext.argtypes, library.sws_freeContext.restype = (pointer,), None
    return library


class Lines(NamedTuple):
    """Addresses of a picture's planes, and bytes a line of each."""

    addresses: list[int]
    pitches: list[int]


class Scaler:
    """Makes pictures of one shape out of another; for one thread.

    Args:
        library: What :func:`swscale` answers.
    """

    def __init__(self, library: Any) -> None:
        self._library = library
        self._context: int | None = None
        self._shape: tuple[int, int, int, int] | None = None
        self._formats = library.av_get_pix_fmt(b"yuv420p"), library.av_get_pix_fmt(b"bgra")

    def scale(self, source: Lines, size: tuple[int, int], target: Lines, wanted: tuple[int, int]) -> bool:
        """Write a picture of 32 bits a pixel from one in I420; answers whether it was done.

        Args:
            source, target: Where they are: three planes, and one.
            size, wanted: Their width and height.
        """
        if not self._has_shape((*size, *wanted)):
            return False
        planes, pitches = _Planes(*source.addresses), _Pitches(*source.pitches)
        lines = self._library.sws_scale(
            self._context, planes, pitches, 0, size[1], _Planes(*target.addresses), _Pitches(*target.pitches)
        )
        return lines == wanted[1]

    def close(self) -> None:
        """Let go of it; the next picture makes it anew."""
        if self._context:
            self._library.sws_freeContext(self._context)
        self._context = self._shape = None

    def _has_shape(self, shape: tuple[int, int, int, int]) -> bool:
        if shape != self._shape:
            (wide, high, wide_wanted, high_wanted), (source, target) = shape, self._formats
            self._context = self._library.sws_getCachedContext(
                self._context, wide, high, source, wide_wanted, high_wanted, target, _BILINEAR, None, None, None
            )
            self._shape = shape
            if self._context:
                colours = self._library.sws_getCoefficients(_HDTV if high >= _HIGH else _TV)
                self._library.sws_setColorspaceDetails(self._context, colours, 0, colours, 1, *_AS_IT_IS)
        return bool(self._context)
