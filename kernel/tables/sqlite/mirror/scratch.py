"""Files without a name that mirrors are written to, and the room that all of them may take."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import weakref
from typing import IO

from kernel.tables import mirroring
from kernel.tables.sqlite.part_row import MisfitError

log = logging.getLogger("espalier.tables")
#: Files open at once; a process may not have many.
MOST_FILES = 200
_lock = threading.RLock()  # a file may end while its thread holds it


class _Taken:
    """What scratch files take: of one, or of all there are now."""

    def __init__(self) -> None:
        self.bytes = 0
        self.files = 0


#: By all files of the process.
taken = _Taken()


class Scratch:
    """A file that ends with this object, and with the process whatever ends that. One thread at a time uses it.

    Args:
        size: Bytes that will be written, as far as it is known.

    Raises:
        MisfitError: there is no room.
    """

    def __init__(self, size: int = 0) -> None:
        if mirroring.folder is None:
            raise MisfitError
        try:
            mirroring.folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(dir=mirroring.folder)  # noqa: SIM115 closed with its owner
        except OSError as error:
            log.warning("nothing can be mirrored in %s: %s", mirroring.folder, error.strerror or error)
            raise MisfitError from error
        self._own = _Taken()
        with _lock:
            self._own.files = 1
            taken.files += 1
            has_room = taken.files <= MOST_FILES
        weakref.finalize(self, _end, self._file, self._own)
        if not has_room:
            raise MisfitError
        self.grow(size)

    def grow(self, size: int) -> None:
        """Take room for so many bytes more.

        Raises:
            MisfitError: there is none.
        """
        try:
            free = shutil.disk_usage(mirroring.folder or ".").free
        except OSError as error:
            raise MisfitError from error
        with _lock:
            if taken.bytes + size > mirroring.most_bytes or free < 4 * size:
                raise MisfitError
            taken.bytes += size
            self._own.bytes += size

    def write(self, start: int, data: bytes | memoryview) -> None:
        """Write bytes at a place.

        Raises:
            MisfitError: the disk is full, or broken.
        """
        try:
            self._file.seek(start)
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            log.warning("a column cannot be mirrored in %s: %s", mirroring.folder, error.strerror or error)
            raise MisfitError from error

    def read_into(self, start: int, target: memoryview) -> None:
        """Fill ``target`` with the bytes from a place on.

        Raises:
            OSError: they cannot be read.
        """
        self._file.seek(start)
        if self._file.readinto(target) != target.nbytes:
            raise OSError("a mirrored column is shorter than it was written")


def _end(file: IO[bytes], own: _Taken) -> None:
    with _lock:
        taken.bytes -= own.bytes
        taken.files -= own.files
    try:
        file.close()
    except OSError as error:  # what was not written any more, as the disk was full
        log.debug("a mirrored column was not written: %s", error.strerror or error)
