"""pyzmq's client: an asyncio DEALER under uvloop with 50 requests in flight; prints answers per second."""

from __future__ import annotations

import asyncio
import sys
import time

import uvloop
import zmq
import zmq.asyncio

PAYLOAD = b"x" * 200
IN_FLIGHT = 50


async def run(port: int, count: int) -> float:
    """Answers per second over ``count`` requests."""
    socket = zmq.asyncio.Context().socket(zmq.DEALER)
    socket.connect(f"tcp://127.0.0.1:{port}")
    await socket.send(PAYLOAD)
    await socket.recv()
    started = time.perf_counter()
    for _ in range(IN_FLIGHT):
        await socket.send(PAYLOAD)
    for number in range(count):
        if await socket.recv() != PAYLOAD:
            raise ValueError("a wrong answer")
        if number + IN_FLIGHT < count:
            await socket.send(PAYLOAD)
    took = time.perf_counter() - started
    socket.close(0)
    await asyncio.sleep(0)
    return count / took


if __name__ == "__main__":
    print(uvloop.run(run(int(sys.argv[1]), int(sys.argv[2]))))
