"""Opening files so that locks on SQLite databases stay.

WORKAROUND POSIX advisory locks: until every system has locks of an open file. A process that closes any descriptor of
a file loses all locks that it has on it (https://sqlite.org/howtocorrupt.html, section 2.2). Who opens a file that
may be a database does it here: descriptors stay open as long as this process has the database open.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kernel.words import say

if TYPE_CHECKING:
    import mmap

#: The first bytes of every SQLite database.
SQLITE_MAGIC = b"SQLite format 3\0"
#: How the names of files end that SQLite has beside a database; those with locks or with what is not in it yet.
SIDE_FILES = ("-shm", "-wal", "-journal")

Place = tuple[int, int]
Path = str | os.PathLike[str]


class _File:
    """A file that somebody has open.

    Attributes:
        users: How many have it open as a database.
        readers: How many read it at this moment.
        descriptors: Those that close when neither is left; the first one is read.
        beside: Those of files that SQLite has beside the database, which close with it.
        path: The real path of the database, when it was opened last.
    """

    __slots__ = ("beside", "descriptors", "path", "readers", "users")

    def __init__(self) -> None:
        self.users = self.readers = 0
        self.descriptors: list[int] = []
        self.beside: list[int] = []
        self.path = ""


#: Held for the tables below; told when a folder is not worked on any more.
_turn = threading.Condition()
#: (Device, inode) → the file.
_files: dict[Place, _File] = {}
#: Real paths of folders below which no database may be opened just now.
_worked_on: list[str] = []


def read_bytes(path: Path, most: int | None = None) -> bytes:
    """The bytes of a file, at most the first ``most``.

    Raises:
        OSError: it cannot be read.
    """
    if sys.platform == "win32":  # locks belong to who has them there
        with open(path, "rb") as file:
            return file.read(-1 if most is None else most)
    with opened(path) as descriptor:
        return _read(descriptor, most)


def map_bytes(path: Path) -> mmap.mmap | None:
    """The bytes of a file as they lie on the disk; None for a database, whose descriptor would go with them.

    Raises:
        OSError: it cannot be read.
        ValueError: it is empty.
    """
    import mmap

    if sys.platform == "win32":
        with open(path, "rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    with opened(path) as descriptor:
        if os.pread(descriptor, len(SQLITE_MAGIC), 0) == SQLITE_MAGIC:
            return None
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A descriptor to read a file with, by ``os.pread``: others may read with the same one.

    Raises:
        OSError: it cannot be opened.
    """
    if sys.platform == "win32":
        with open(path, "rb") as file:
            yield file.fileno()
        return
    place, descriptor = _take(path)
    try:
        yield descriptor
    finally:
        _give_back(place, path)


def held_descriptor(path: Path) -> int | None:
    """A descriptor to read a file that this process has open as a database; it stays open as long as that.

    None when no database that is open stands there.

    Raises:
        OSError: it cannot be opened.
    """
    place = _place(os.stat(path))
    with opened(path) as descriptor, _turn:
        return descriptor if place in _files and _files[place].users else None


def is_open_database(path: Path) -> bool:
    """Whether this process has a file open as a database, or the database that it is a side file of."""
    with _turn:
        return _owner(path) is not None


def has_databases() -> bool:
    """Whether this process has any database open."""
    with _turn:
        return any(file.users for file in _files.values())


def refuse_open(path: Path) -> None:
    """Refuse a file for whoever opens it by other means, or writes over it.

    Raises:
        OSError: this process has it open as a database.
    """
    if is_open_database(path):
        raise OSError(errno.EBUSY, say("it is a database that is open"), os.fspath(path))


def hold(path: Path) -> Callable[[], None]:
    """Say that this process has the file open as a database until the answered callable is called, once.

    It is said before SQLite opens it. Waits for whoever works on a folder around it.

    Raises:
        OSError: the file cannot be found.
    """
    place, real = _place(os.stat(path)), os.path.realpath(path)
    with _turn:
        _turn.wait_for(lambda: not any(_may_be_below(place, real, folder) for folder in _worked_on))
        file = _files.setdefault(place, _File())
        file.users += 1
        file.path = real

    def release() -> None:
        with _turn:
            file.users -= 1
            _close(place, file)

    return release


@contextmanager
def databases_below(folder: Path) -> Iterator[list[str]]:
    """The real paths of the files below a folder that are open as databases; none more is opened until the block ends.

    Where there are some, nothing in this process may open files there but by this module, and no library that knows
    nothing of it. Links are not followed.
    """
    real = os.path.realpath(folder)
    with _turn:
        near = {place: file.path for place, file in _files.items()
                if file.users and _may_be_below(place, file.path, real)}  # fmt: skip
        _worked_on.append(real)
    try:
        yield _paths_of(near, real) if near else []
    finally:
        with _turn:
            _worked_on.remove(real)
            _turn.notify_all()


# -- inside ---------------------------------------------------------------------------------------------------------


def _take(path: Path) -> tuple[Place, int]:
    with _turn:
        place = _place(os.stat(path))
        file = _files.get(place)
        if file is not None and file.descriptors:
            file.readers += 1
            return place, file.descriptors[0]
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    with _turn:
        place = _place(os.fstat(descriptor))
        file = _files.setdefault(place, _File())
        file.descriptors.append(descriptor)
        file.readers += 1
        return place, file.descriptors[0]


def _give_back(place: Place, path: Path) -> None:
    with _turn:
        file = _files[place]
        file.readers -= 1
        owner = _owner(path)
        if owner is not None and owner is not file and not file.readers:
            owner.beside += file.descriptors
            file.descriptors = []
        _close(place, file)


def _close(place: Place, file: _File) -> None:
    """Close what nobody needs."""
    if not (file.users or file.readers):
        for descriptor in (*file.descriptors, *file.beside):
            os.close(descriptor)
        file.descriptors, file.beside = [], []
        _files.pop(place, None)


def _owner(path: Path) -> _File | None:
    """The open database that a file is, or is beside of."""
    if not any(file.users for file in _files.values()):
        return None
    name = os.fspath(path)
    for one in dict.fromkeys((name, *(name.removesuffix(end) for end in SIDE_FILES))):
        try:
            file = _files.get(_place(os.stat(one)))
        except OSError:
            continue
        if file is not None and file.users:
            return file
    return None


def _read(descriptor: int, most: int | None) -> bytes:
    """The bytes from the first one on."""
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        with open(descriptor, "rb", closefd=False) as stream:
            return stream.read(-1 if most is None else most)
    parts, at, left = [], 0, sys.maxsize if most is None else most
    while left:
        # One byte more than is left of it, so that a file is read at once and its end is seen.
        part = os.pread(descriptor, min(left, max(facts.st_size - at, 0) + 1), at)
        if not part:
            break
        parts.append(part)
        at, left = at + len(part), left - len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _may_be_below(place: Place, path: str, folder: str) -> bool:
    """Whether a database is below a folder, or may have another name there."""
    return path.startswith(os.path.join(folder, "")) or not _is_alone(place, path)


def _is_alone(place: Place, path: str) -> bool:
    """Whether a file is where it was, and has no other name."""
    try:
        facts = os.stat(path)
    except OSError:
        return False
    return _place(facts) == place and facts.st_nlink == 1


def _paths_of(files: dict[Place, str], folder: str) -> list[str]:
    """Where files stand below a folder, by each of their names."""
    if all(_is_alone(place, path) for place, path in files.items()):
        return list(files.values())
    return [path for path, place in _walked(folder) if place in files]


def _walked(folder: str) -> Iterator[tuple[str, Place]]:
    """The files below a folder, links left out."""
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        yield entry.path, _place(entry.stat(follow_symlinks=False))
        except OSError:
            continue  # it has gone, or nobody may look into it


def _place(facts: os.stat_result) -> Place:
    return facts.st_dev, facts.st_ino
