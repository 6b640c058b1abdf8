"""What happens in folders, as the Linux kernel tells it: which file is whole now, which one only began to change.

Qt's own watcher says neither a file's name nor whether who writes it is done, so that one had to wait and look at all.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QSocketNotifier

#: Of ``sys/inotify.h``.
_ATTRIB, _CLOSE_WRITE, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE = 0x4, 0x8, 0x40, 0x80, 0x100, 0x200
_OVERFLOW, _IGNORED, _ONLY_FOLDERS, _IS_FOLDER = 0x4000, 0x8000, 0x01000000, 0x40000000
_OF_FOLDERS = _ATTRIB | _CLOSE_WRITE | _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE | _ONLY_FOLDERS
_OF_FILES = _ATTRIB | _CLOSE_WRITE
#: After these a file has all of its content.
_WHOLE = _CLOSE_WRITE | _MOVED_TO
#: Watch, mask, cookie, length of the name behind them.
_EVENT = struct.Struct("iIII")
_READ_BYTES = 65_536

#: Gets the paths of what changed (None when any may have), and whether what is there now is whole.
Heard = Callable[[set[str] | None, bool], None]


class Inotify(QObject):
    """Tells what happens to the folders and files that it is given.

    Args:
        heard: See :data:`Heard`.
        parent: Whose life and thread it shares.

    Raises:
        OSError: the system gives this person no more of them.
    """

    def __init__(self, heard: Heard, parent: QObject) -> None:
        super().__init__(parent)
        self._library = ctypes.CDLL(None, use_errno=True)
        self._heard = heard
        self._numbers: dict[str, int] = {}
        self._places: dict[int, str] = {}
        self._queue = self._library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._queue < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        self.destroyed.connect(partial(os.close, self._queue))
        notifier = QSocketNotifier(self._queue, QSocketNotifier.Type.Read, self)
        notifier.activated.connect(self._read)

    def follow_folder(self, path: str) -> None:
        """Tell what happens to the files in a folder; one that is followed already costs nothing.

        Raises:
            OSError: the system follows no more for this person.
        """
        self._follow(path, _OF_FOLDERS)

    def follow_file(self, path: str, *, is_link: bool) -> None:
        """Tell of a file; its folder tells of all but those that are written elsewhere.

        Raises:
            OSError: as :meth:`follow_folder`.
        """
        if is_link:
            self._follow(path, _OF_FILES)

    def _follow(self, path: str, mask: int) -> None:
        if path in self._numbers:
            return
        number = self._library.inotify_add_watch(self._queue, os.fsencode(path), mask)
        if number < 0:
            error = OSError(ctypes.get_errno(), "inotify_add_watch", path)
            if isinstance(error, (FileNotFoundError, NotADirectoryError)):
                return  # gone since it was listed
            raise error
        self._numbers[path], self._places[number] = number, path

    def _read(self) -> None:
        """Tell at once all that the kernel has to tell."""
        try:
            content = os.read(self._queue, _READ_BYTES)
        except BlockingIOError:
            return
        paths: set[str] = set()
        is_whole, is_known, place = False, True, 0
        while place < len(content):
            number, mask, _, length = _EVENT.unpack_from(content, place)
            place += _EVENT.size + length
            name = os.fsdecode(content[place - length : place].rstrip(b"\0"))
            path = os.path.join(self._places.get(number, ""), name)
            if mask & _IGNORED:
                self._numbers.pop(self._places.pop(number, ""), None)
            elif mask & (_OVERFLOW | _IS_FOLDER):
                is_known = False
                self._forget(path)
            else:
                is_whole |= bool(mask & _WHOLE)
                paths.add(path.rstrip("/"))
        if paths or not is_known:
            self._heard(paths if is_known else None, is_whole)

    def _forget(self, folder: str) -> None:
        """Another folder may stand at that path now: what was followed there is to be followed anew."""
        for path in [one for one in self._numbers if one == folder or one.startswith(f"{folder}/")]:
            number = self._numbers.pop(path)
            self._places.pop(number, None)
            self._library.inotify_rm_watch(self._queue, number)
