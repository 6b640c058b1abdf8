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


def write_file(directory: str, name: str, pieces: Iterable[bytes], *, is_durable: bool = True) -> None:
    """Write ``pieces`` as ``directory/name``, replacing what was there.

    Without ``is_durable`` the disk is not waited for: after a power cut the file may be the old one, or damaged.

    Raises:
        CacheError: it cannot be written; the old file is untouched and nothing is left behind.
    """
    temporary = temporary_path(directory)
    try:
        make_directory(directory)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            write_all(handle, iter(pieces))
            if is_durable:
                os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(temporary, os.path.join(directory, name))
        if is_durable:
            sync_directory(directory)
    except OSError as error:
        remove_temporary(temporary)
        raise explain(error, directory) from error
    except BaseException:
        remove_temporary(temporary)
        raise


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
