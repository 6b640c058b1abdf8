"""A newer release that is fetched while its app is open: how far it is, and giving it up.

Not on the way to the first paint.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from kernel.delivery.progress import Progress, following
from kernel.tables.interrupt import Interrupt, interruptible

#: Bytes below which a fetch is over before anybody could read of it, and seconds between two things that are told.
WORTH_TELLING, TELL_S = 2_000_000, 0.25


class Behind:
    """One app's fetches, one after the other.

    Args:
        tell: Called when there is something else to show, on the thread that fetches.

    Attributes:
        progress: How far the fetch under way is; None when there is none, or a short one.
    """

    def __init__(self, tell: Callable[[], None]) -> None:
        self.progress: Progress | None = None
        self._tell = tell
        self._told_at = float("-inf")
        self._interrupt = Interrupt()

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Within the block what this thread fetches is told, and :meth:`stop` ends it with InterruptedCallError."""
        self._interrupt = Interrupt()
        try:
            with interruptible(self._interrupt), following(self._hear):
                yield
        finally:
            if self.progress is not None:
                self.progress = None
                self._tell()

    def stop(self) -> None:
        """Give the fetch under way up; what has come is kept for the next one."""
        self._interrupt.set()

    def _hear(self, progress: Progress) -> None:
        if progress.total < WORTH_TELLING:
            return
        self.progress = progress
        if time.monotonic() - self._told_at > TELL_S:
            self._told_at = time.monotonic()
            self._tell()
