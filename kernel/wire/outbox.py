"""The sending side of a client's connection: events wait, and long answers pause, while the client does not read."""

from __future__ import annotations

import asyncio

from kernel.wire.frame import Limits
from kernel.wire.protocol import FrameProtocol
from kernel.wire.topic import Backlog


class Outbox(FrameProtocol):
    """A connection that events are sent over.

    Args:
        limits: What this end accepts, and how much it writes ahead.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self._backlog = Backlog()
        self._writable: asyncio.Future[None] | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.Protocol`; whoever waits to write goes on, and finds the connection closed."""
        super().connection_lost(exc)
        self._wake_writers()

    def resume_writing(self) -> None:
        """See :class:`asyncio.Protocol`; the client reads again, so events that waited go first."""
        self.can_write = True
        for data in self._backlog.take():
            self.transport.write(data)
        self._wake_writers()
        self.release_hold()

    def send_event(self, topic: str, data: bytes) -> None:
        """Send one packed event, or keep it while the client does not read."""
        if self.is_closed:
            return
        if self.can_write:
            self._flush()
            self.transport.write(data)
        else:
            self._backlog.add(topic, data)

    async def writable(self) -> None:
        """Wait until the client reads again."""
        while not self.can_write and not self.is_closed:
            if self._writable is None:
                self._writable = self.loop.create_future()
            await asyncio.shield(self._writable)

    def _wake_writers(self) -> None:
        if self._writable is not None:
            self._writable.set_result(None)
            self._writable = None
