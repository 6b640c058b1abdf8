"""The first bytes of a file, read so that locks on a SQLite database stay.

WORKAROUND POSIX advisory locks: until every system has locks of an open file. A process that closes any descriptor of
a file loses all locks that it has on it (https://sqlite.org/howtocorrupt.html, section 2.2), so a descriptor of a
database that this process has open stays open as long as that.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

#: The first bytes of every SQLite database.
SQLITE_MAGIC = b"SQLite format 3\0"

Place = tuple[int, int]

_lock = threading.Lock()
#: (Device, inode) → how many have the file open as a database.
_users: dict[Place, int] = {}
#: (Device, inode) → the descriptor that stays open for them.
_kept: dict[Place, int] = {}


def first_bytes(path: str | os.PathLike[str], count: int = len(SQLITE_MAGIC)) -> bytes:
    """The first ``count`` bytes of a file, fewer where it is shorter.

    Raises:
        OSError: it cannot be read.
    """
    with _lock:
        place = _place(os.stat(path))
        if place in _kept:
            return os.pread(_kept[place], count, 0)
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        place = _place(os.fstat(descriptor))
        try:
            return os.read(descriptor, count)
        finally:
            if place in _users and place not in _kept:
                _kept[place] = descriptor
            else:
                os.close(descriptor)


def held_descriptor(path: str | os.PathLike[str]) -> int | None:
    """A descriptor to read a file that this process has open as a database; it stays open as long as that.

    None when no database that is open stands there.

    Raises:
        OSError: it cannot be opened.
    """
    with _lock:
        place = _place(os.stat(path))
        if place in _users and place not in _kept:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            _kept.setdefault(_place(os.fstat(descriptor)), descriptor)
        return _kept.get(place) if place in _users else None


def is_open_database(path: str | os.PathLike[str]) -> bool:
    """Whether this process has a file open as a database, or the database that it is a side file of.

    Who opens such a file and closes it again takes the locks from the database: those of a write-ahead log are on the
    side file ``-shm``.
    """
    if not _users:
        return False
    name = os.fspath(path)
    for one in {name, name.removesuffix("-shm"), name.removesuffix("-wal")}:
        try:
            place = _place(os.stat(one))
        except OSError:
            continue
        with _lock:
            if place in _users:
                return True
    return False


def hold(path: str | os.PathLike[str]) -> Callable[[], None]:
    """Say that this process has the file open as a database until the answered callable is called, once.

    Raises:
        OSError: the file cannot be found.
    """
    place = _place(os.stat(path))
    with _lock:
        _users[place] = _users.get(place, 0) + 1

    def release() -> None:
        with _lock:
            _users[place] -= 1
            if not _users[place]:
                del _users[place]
                if place in _kept:
                    os.close(_kept.pop(place))

    return release


def _place(facts: os.stat_result) -> Place:
    return facts.st_dev, facts.st_ino
