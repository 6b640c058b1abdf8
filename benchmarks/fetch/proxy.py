"""``python -m benchmarks.fetch.proxy HOST:PORT MS``: a way to a server that takes its time and counts what passes.

Prints the port that it listens on. Every byte is held for half of MS in either direction, the first ones of a
connection for MS more, as the connection itself takes a round trip. Each connection that ends prints its bytes.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Callable


class Way(asyncio.Protocol):
    """One direction of a connection: what comes in goes out of the other end later, in its order.

    Args:
        delay_s: Seconds that every byte takes.
        opens_at: The loop's time before which nothing sets out.
        on_end: Called once when this end is lost.
    """

    def __init__(self, delay_s: float, opens_at: float, on_end: Callable[[], None]) -> None:
        self.loop = asyncio.get_running_loop()
        self.passed = 0
        self._delay_s = delay_s
        self._opens_at = opens_at
        self._on_end = on_end
        self._transport: asyncio.Transport | None = None
        self._other: Way | None = None
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._is_timed = False

    def join(self, other: Way) -> None:
        """What comes in here goes out there."""
        self._other = other
        self._send_due()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See :class:`asyncio.Protocol`."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """See :class:`asyncio.Protocol`."""
        self.passed += len(data)
        self._add(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.Protocol`; the end travels behind what came before it."""
        self._add(b"")
        self._on_end()

    def _add(self, data: bytes) -> None:
        self._waiting.append((max(self.loop.time(), self._opens_at) + self._delay_s, data))
        if not self._is_timed:
            self._send_due()

    def _send_due(self) -> None:
        self._is_timed = False
        now = self.loop.time()
        while self._other is not None and self._waiting:
            due, data = self._waiting[0]
            if due > now and self._delay_s:
                self._is_timed = True
                self.loop.call_at(due, self._send_due)
                return
            self._waiting.popleft()
            self._other.leave(data)

    def leave(self, data: bytes) -> None:
        """Data leave at this end; none are the end."""
        if self._transport is None or self._transport.is_closing():
            return
        if data:
            self._transport.write(data)
        else:
            self._transport.close()


class Front(Way):
    """The client's side: connects onwards."""

    def __init__(self, host: str, port: int, round_trip_s: float) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(round_trip_s / 2, loop.time() + round_trip_s if round_trip_s else 0.0, self._tell)
        self._place = host, port
        self._back = Way(round_trip_s / 2, 0.0, lambda: None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See :class:`asyncio.Protocol`."""
        super().connection_made(transport)
        self.loop.create_task(self._connect())

    async def _connect(self) -> None:
        await self.loop.create_connection(lambda: self._back, *self._place)
        self._back.join(self)
        self.join(self._back)

    def _tell(self) -> None:
        print(self.passed + self._back.passed, flush=True)


async def main(place: str, milliseconds: float) -> None:
    """Listen until killed."""
    host, _, port = place.rpartition(":")
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Front(host, int(port), milliseconds / 1000), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(sys.argv[1], float(sys.argv[2])))
