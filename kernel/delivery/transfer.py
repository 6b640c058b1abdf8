"""Fetching files of a release in one stream: each is held against its hash, and what came whole is kept.

Memory is bounded by a batch and a group. A stream that is cut leaves what it brought in the cache, so that the next
try asks for the rest alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator

from kernel.cache import Cache
from kernel.delivery.behind import Behind, Files
from kernel.delivery.error import DeliveryError
from kernel.delivery.pack import Unpacker, Wanted
from kernel.delivery.progress import Progress, Report
from kernel.digest import sha256_of
from kernel.tables.interrupt import current
from kernel.wire.error import FrameError
from kernel.words import mark

#: Bytes of files up to which they are written when all are here, and bytes that are handed to the thread at once.
BATCH, PIECE = 1 << 20, 256 << 10
#: A stream may be as slow as this, bytes a second, once it has had :data:`GRACE_S` seconds.
SLOWEST = 1024
GRACE_S = 20.0


class Keeping:
    """Takes the files of streams into the cache: few when all are here, many as they come.

    Args:
        cache: Where they go.
        sender: Who sends them, for messages.
        total: Bytes of all files that are wanted.
        report: Told of every file.

    Attributes:
        sender, total: As above; may be changed.
        missing: SHA-256 of the files that are not here.
        done: Bytes of the files that came.
    """

    def __init__(self, cache: Cache, sender: str, total: int, report: Report | None = None) -> None:
        self._cache = cache
        self._report = report
        self._batch: list[tuple[bytes, bytes]] = []
        self._some: Files = []
        self._size = 0
        self._behind: Behind | None = None
        self.sender = sender
        self.total = total
        self.missing: Collection[str] = ()
        self.done = 0

    def keep(self, files: Iterator[tuple[Wanted, bytes | None]], unpacker: Unpacker) -> None:
        """Take all files; what came before an error is kept as well.

        Raises:
            DeliveryError: a file is missing at the other end, or is not what the release says.
            CacheError: it cannot be written.
            FrameError: see :meth:`kernel.delivery.pack.Unpacker.unpack`.
            InterruptedCallError: it was given up.
        """
        sizes = [file.size for file in unpacker.wanted]
        if sum(sizes) > BATCH:
            self.finish()
            self._behind = Behind(self._cache, sizes, self.missing, self.sender)
        try:
            for file, data in files:
                self._add(file, data)
                if self._report is not None:
                    self._report(Progress(self.done, self.total, unpacker.received))
            self._give()
            if self._behind is not None:
                self._behind.settle()
            if unpacker.taken is not None:
                self._batch.append((sha256_of(unpacker.taken), unpacker.taken))
        except BaseException:
            self.finish()
            raise

    def finish(self) -> None:
        """Have everything on the disk that came.

        Raises:
            DeliveryError: a file is not what the release says.
            CacheError: it cannot be written.
        """
        rest = self.rest()
        if rest:
            self._cache.put_checked(rest)

    def rest(self, *others: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        """What is still to be written, with ``others`` (digest and bytes); none when it went with the files before.

        Raises:
            DeliveryError, CacheError: as :meth:`finish`.
        """
        batch, self._batch = [*self._batch, *others], []
        behind, self._behind = self._behind, None
        if behind is None:
            return batch
        some, self._some, self._size = self._some, [], 0
        behind.finish(some, batch)
        return []

    def _add(self, file: Wanted, data: bytes | None) -> None:
        interrupt = current()
        if interrupt is not None:
            interrupt.check()
        if data is None:
            raise DeliveryError(mark(f"{self.sender} does not have the file '{file.path}' of its own release"))
        self.done += len(data)
        if self._behind is not None:
            self._some.append((file, data))
            self._size += len(data)
            if self._size >= PIECE:
                self._give()
            return
        digest = sha256_of(data)
        if digest.hex() != file.sha256:
            raise DeliveryError(mark(f"{self.sender} sent a file '{file.path}' that is not what the release says"))
        self._batch.append((digest, data))

    def _give(self) -> None:
        some, self._some, self._size = self._some, [], 0
        if self._behind is not None and some:
            self._behind.give(some)


def not_too_slow(pieces: Iterable[bytes], sender: str, clock: Callable[[], float] = time.monotonic) -> Iterator[bytes]:
    """The pieces of a stream, as long as they do not come by drips.

    Raises:
        FrameError: fewer than :data:`SLOWEST` bytes a second came.
    """
    began, received = clock(), 0
    for piece in pieces:
        received += len(piece)
        if clock() - began > GRACE_S + received / SLOWEST:
            raise FrameError(mark(f"{sender} sends less than {SLOWEST} bytes a second"))
        yield piece
