"""The cache: blobs named by their SHA-256 in append-only segments, and named records.

Several processes may use one directory at once: files appear whole by renaming and are never changed. Every read
is checked; what is damaged is treated as missing. Nothing is created before the first write.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.cache.durable import Together
from kernel.cache.record import Records
from kernel.cache.segment import SUFFIX, Segment, layout, open_segment
from kernel.digest import sha256_of

if TYPE_CHECKING:
    from kernel.cache.segment_writer import SegmentWriter

#: Blobs that are looked for one by one; more at once by the whole index of each segment.
FEW = 32


class Cache:
    """The cache in ``directory``.

    One object may be used from several threads.
    """

    def __init__(self, directory: str | Path) -> None:
        self.directory = os.fspath(directory)
        self.segment_directory = os.path.join(self.directory, "segments")
        self.record_directory = os.path.join(self.directory, "records")
        self._records = Records(self.record_directory)
        self._segments: dict[str, Segment] = {}
        self._is_scanned = False
        self._is_swept = False
        self._lock = threading.RLock()

    # Blobs

    def get(self, sha256: str, *, is_checked: bool = True) -> bytes | None:
        """The blob, checked against its hash; None when it is not here or what is here is damaged.

        Without ``is_checked`` it may be anything: for who holds against a hash what is made of it.
        """
        digest = _digest(sha256)
        with self._lock:
            found = self._read(digest, is_checked)
            if found is None and self._scan():
                found = self._read(digest, is_checked)
            return found

    def has(self, sha256: str) -> bool:
        """Whether the index knows the blob; only :meth:`get` and :meth:`missing` check its bytes."""
        digest = _digest(sha256)
        with self._lock:
            return self._holder(digest) is not None or (self._scan() and self._holder(digest) is not None)

    def missing(self, hashes: Iterable[str], *, is_checked: bool = True) -> list[str]:
        """Those of ``hashes`` that must be fetched. The rest is kept from clean-up a while.

        Args:
            hashes: SHA-256 in hex.
            is_checked: Whether to read what is here, so that damaged blobs are missing too; every read does that.
        """
        wanted = {bytes.fromhex(sha256): sha256 for sha256 in hashes}
        with self._lock:
            held, missing = self._held_by(set(wanted))
            if missing and self._scan():
                held, missing = self._held_by(set(wanted))
            if is_checked:
                damaged = {digest for inside in held.values() for digest in inside if self._read(digest) is None}
                held, missing = self._held_by(set(wanted) - damaged)
                missing |= damaged
        gone = {digest for segment, inside in held.items() if not segment.touch() for digest in inside}
        if gone:  # cleaned up just now by another process: the open file still had them
            self.segments()
            missing |= set(map(bytes.fromhex, self.missing([wanted[digest] for digest in gone], is_checked=is_checked)))
        return [sha256 for digest, sha256 in wanted.items() if digest in missing] if missing else []

    def holders(self, hashes: Iterable[str]) -> tuple[tuple[str, int], ...]:
        """The segments that have all of ``hashes``, as :meth:`are_there` wants them; none when something is missing."""
        digests = set(map(bytes.fromhex, hashes))
        with self._lock:
            held, missing = self._held_by(digests)
            if missing and self._scan():
                held, missing = self._held_by(digests)
            return () if missing else tuple((os.path.basename(one.path), one.size) for one in held)

    def are_there(self, places: Iterable[tuple[str, int]]) -> bool:
        """Whether the segments of :meth:`holders` are there, with the index that they had; they are kept a while."""
        with self._lock:
            self._scan()
            found = [(self._segments.get(name), size) for name, size in places]
        return all(one is not None and one.size == size and not one.is_damaged and one.touch() for one, size in found)

    def _held_by(self, digests: set[bytes]) -> tuple[dict[Segment, set[bytes]], set[bytes]]:
        """Which of the open segments have which of these; and what none of them has."""
        if not self._is_scanned:
            self._scan()
        held: dict[Segment, set[bytes]] = {}
        left = digests
        is_few = len(digests) <= FEW
        for segment in self._segments.values():
            inside = {one for one in left if segment.find(one)} if is_few else left & segment.entries.keys()
            if inside:
                held[segment] = inside
                left = left - inside
        return held, left

    def put_many(self, blobs: list[bytes]) -> list[str]:
        """Keep ``blobs``, all or none, on the disk when this returns; answers their SHA-256 in hex.

        Raises:
            CacheError: they cannot be written; what was there is untouched.
        """
        pairs = [(sha256_of(data), data) for data in blobs]
        self.put_checked(pairs)
        return [digest.hex() for digest, _ in pairs]

    def put_checked(self, pairs: list[tuple[bytes, bytes]]) -> None:
        """Keep blobs whose digests the caller has just worked out; as :meth:`put_many`."""
        with Together() as files:
            self.add(files, pairs)
        self.segments()

    def add(self, files: Together, pairs: list[tuple[bytes, bytes]]) -> tuple[tuple[str, int], ...]:
        """Keep blobs together with other files; answers where all of them are then, as :meth:`holders` does.

        Raises:
            CacheError: they cannot be written.
        """
        self._sweep()
        by_digest = dict(pairs)
        new = self.missing([digest.hex() for digest in by_digest])
        places = self.holders({digest.hex() for digest in by_digest}.difference(new))
        if not new:
            return places
        fresh = sorted((digest, by_digest[digest]) for digest in map(bytes.fromhex, new))
        name, head = layout(fresh)
        files.add(self.segment_directory, name, [head, *(data for _, data in fresh)])
        return (name, len(head) + sum(len(data) for _, data in fresh)), *places

    def writer(self, room: int) -> SegmentWriter:
        """A segment of at most ``room`` blobs that are not here, written while they come; raises CacheError."""
        from kernel.cache.segment_writer import SegmentWriter

        self._sweep()
        return SegmentWriter(self.segment_directory, room)

    # Records

    def read_record(self, name: str) -> bytes | None:
        """The named record's bytes; None when there is none or it is damaged."""
        return self._records.read(name)

    def record_stamp(self, name: str) -> object:
        """What is another one once the named record was written again."""
        return self._records.stamp(name)

    def write_record(self, name: str, data: bytes, *, is_durable: bool = True) -> None:
        """Replace the named record, atomically and durably.

        Without ``is_durable`` a power cut may take it away, which is fine for what can be had again.

        Raises:
            CacheError: it cannot be written; the old record is still there.
        """
        self._records.write(name, data, is_durable=is_durable)

    def add_record(self, files: Together, name: str, data: bytes) -> None:
        """Replace the named record together with other files; raises CacheError."""
        self._records.add(files, name, data)

    def remove_record(self, name: str) -> None:
        """Forget the named record; raises CacheError when it is there and cannot be removed."""
        self._records.remove(name)

    def record_names(self, prefix: str = "") -> list[str]:
        """The names of all records that start with ``prefix``, sorted."""
        return self._records.names(prefix)

    # Clean-up

    def size(self) -> int:
        """Bytes in segments."""
        return sum(segment.size for segment in self.segments())

    def collect(self, roots: Iterable[str], limit: int, *, grace_s: float = 600.0) -> int:
        """Remove what is not among ``roots``, oldest first, until the segments take at most ``limit`` bytes.

        Args:
            roots: SHA-256 of every blob that a record still needs.
            limit: Bytes that are fine; below it nothing is removed.
            grace_s: Segments used within these seconds stay: another process may be about to name them.

        Returns:
            Bytes freed. 0 when another process is cleaning up.

        Raises:
            CacheError: what must stay could not be written anew.
        """
        from kernel.cache.clean_up import collect

        return collect(self, {_digest(root) for root in roots}, limit, grace_s)

    def close(self) -> None:
        """Let go of open files; the next use opens them again."""
        with self._lock:
            segments, self._segments, self._is_scanned = self._segments, {}, False
            for segment in segments.values():
                segment.close()

    def turn(self, name: str, progress: Callable[[], object]) -> AbstractContextManager[None]:
        """Within the block no other process does what ``name`` says; see :func:`kernel.cache.turn.turn`."""
        from kernel.cache.turn import turn

        return turn(os.path.join(self.directory, "turns", sha256_of(name.encode()).hex()[:40]), progress)

    # Inside

    def _sweep(self) -> None:
        """Once, before the first write: what killed processes left behind goes."""
        if not self._is_swept:
            self._is_swept = True
            from kernel.cache.clean_up import sweep

            sweep(self)

    def segments(self) -> list[Segment]:
        """The segments as they are on the disk now."""
        with self._lock:
            self._scan()
            return list(self._segments.values())

    def _read(self, digest: bytes, is_checked: bool = True) -> bytes | None:
        while (segment := self._holder(digest)) is not None:
            data = segment.read(digest, is_checked=is_checked)
            if data is not None:
                return data
        return None

    def _holder(self, digest: bytes) -> Segment | None:
        if not self._is_scanned:
            self._scan()
        for segment in self._segments.values():
            if segment.find(digest) is not None:
                return segment
        return None

    def _scan(self) -> bool:
        """Look for segments that came or went; True when there are new ones."""
        self._is_scanned = True
        try:
            names = {name for name in os.listdir(self.segment_directory) if name.endswith(SUFFIX)}
        except (FileNotFoundError, NotADirectoryError):
            names = set()
        for name in self._segments.keys() - names:
            self._segments.pop(name).close()
        new = names - self._segments.keys()
        new |= {name for name, segment in self._segments.items() if segment.is_damaged and segment.is_replaced()}
        for name in new:
            self._open(name)
        return bool(new)

    def _open(self, name: str) -> None:
        """Open a segment, also one that was damaged and has just been written anew."""
        segment = open_segment(os.path.join(self.segment_directory, name))
        old = self._segments.pop(name, None)
        if old is not None:
            old.close()
        if segment is not None:
            self._segments[name] = segment


def _digest(sha256: str) -> bytes:
    digest = bytes.fromhex(sha256)
    if len(digest) != 32:
        raise ValueError(f"'{sha256}' is no SHA-256")
    return digest
