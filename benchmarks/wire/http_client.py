"""A raw HTTP/1.1 client that costs next to nothing: 50 requests in flight, pipelined on few or spread over many
connections; counts answers by their equal lengths. Prints answers per second. Runs in the peers' environment.
"""

from __future__ import annotations

import asyncio
import sys
import time

import uvloop

PAYLOAD = b"x" * 200
IN_FLIGHT = 50
REQUEST = b"POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 200\r\n\r\n" + PAYLOAD


class Client(asyncio.Protocol):
    """One connection that keeps ``depth`` requests in flight."""

    def __init__(self, shared: Run, depth: int) -> None:
        self.shared = shared
        self.depth = depth
        self.length = 0
        self.seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def start(self) -> None:
        """Send the first requests."""
        self.transport.write(REQUEST * self.depth)

    def data_received(self, data: bytes) -> None:
        self.seen += data
        if not self.length:
            head, end, _ = self.seen.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 200"):
                self.shared.finished.set_exception(ValueError(head.decode()))
            self.length = len(head) + 4 + len(PAYLOAD)
        answers, rest = divmod(len(self.seen), self.length)
        self.seen = self.seen[len(self.seen) - rest :]
        more = self.shared.count_answers(answers)
        if more:
            self.transport.write(REQUEST * more)


class Run:
    """The count over all connections."""

    def __init__(self, count: int) -> None:
        self.left_to_send = count - IN_FLIGHT
        self.left = count
        self.finished = asyncio.get_running_loop().create_future()

    def count_answers(self, answers: int) -> int:
        """Note answers; how many requests to send next."""
        self.left -= answers
        more = min(answers, self.left_to_send)
        self.left_to_send -= more
        if self.left == 0 and not self.finished.done():
            self.finished.set_result(None)
        return more


async def run(port: int, count: int, connections: int) -> float:
    """Answers per second over ``count`` requests."""
    loop = asyncio.get_running_loop()
    shared = Run(count)
    clients = []
    for _ in range(connections):
        _, client = await loop.create_connection(lambda: Client(shared, IN_FLIGHT // connections), "127.0.0.1", port)
        clients.append(client)
    started = time.perf_counter()
    for client in clients:
        client.start()
    await shared.finished
    return count / (time.perf_counter() - started)


if __name__ == "__main__":
    print(uvloop.run(run(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
