"""The first bytes of a file, read so that locks on a SQLite database stay.

WORKAROUND POSIX advisory locks: until every system has locks of an open file. A process that closes any descriptor of
a file loses all locks that it has on it (https://sqlite.org/howtocorrupt.html, section 2.2), so a descriptor of a
database that was looked at stays open as long as the process: one for each database.
"""

from __future__ import annotations

import os
import threading

#: The first bytes of every SQLite database.
SQLITE_MAGIC = b"SQLite format 3\0"

_lock = threading.Lock()
#: (Device, inode) → the descriptor that stays open.
_held: dict[tuple[int, int], int] = {}


def first_bytes(path: str | os.PathLike[str], count: int = len(SQLITE_MAGIC)) -> bytes:
    """The first ``count`` bytes of a file, fewer where it is shorter.

    Raises:
        OSError: it cannot be read.
    """
    with _lock:
        found = os.stat(path)
        held = _held.get((found.st_dev, found.st_ino))
        if held is not None:
            return os.pread(held, count, 0)
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        opened = os.fstat(descriptor)
        head = b""
        try:
            head = os.read(descriptor, max(count, len(SQLITE_MAGIC)))
        finally:
            if head.startswith(SQLITE_MAGIC):
                _held[opened.st_dev, opened.st_ino] = descriptor
            else:
                os.close(descriptor)
        return head[:count]
