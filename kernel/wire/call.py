"""One request under way on the server, and who is told when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from kernel.wire import frame

if TYPE_CHECKING:
    from kernel.wire.session import Protocol

log = logging.getLogger("espalier.wire")


class Call:
    """One request under way.

    Attributes:
        session: The connection it came from.
        id: The client's number for it.
        is_cancelled: Nobody waits any more: a blocking handler that looks here can stop early.
        timeout_ms: How long the client waits; 0 = for ever.
    """

    __slots__ = ("session", "id", "is_cancelled", "timeout_ms", "task", "timer", "credit", "more", "_on_cancel")

    def __init__(self, session: Protocol, id: int) -> None:
        self.session = session
        self.id = id
        self.is_cancelled = False
        self.timeout_ms = 0
        self.task: asyncio.Task[None] | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.credit = frame.CHUNK_WINDOW
        self.more: asyncio.Future[None] | None = None
        self._on_cancel: list[Callable[[], None]] | None = None

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` when nobody waits any more (to interrupt a query, say): on the loop's thread, or at once.

        From any thread; ``callback`` must be quick, and may be called twice.
        """
        self._on_cancel = [*(self._on_cancel or ()), callback]
        if self.is_cancelled:
            callback()

    def cancel(self) -> None:
        """Nobody waits any more. From the loop's thread."""
        if self.is_cancelled:
            return
        self.is_cancelled = True
        for callback in self._on_cancel or ():
            try:
                callback()
            except Exception:
                log.exception("a cancel callback failed")
        if self.task is not None:
            self.task.cancel()
