"""Writing a file so that it is there whole, or not at all: temporary name, fsync, rename, fsync of the directory."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from itertools import islice

from kernel.cache.error import CacheError

#: Start of the names of files that are being written.
TEMPORARY = "tmp-"
#: Pieces that are written by one call; systems take 1,024 at most.
_AT_ONCE = 512
#: Files that are open at once; of more, those before are waited for first.
_MOST_OPEN = 32


def open_plain(path: str) -> tuple[int, int] | None:
    """A descriptor for reading and the size in bytes; None for what is missing, a link, a pipe or a folder."""
    flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags)
    except OSError:
        return None
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode):  # opening it does not wait, reading it might, for ever
        os.close(handle)
        return None
    return handle, facts.st_size


class Together:
    """Files that are written one by one and replaced together, so that the disk is waited for as seldom as can be.

    Every file is whole at any time, the old one or the new one; after a power cut some may be new and some old. Leaving
    the block replaces them in their order; an error before that leaves all as they were.
    """

    def __init__(self) -> None:
        self._files: list[tuple[str, str, str, int]] = []

    def add(self, directory: str, name: str, pieces: Iterable[bytes]) -> None:
        """Write ``pieces`` as what will be ``directory/name``; raises CacheError."""
        path, handle = temporary_path(directory), -1
        try:
            make_directory(directory)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
            self._files.append((directory, name, path, handle))
            write_all(handle, iter(pieces))
            if sum(one[3] >= 0 for one in self._files) > _MOST_OPEN:
                self._sync()
        except OSError as error:
            raise explain(error, directory) from error

    def replace(self, *, is_durable: bool = True, has_names: bool = True) -> None:
        """Have all files in their places; raises CacheError.

        Args:
            is_durable: Whether to wait until their bytes are on the disk.
            has_names: Whether to wait for their new names as well.
        """
        place = self._files[0][0] if self._files else ""
        try:
            if is_durable:
                self._sync()
            self._let_go()
            for place, name, path, _ in self._files:
                os.replace(path, os.path.join(place, name))
            places, self._files = dict.fromkeys(place for place, *_ in self._files), []
            for place in places if is_durable and has_names else ():
                sync_directory(place)
        except OSError as error:
            raise explain(error, place) from error

    def drop(self) -> None:
        """Forget what is not in its place."""
        self._let_go()
        files, self._files = self._files, []
        for _, _, path, _ in files:
            remove_temporary(path)

    def _sync(self) -> None:
        for *_, handle in self._files:
            if handle >= 0:
                os.fsync(handle)
        self._let_go()

    def _let_go(self) -> None:
        for number, (directory, name, path, handle) in enumerate(self._files):
            if handle >= 0:
                self._files[number] = directory, name, path, -1
                os.close(handle)

    def __enter__(self) -> Together:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.replace()
        finally:
            self.drop()


def write_file(
    directory: str, name: str, pieces: Iterable[bytes], *, is_durable: bool = True, has_name: bool = True
) -> None:
    """Write ``pieces`` as ``directory/name``, replacing what was there.

    Without ``is_durable`` the disk is not waited for: after a power cut the file may be the old one, or damaged.
    Without ``has_name`` it may be the old one until :func:`sync_directory` was called, and is never damaged.

    Raises:
        CacheError: it cannot be written; the old file is untouched and nothing is left behind.
    """
    files = Together()
    try:
        files.add(directory, name, pieces)
        files.replace(is_durable=is_durable, has_names=has_name)
    finally:
        files.drop()


def make_directory(directory: str) -> None:
    """Make a directory of the cache that only this person can enter, unless it is there. Raises OSError."""
    os.makedirs(directory, mode=0o700, exist_ok=True)
    if os.path.islink(directory):  # planted: nothing of the cache is written elsewhere
        raise NotADirectoryError(errno.ENOTDIR, "a link stands where the directory should be")


def temporary_path(directory: str) -> str:
    """A new name for a file that is being written by this process."""
    return os.path.join(directory, f"{TEMPORARY}{os.getpid()}-{os.urandom(6).hex()}")


def write_all(handle: int, pieces: Iterator[bytes]) -> None:
    """Write all pieces, many in one call of the system; raises OSError."""
    while some := list(islice(pieces, _AT_ONCE)):
        written = os.writev(handle, some)
        if written < sum(map(len, some)):  # the disk is filling up, or a signal came
            view = memoryview(b"".join(some))[written:]
            while view:
                view = view[os.write(handle, view) :]


def sync_directory(directory: str) -> None:
    """Have the names in a directory on the disk; raises OSError."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_temporary(path: str) -> None:
    """Remove what was being written, if it can be."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except OSError:
        return  # it is swept with other leftovers by the next clean-up


_HINTS = {
    errno.ENOSPC: "the disk is full: free some space and try again",
    errno.EDQUOT: "your disk quota is used up: free some space and try again",
    errno.EFBIG: "the file size limit is reached",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "check who owns the directory",
    errno.ENOTDIR: "a file stands where the directory should be",
}


def explain(error: OSError, directory: str) -> CacheError:
    """What to tell of an error of the system."""
    hint = _HINTS.get(error.errno or 0, "")
    return CacheError(f"cannot write the cache in {directory}: {error.strerror or error}", hint=hint)
