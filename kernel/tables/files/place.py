"""A file that may be changed or deleted while it is read: its stamp, and bytes of it as they were at one stamp."""

from __future__ import annotations

import os
import threading
import weakref
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from kernel.open_file import opened, refuse_open
from kernel.tables.error import SourceError, UnavailableError
from kernel.words import mark


class Stamp(NamedTuple):
    """What differs once a file was changed or replaced."""

    device: int
    inode: int
    size: int
    modified_ns: int


def stamp_of(path: Path) -> Stamp:
    """The stamp of a file now.

    Raises:
        UnavailableError: it is gone or cannot be read.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        raise UnavailableError(mark(f"{path.name} is not there any more"), hint=mark(f"put it back: {path}")) from None
    except OSError as error:
        raise UnavailableError(mark(f"{path.name} cannot be read: {error.strerror}")) from error
    return Stamp(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def check_readable(path: Path) -> None:
    """Say clearly why a file cannot be opened.

    Raises:
        SourceError: missing, a folder, no permission, or open as a database here.
    """
    try:
        if path.is_dir():
            raise SourceError(mark(f"{path.name or path} is a folder, not a file"))
        refuse_open(path)
        with opened(path):
            pass
    except FileNotFoundError:
        raise SourceError(mark(f"there is no file {path}")) from None
    except (OSError, ValueError) as error:
        raise SourceError(mark(f"{path.name} cannot be read: {getattr(error, 'strerror', '') or error}")) from error


class OpenFile:
    """A file as it is at one stamp; usable from any thread, closed when nothing uses it any more.

    Raises:
        UnavailableError: it is gone or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stamp = stamp_of(path)
        reading = ExitStack()
        try:
            self._descriptor = reading.enter_context(opened(path))
        except OSError as error:
            raise UnavailableError(mark(f"{path.name} cannot be read: {error.strerror}")) from error
        self._lock = threading.Lock()
        weakref.finalize(self, reading.close)

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from ``start`` up to but without ``stop``; fewer at the end of the file."""
        parts: list[bytes] = []
        stop = min(stop, self.stamp.size)
        while start < stop:
            try:
                part = self._part(start, min(stop - start, 1 << 30))
            except OSError as error:
                raise UnavailableError(mark(f"{self.path.name} cannot be read: {error.strerror}")) from error
            if not part:
                raise UnavailableError(
                    mark(f"{self.path.name} has become shorter while it was read"),
                    hint=mark("load it again"),
                )
            parts.append(part)
            start += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _part(self, start: int, size: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, size, start)
        with self._lock:  # Windows reads from where the file stands
            os.lseek(self._descriptor, start, os.SEEK_SET)
            return os.read(self._descriptor, size)
