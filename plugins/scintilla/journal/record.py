"""Records of a journal's file: a length, a check sum, a kind, and what they hold; a torn one ends the file.

A record is ``CRC-32, kind, length of the rest`` (little endian, 4, 1 and 4 bytes) and the rest; the check sum is that
of everything behind it. A change's rest is ``position, length of what it removed`` (8 and 4 bytes), that, and what it
inserted.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from plugins.scintilla.journal.history import BEGIN, REDO_LAST, Change

#: What a journal begins with; another number is another form of it.
MAGIC = b"espedit1"
#: Kinds beside those of changes: how it all began, the text that it began with, the file was written.
HEADER, BASE, SAVED = 0, 10, 11
_FRAME, _CHANGE = struct.Struct("<IBI"), struct.Struct("<QI")
_SUM_BYTES = 4


class Record(NamedTuple):
    """One record as it lies in the file."""

    kind: int
    rest: bytes

    def encode(self) -> bytes:
        """Its bytes."""
        body = _FRAME.pack(0, self.kind, len(self.rest))[_SUM_BYTES:] + self.rest
        return zlib.crc32(body).to_bytes(_SUM_BYTES, "little") + body

    @property
    def is_change(self) -> bool:
        """Whether it is a change of the text."""
        return BEGIN <= self.kind <= REDO_LAST

    def change(self) -> Change:
        """The change that it holds."""
        position, removed = _CHANGE.unpack_from(self.rest)
        start = _CHANGE.size
        return Change(position, self.rest[start : start + removed], self.rest[start + removed :])


def change_record(kind: int, change: Change) -> Record:
    """The record of a change."""
    return Record(kind, _CHANGE.pack(change.position, len(change.removed)) + change.removed + change.inserted)


def read_records(data: bytes) -> Iterator[tuple[Record, int]]:
    """The records of a file up to the first one that is torn or altered, each with where it ends."""
    place = len(MAGIC)
    if data[:place] != MAGIC:
        return
    while place + _FRAME.size <= len(data):
        total, kind, length = _FRAME.unpack_from(data, place)
        stop = place + _FRAME.size + length
        if stop > len(data) or zlib.crc32(data[place + _SUM_BYTES : stop]) != total:
            return
        record = Record(kind, data[place + _FRAME.size : stop])
        if record.is_change and not _is_whole(record):
            return
        yield record, stop
        place = stop


def _is_whole(record: Record) -> bool:
    if len(record.rest) < _CHANGE.size:
        return False
    _, removed = _CHANGE.unpack_from(record.rest)
    return _CHANGE.size + removed <= len(record.rest)
