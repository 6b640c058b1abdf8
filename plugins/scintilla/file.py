"""A file on this machine that is edited: read, written whole or not at all, watched for changes by others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from plugins.api import EspalierError, is_open_database, map_bytes, read_bytes, say, write_whole
from plugins.scintilla.document import WHOLE


class FileError(EspalierError):
    """A file that cannot be read or written."""


class EditedFile(QObject):
    """One file; ``changed`` when its bytes on the disk are others than those that were read or written last.

    Attributes:
        path: Where it is.
        is_there: Whether it was there when it was read.
    """

    changed = Signal()

    def __init__(self, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.path = path
        self.is_there = False
        self._state: tuple[int, int, int] | None = None
        self._watcher = QFileSystemWatcher(self)
        # Programs write in several steps; the file is looked at when it has been quiet for a moment.
        self._quiet = QTimer(self, singleShot=True, interval=120)
        self._quiet.timeout.connect(self.look)
        self._watcher.fileChanged.connect(self._quiet.start)
        self._watcher.directoryChanged.connect(self._quiet.start)

    def read(self) -> Any:
        """Its bytes, those of a large one as they lie on the disk; none for a file that is not there yet.

        Raises:
            FileError: it is there and cannot be read.
        """
        try:
            self._state = _state(self.path)
            self.is_there = self._state is not None
            self._watch()
            if not self.is_there:
                return b""
            if not self.path.is_file():
                raise FileError(say("{path} is no file", path=self.path))
            if is_open_database(self.path):
                raise FileError(say("{path} is a database that is open", path=self.path))
            if self._state[1] < WHOLE:
                return read_bytes(self.path)
            found = map_bytes(self.path)
            if found is None:
                raise FileError(say("{path} is a database", path=self.path))
            return found
        except OSError as error:
            reason = error.strerror or str(error)
            raise FileError(say("{path} cannot be read: {reason}", path=self.path, reason=reason)) from error

    def write(self, data: bytes) -> None:
        """Write all of it, or leave the file as it is; its permissions stay.

        Raises:
            FileError: it cannot be written.
        """
        try:
            write_whole(self.path, data)
        except OSError as error:
            reason = error.strerror or str(error)
            raise FileError(say("{path} cannot be written: {reason}", path=self.path, reason=reason)) from error
        self._state, self.is_there = _state(self.path), True
        self._watch()

    @property
    def state(self) -> tuple[int, ...] | None:
        """Its time, size and place on the disk when it was read or written last; None where there was no file."""
        return self._state

    def look(self) -> None:
        """Tell whether it is another than it was."""
        self._watch()
        now = _state(self.path)
        if now != self._state:
            self._state = now
            self.changed.emit()

    def _watch(self) -> None:
        """A file that was replaced is another one for the system; its folder tells when it is back."""
        for path in (self.path, self.path.parent):
            text = str(path)
            if path.exists() and text not in (*self._watcher.files(), *self._watcher.directories()):
                self._watcher.addPath(text)


def _state(path: Path) -> tuple[int, int, int] | None:
    """What tells whether a file is the same: time, size and place on the disk; None where there is none."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
