"""The journal of one text on the disk: begun anew, appended to, read after a crash.

Opened and read on the GUI thread, written on the writer's. Of several windows with the same text the first one has it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from plugins.scintilla.journal.history import BEGIN, GO_ON, History, PlainText
from plugins.scintilla.journal.record import BASE, HEADER, MAGIC, SAVED, Record, change_record, read_records

#: Files up to this size, in bytes, are known by their content, and their journal holds the text that it began with;
#: larger ones are known by size and time.
KEPT_WHOLE = 16 << 20
#: Journals that nobody has written to for so long, in seconds, go; so do the oldest beyond so many bytes in all.
KEPT_S, KEPT_BYTES = 90 * 24 * 3600, 200 << 20
_ENDING = ".edits"


class Header(NamedTuple):
    """How a journal began.

    Attributes:
        path: The file.
        identity: Which content of it: see :func:`identity_of`.
        is_broken: Whether long lines stood in parts.
        is_saved: Whether the text that it began with is what the file had.
    """

    path: str
    identity: str
    is_broken: bool = False
    is_saved: bool = True


class Found(NamedTuple):
    """What a journal holds.

    Attributes:
        header: How it began.
        base: The text that it began with; None for large files, which have it themselves.
        history: What can be undone, and what of it the file has.
        identity: The content of the file that was written or read last.
        when: The time of the last change, in seconds.
    """

    header: Header
    base: bytes | None
    history: History
    identity: str
    when: float


def identity_of(data: Any, state: tuple[int, ...] | None) -> str:
    """What tells one content of a file from others: a hash of it; of large files their time and size."""
    if len(data) <= KEPT_WHOLE:
        return hashlib.blake2b(data, digest_size=20).hexdigest()
    return ":".join(map(str, state or (0, len(data))))


class Journal:
    """A file that changes are appended to.

    Args:
        place: Where it is; its folder is there.
        handle: The open file, which holds the lock.
    """

    def __init__(self, place: Path, handle: int) -> None:
        self.place = place
        self._handle = handle

    def read(self) -> Found | None:
        """What it holds up to the first torn record, which is cut off; None when there is nothing whole in it."""
        size = os.fstat(self._handle).st_size
        records = list(read_records(os.pread(self._handle, size, 0)))
        if not records:
            return None
        os.ftruncate(self._handle, records[-1][1])
        return _found([record for record, _ in records], os.fstat(self._handle).st_mtime)

    def begin(self, header: Header, base: bytes | None, history: History) -> None:
        """Begin anew: the text before the first step of ``history``, its steps, and whether the file has them all.

        The file is another one until it is whole, so that what was there before is never lost halfway.
        """
        records = [Record(HEADER, json.dumps(header._asdict()).encode())]
        if base is not None:
            records.append(Record(BASE, zlib.compress(base, 1)))
        for step in history.steps[: history.at]:
            records += [change_record(GO_ON if number else BEGIN, change) for number, change in enumerate(step)]
        if history.steps and history.is_saved:
            records.append(Record(SAVED, header.identity.encode()))
        new = self.place.with_suffix(".new")
        handle = os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _write(handle, MAGIC + b"".join(record.encode() for record in records))
            os.fsync(handle)
            _lock(handle)
            os.replace(new, self.place)
        except BaseException:
            os.close(handle)
            new.unlink(missing_ok=True)
            raise
        os.close(self._handle)
        self._handle = handle

    def append(self, records: bytes) -> None:
        """Add encoded records; they are on the disk when this returns."""
        os.lseek(self._handle, 0, os.SEEK_END)
        _write(self._handle, records)
        os.fdatasync(self._handle) if hasattr(os, "fdatasync") else os.fsync(self._handle)

    def set_aside(self) -> Journal | None:
        """Keep what it holds under another name, ``.lost`` behind it, and begin an empty one in its place."""
        os.replace(self.place, self.place.with_suffix(".lost"))
        os.close(self._handle)
        return open_journal(self.place)

    def close(self, *, is_needed: bool) -> None:
        """Let go of it; the file goes too when nothing in it is needed."""
        if not is_needed:
            self.place.unlink(missing_ok=True)
        os.close(self._handle)


def place_of(folder: Path, path: Path) -> Path:
    """Where the journal of a file is."""
    name = hashlib.blake2b(os.path.realpath(path).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    return folder / f"{name}{_ENDING}"


def open_journal(place: Path) -> Journal | None:
    """The journal of a file, new or as it was left; None while another window has it.

    Raises:
        OSError: it cannot be made.
    """
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock(handle):
            os.close(handle)
            return None
        if place.exists() and os.path.samestat(os.fstat(handle), place.stat()):
            return Journal(place, handle)
        os.close(handle)  # it was begun anew meanwhile, or removed


def sweep(folder: Path) -> None:
    """Remove journals of long ago, and the oldest of too many."""
    found = sorted(((path.stat(), path) for path in folder.glob(f"*{_ENDING}")), key=lambda one: -one[0].st_mtime)
    total, oldest = 0, time.time() - KEPT_S
    for state, path in found:
        total += state.st_size
        if state.st_mtime < oldest or total > KEPT_BYTES:
            journal = open_journal(path)
            if journal is not None:
                journal.close(is_needed=False)


def _found(records: list[Record], when: float) -> Found | None:
    if records[0].kind != HEADER:
        return None
    try:
        header = Header(**json.loads(records[0].rest))
        has_base = len(records) > 1 and records[1].kind == BASE
        base = zlib.decompress(records[1].rest) if has_base else None
    except (ValueError, TypeError, zlib.error):
        return None
    history, identity = History(saved=0 if header.is_saved else None), header.identity
    text = PlainText(base) if base is not None else None
    for record in records[1:]:
        if record.is_change:
            change = record.change()
            if text is not None and not text.has(change.position, change.removed):
                return None
            history.take(record.kind, change)
            if text is not None:
                text.put(change)
        elif record.kind == SAVED:
            identity = record.rest.decode()
            history.mark_saved()
    return Found(header, base, history, identity, when)


def _write(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _lock(handle: int) -> bool:
    """Take the file for this window; the system lets go of it when the process ends, however it ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, 1 << 40, os.SEEK_SET)  # far behind the end: reading is left to all
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
