"""A thread that hashes and writes the files of a stream while the next ones are received and unpacked."""

from __future__ import annotations

import queue
import threading
from collections.abc import Collection, Iterable, Iterator

from kernel.cache import Cache
from kernel.cache.segment_writer import SegmentWriter
from kernel.delivery.error import DeliveryError
from kernel.delivery.pack import Wanted
from kernel.digest import sha256_of
from kernel.words import mark

#: Bytes of files in one segment, about: what came before a power cut is kept in such pieces.
SEGMENT = 8 << 20
#: How many pieces may wait for the thread.
_AHEAD = 8
#: Room for what goes with the files of the last segment.
_OTHERS = 4

Files = list[tuple[Wanted, bytes]]


class Behind:
    """See the module.

    Args:
        cache: Where files go.
        sizes: Those of all files that may come, in bytes, in their order.
        missing: SHA-256 of the files that are not here; others are held against their hashes and not written.
        sender: Who sends them, for messages.
    """

    def __init__(self, cache: Cache, sizes: Iterable[int], missing: Collection[str], sender: str) -> None:
        self._cache, self._missing, self._sender = cache, missing, sender
        self._rooms = _rooms(sizes)
        self._room = next(self._rooms)
        self._count = 0
        self._segment: SegmentWriter | None = None
        self._error: Exception | None = None
        self._files: queue.SimpleQueue[Files | None] = queue.SimpleQueue()
        self._ahead = threading.Semaphore(_AHEAD)
        self._thread = threading.Thread(target=self._run, name="cache writer", daemon=True)
        self._thread.start()

    def give(self, files: Files) -> None:
        """Take files that came whole; raises what was wrong with those before."""
        self._ahead.acquire()
        if self._error is not None:
            raise self._error
        self._files.put(files)

    def settle(self) -> None:
        """Wait until all that was given is held against its hash; raises what was wrong."""
        for _ in range(_AHEAD):
            self._ahead.acquire()
        self._ahead.release(_AHEAD)
        if self._error is not None:
            raise self._error

    def finish(self, files: Files, others: Collection[tuple[bytes, bytes]]) -> None:
        """Have everything on the disk that came and was right.

        Args:
            files: The last ones that came.
            others: Digest and bytes of what goes with them.

        Raises:
            DeliveryError: a file is not what the release says.
            CacheError: it cannot be written.
        """
        self._files.put(files)
        self._files.put(None)
        self._thread.join()
        error, self._error = self._error, None
        if others and error is None:
            self._write(list(others))
        self._end_segment()
        if error is not None:
            raise error

    def _run(self) -> None:
        while (files := self._files.get()) is not None:
            try:
                if self._error is None:
                    self._take(files)
            except Exception as error:  # raised where the files are given
                self._error = error
            self._ahead.release()

    def _take(self, files: Files) -> None:
        right: list[tuple[bytes, bytes]] = []
        for file, data in files:
            digest = sha256_of(data)
            if digest.hex() != file.sha256:
                self._write(right)
                raise DeliveryError(mark(f"{self._sender} sent a file '{file.path}' that is not what the release says"))
            self._count += 1
            if file.sha256 in self._missing:
                right.append((digest, data))
            if self._count == self._room:
                right = self._write(right)
                self._next_segment()
        self._write(right)

    def _write(self, blobs: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Write blobs; answers what is left then: none."""
        if blobs:
            segment, self._segment = self._segment or self._cache.writer(self._room + _OTHERS), None
            segment.add(blobs)
            self._segment = segment  # one that could not be written is gone
        return []

    def _next_segment(self) -> None:
        following = next(self._rooms, 0)
        if following:  # the last one is ended by :meth:`finish`
            self._end_segment()
            self._room, self._count = following, 0

    def _end_segment(self) -> None:
        segment, self._segment = self._segment, None
        if segment is not None:
            segment.close()


def _rooms(sizes: Iterable[int]) -> Iterator[int]:
    """How many files each segment has."""
    count = total = 0
    for size in sizes:
        count, total = count + 1, total + size
        if total >= SEGMENT:
            yield count
            count = total = 0
    if count or not total:
        yield max(1, count)
