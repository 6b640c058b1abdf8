"""What is played: an address, a file, or bytes that VLC reads from memory."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from plugins.api import EspalierError, refuse_open, say

#: Addresses that VLC may open; others (screens, devices, discs, slaves of a playlist) are for nobody's layout to say.
SCHEMES = ("http", "https", "rtsp", "rtmp", "mms", "udp", "rtp", "ftp")
#: What keeps a medium from opening others by itself.
_OPTIONS = (":no-sub-autodetect-file", ":no-playlist-autostart", ":playlist=none")


def medium_of(instance: Any, module: Any, source: Any, read_file: Any) -> tuple[Any, Any]:
    """A medium, and what must live as long as it plays.

    Args:
        instance: The process's libvlc.
        module: The module ``vlc``.
        source: An address, the path of a file of the app, the path of a file of this machine, or bytes.
        read_file: Answers the bytes of a file of the app, or None.

    Raises:
        EspalierError: there is no such file, or the address is of a kind that is not played.
    """
    medium, held = _made(instance, module, source, read_file)
    for each in _OPTIONS:
        medium.add_option(each)
    return medium, held


def _made(instance: Any, module: Any, source: Any, read_file: Any) -> tuple[Any, Any]:
    if isinstance(source, bytes | bytearray | memoryview):
        memory = Memory(module, bytes(source))
        return memory.medium(instance), memory
    text = str(source)
    scheme = urlsplit(text).scheme if "://" in text else ""
    if scheme in SCHEMES:
        return instance.media_new(text), None
    if scheme:
        raise EspalierError(say("addresses of {scheme} are not played", scheme=scheme),
                            hint=say("these are: {schemes}", schemes=", ".join(SCHEMES)))
    data = read_file(text) if not os.path.isabs(text) else None
    if data is not None:
        memory = Memory(module, data)
        return memory.medium(instance), memory
    path = Path(text).expanduser()
    if not path.is_absolute() or not path.is_file():
        raise EspalierError(say("there is no file {path} to play", path=text),
                            hint=say("it is neither in the app nor on this machine"))
    try:
        refuse_open(path)
    except OSError as error:
        raise EspalierError(say("{path} cannot be played: {reason}", path=text, reason=error.strerror)) from error
    return instance.media_new_path(str(path)), None


class Memory:
    """Bytes that VLC reads as it reads a file (libvlc_media_new_callbacks)."""

    def __init__(self, module: Any, data: bytes) -> None:
        self._data, self._place = data, 0
        self._callbacks = (
            _OPEN(self._open), _READ(self._read), _SEEK(self._seek), _CLOSE(lambda _opaque: None),
        )  # fmt: skip
        self._module = module

    def medium(self, instance: Any) -> Any:
        """A medium of them; keep this object for as long as it plays."""
        vlc = self._module
        casts = (vlc.MediaOpenCb, vlc.MediaReadCb, vlc.MediaSeekCb, vlc.MediaCloseCb)
        callbacks = [ctypes.cast(mine, kind) for mine, kind in zip(self._callbacks, casts, strict=True)]
        return self._module.libvlc_media_new_callbacks(instance, *callbacks, None)

    def _open(self, _opaque: Any, _data: Any, size: Any) -> int:
        size[0] = len(self._data)
        self._place = 0
        return 0

    def _read(self, _opaque: Any, buffer: Any, length: int) -> int:
        piece = self._data[self._place : self._place + length]
        ctypes.memmove(buffer, piece, len(piece))
        self._place += len(piece)
        return len(piece)

    def _seek(self, _opaque: Any, place: int) -> int:
        if place > len(self._data):
            return -1
        self._place = place
        return 0


#: As in libvlc_media.h; python-vlc's own types have pointers to characters where numbers are.
_OPEN = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(ctypes.c_uint64)
)
_READ = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_SEEK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64)
_CLOSE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
