"""Segments: files that hold many blobs, written once.

``magic(8) · count(u32) · sha256 of the index(32) · index: count × (sha256(32), offset u64, length u64) · blobs``,
integers big-endian, offsets from the start of the file. Names come from the index, so equal segments are one file.
A segment whose index does not fit its sum is not used at all; a blob is checked against its hash at every read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from struct import Struct

from kernel.cache.durable import open_plain
from kernel.digest import sha256_of

MAGIC = b"ESPSEG01"
SUFFIX = ".seg"
_HEAD = Struct(">8sI32s")
_ENTRY = Struct(">32sQQ")
#: More entries than any honest segment has.
_MAX_ENTRIES = 1_000_000
#: Bytes of a blob at most: those of a release's file.
_MAX_BLOB = 1 << 30


class Segment:
    """One open segment; entries that point outside the file (a truncated one) are left out.

    Args:
        path: Its file.
        handle: The descriptor, which is closed with the segment.
        index: The index as it is written, which fits its sum.
        size: Bytes of the file.
    """

    def __init__(self, path: str, handle: int, index: bytes, size: int) -> None:
        self.path = path
        self.size = size
        self.is_damaged = False
        self._handle = handle
        self._index = index
        self._entries: dict[bytes, tuple[int, int]] | None = None

    @property
    def entries(self) -> dict[bytes, tuple[int, int]]:
        """Digest → offset and length in bytes. Who looks for a few asks :meth:`find`, which needs no whole index."""
        if self._entries is None:
            self._entries = {
                digest: (offset, length)
                for digest, offset, length in _ENTRY.iter_unpack(self._index)
                if self._is_inside(offset, length)
            }
        return self._entries

    def find(self, digest: bytes) -> tuple[int, int] | None:
        """Offset and length of a blob; None when it is not here."""
        if self._entries is not None:
            return self._entries.get(digest)
        at = self._index.find(digest)
        while at >= 0 and at % _ENTRY.size:  # the same bytes as part of something else
            at = self._index.find(digest, at + 1)
        if at < 0:
            return None
        _, offset, length = _ENTRY.unpack_from(self._index, at)
        return (offset, length) if self._is_inside(offset, length) else None

    def _is_inside(self, offset: int, length: int) -> bool:
        """Whether a blob lies within the file; a file that was cut is damaged, and may be written anew by its name."""
        is_inside = offset + length <= self.size and length <= _MAX_BLOB
        self.is_damaged = self.is_damaged or not is_inside
        return is_inside

    def read(self, digest: bytes, *, is_checked: bool = True) -> bytes | None:
        """The blob, or None when what is there is not it; such an entry is dropped."""
        found = self.find(digest)
        if found is None:
            return None
        offset, length = found
        try:
            data = os.pread(self._handle, length, offset)
        except OSError:
            data = b""
        if len(data) == length and (not is_checked or sha256_of(data) == digest):
            return data
        del self.entries[digest]
        self.is_damaged = True
        return None

    def is_replaced(self) -> bool:
        """Whether another file stands under the segment's name by now (a damaged one that was written anew)."""
        try:
            return os.stat(self.path, follow_symlinks=False).st_ino != os.fstat(self._handle).st_ino
        except OSError:
            return True

    def touch(self) -> bool:
        """Mark the segment as just used, which keeps clean-up from it for a while; False when it is gone."""
        try:
            os.utime(self.path)
        except FileNotFoundError:
            return False
        except OSError:  # somebody else's file, or a disk for reading only: nobody cleans up here
            return True
        return True

    def close(self) -> None:
        """Let go of the file; so does whoever forgets the segment."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)

    __del__ = close


def open_segment(path: str) -> Segment | None:
    """The segment at ``path``; None when it is gone, no plain file, or its index is damaged."""
    found = open_plain(path)
    if found is None:
        return None
    handle, size = found
    try:
        index = _read_index(handle, size)
    except OSError:
        index = None
    if index is None:
        os.close(handle)
        return None
    return Segment(path, handle, index, size)


def _read_index(handle: int, size: int) -> bytes | None:
    head = os.pread(handle, 16384, 0)
    if len(head) < _HEAD.size:
        return None
    magic, count, total = _HEAD.unpack_from(head)
    length = count * _ENTRY.size
    if magic != MAGIC or count > _MAX_ENTRIES or _HEAD.size + length > size:
        return None
    index = head[_HEAD.size : _HEAD.size + length]
    if len(index) < length:
        index = os.pread(handle, length, _HEAD.size)
    return index if sha256_of(index) == total else None


def layout(blobs: Sequence[tuple[bytes, bytes]]) -> tuple[str, bytes]:
    """The file name and the bytes before the blobs for ``(digest, data)`` pairs."""
    offset, entries = index_start(len(blobs)), []
    for digest, data in blobs:
        entries.append((digest, offset, len(data)))
        offset += len(data)
    return layout_at(entries)


def layout_at(entries: Sequence[tuple[bytes, int, int]]) -> tuple[str, bytes]:
    """The same for blobs whose digests, offsets and lengths are given."""
    index = b"".join(_ENTRY.pack(*entry) for entry in entries)
    total = sha256_of(index)
    return total.hex()[:40] + SUFFIX, _HEAD.pack(MAGIC, len(entries), total) + index


def index_start(count: int) -> int:
    """Where blobs may begin behind an index of ``count`` entries."""
    return _HEAD.size + count * _ENTRY.size
