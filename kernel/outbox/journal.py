"""A file that records are only ever added to, each with its length and a checksum; several processes share one.

``magic(8) · 8 random bytes of this file``, then records ``u32 length · first 16 bytes of SHA-256 of length and body ·
body``, big-endian. A record is on the disk when :meth:`Journal.append` returns. What a crash or a power loss left half
written at the end is cut off by the next append; whole records before it are never touched.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from struct import Struct

from kernel.digest import sha256_of
from kernel.error import EspalierError
from kernel.words import mark

MAGIC = b"ESPOUT01"
#: Longest record, bytes: a length beyond it is damage.
MAX_RECORD = 64 << 20
_HEAD = Struct(">I16s")
_START = len(MAGIC) + 8


class JournalError(EspalierError):
    """The file cannot be read or written."""


class Journal:
    """The file at ``path``, made with the first record.

    Threads of one process must take turns; other processes may use the file at the same time.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._position = 0
        #: The random bytes of the file that was read: another file begins anew.
        self._born = b""
        self._stamp: tuple[int, int, int] | None = None

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else adds or clears within the block.

        Raises:
            JournalError: the directory cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _explain(error, self.path) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def has_news(self) -> bool:
        """Whether the file is another than :meth:`read_new` left it, by its stamp; cheap, for looking now and then."""
        stamp = _stamp(self.path)
        is_other, self._stamp = stamp != self._stamp, stamp
        return is_other

    def read_new(self) -> tuple[bool, list[bytes]]:
        """Whether the file was begun anew since the last call, and the whole records that came since then.

        Raises:
            JournalError: the file cannot be read, or is no journal.
        """
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            is_anew, self._position, self._born = self._position > 0, 0, b""
            return is_anew, []
        except OSError as error:
            raise _explain(error, self.path) from error
        try:
            size = os.fstat(handle).st_size
            start = os.pread(handle, _START, 0)
            is_anew = self._position > 0 and (start[len(MAGIC) :] != self._born or size < self._position)
            if is_anew:
                self._position = 0
            first = self._position or _START
            content = os.pread(handle, max(size - first, 0), first)
        except OSError as error:
            raise _explain(error, self.path) from error
        finally:
            os.close(handle)
        if not MAGIC.startswith(start[: len(MAGIC)]):
            raise JournalError(mark(f"{self.path} is no outbox"), hint=mark("move it away; another one is made"))
        if len(start) < _START:
            return is_anew, []
        self._position, self._born = first, start[len(MAGIC) :]
        bodies, length = whole_records(content)
        self._position += length
        return is_anew, bodies

    def forget(self, position: int, born: bytes) -> None:
        """Go back to where :attr:`mark` was: what was read since counts as not read."""
        self._position, self._born = position, born

    @property
    def mark(self) -> tuple[int, bytes]:
        """How far the file was read, for :meth:`forget`."""
        return self._position, self._born

    def append(self, bodies: Sequence[bytes]) -> None:
        """Add records, on the disk when this returns; hold the lock and have read everything before.

        Raises:
            JournalError: they cannot be written (disk full), or one is too long: none of them counts then.
        """
        longest = max(map(len, bodies), default=0)
        if longest > MAX_RECORD:
            raise JournalError(
                mark(f"the edit has {longest >> 20:,} MB; at most {MAX_RECORD >> 20:,} MB can wait for the server"),
                hint=mark("nothing was saved; save it again when the server is back"),
            )
        is_new = not self.path.exists()
        born = self._born if self._position else os.urandom(_START - len(MAGIC))
        content = b"" if self._position else MAGIC + born
        content += b"".join(_record(body) for body in bodies)
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.ftruncate(handle, self._position)
                view, offset = memoryview(content), self._position
                while view:
                    written = os.pwrite(handle, view, offset)
                    view, offset = view[written:], offset + written
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, self._position)
                raise
            finally:
                os.close(handle)
            if is_new:
                _sync_directory(self.path.parent)
        except OSError as error:
            raise _explain(error, self.path) from error
        self._position, self._born = self._position + len(content), born

    def clear(self) -> None:
        """Begin anew with an empty file; hold the lock."""
        try:
            self.path.unlink(missing_ok=True)
            _sync_directory(self.path.parent)
        except OSError as error:
            raise _explain(error, self.path) from error
        self._position, self._born = 0, b""


def whole_records(content: bytes) -> tuple[list[bytes], int]:
    """The bodies of the records at the start of ``content`` that are whole, and how many bytes they take."""
    bodies, position = [], 0
    while len(content) - position >= _HEAD.size:
        length, checksum = _HEAD.unpack_from(content, position)
        body = content[position + _HEAD.size : position + _HEAD.size + length]
        if length > MAX_RECORD or len(body) < length or checksum != _checksum(body):
            break
        bodies.append(body)
        position += _HEAD.size + length
    return bodies, position


def _record(body: bytes) -> bytes:
    return _HEAD.pack(len(body), _checksum(body)) + body


def _checksum(body: bytes) -> bytes:
    return sha256_of(len(body).to_bytes(4, "big") + body)[:16]


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _explain(error: OSError, path: Path) -> JournalError:
    return JournalError(
        mark(f"the outbox {path} cannot be used: {error.strerror or error}"), hint=mark("nothing was saved")
    )


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes with a file's content; None without the file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
