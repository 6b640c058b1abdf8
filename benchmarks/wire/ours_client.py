"""Our client: keeps 50 requests in flight on one connection; prints answers per second."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

from kernel.wire.address import Address
from kernel.wire.client import Client
from kernel.wire.connect import connect
from kernel.wire.server import new_event_loop

PAYLOAD = b"x" * 200
IN_FLIGHT = 50


async def run(port: int, count: int) -> float:
    """Answers per second over ``count`` requests, each with a deadline."""
    client = await connect(Address("127.0.0.1", port), Client, 5)
    finished = asyncio.get_running_loop().create_future()
    sent = answered = 0

    def ask() -> None:
        nonlocal sent
        sent += 1
        client.request("echo", {"payload": PAYLOAD}, done, timeout_s=10.0, type=bytes)

    def done(answer: Any) -> None:
        nonlocal answered
        if answer != PAYLOAD:
            finished.set_exception(answer if isinstance(answer, Exception) else ValueError("a wrong answer"))
            return
        answered += 1
        if sent < count:
            ask()
        elif answered == count:
            finished.set_result(None)

    started = time.perf_counter()
    for _ in range(IN_FLIGHT):
        ask()
    await finished
    took = time.perf_counter() - started
    client.close()
    return count / took


if __name__ == "__main__":
    loop = new_event_loop()
    print(loop.run_until_complete(run(int(sys.argv[1]), int(sys.argv[2]))))
