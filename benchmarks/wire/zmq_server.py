"""pyzmq's echo server: an asyncio ROUTER under uvloop; prints its port. Runs in the peers' environment."""

from __future__ import annotations

import uvloop
import zmq
import zmq.asyncio


async def main() -> None:
    """Serve until killed."""
    socket = zmq.asyncio.Context().socket(zmq.ROUTER)
    print(socket.bind_to_random_port("tcp://127.0.0.1"), flush=True)
    while True:
        await socket.send_multipart(await socket.recv_multipart())


if __name__ == "__main__":
    uvloop.run(main())
