"""Opening a client's connection, with plain words for why it cannot be."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from typing import Any

from kernel.wire.address import Address
from kernel.wire.client import Client
from kernel.wire.error import UnavailableError


async def connect(address: Address, make: Callable[[], Client], timeout_s: float) -> Client:
    """A connected client.

    Raises:
        UnavailableError: nobody answers there.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            if address.path:
                _, client = await loop.create_unix_connection(make, address.path)
            else:
                transport, client = await loop.create_connection(make, address.host, address.port)
                _watch_for_silence(transport.get_extra_info("socket"))
    except TimeoutError as error:
        raise UnavailableError(f"{address} does not answer") from error
    except OSError as error:
        raise UnavailableError(f"{address} cannot be reached: {_reason(error)}") from error
    return client


def _reason(error: OSError) -> str:
    """Why, in the system's words; asyncio's own name the address again, or several of them."""
    if isinstance(error, ConnectionRefusedError) or "Connect call failed" in str(error):
        return os.strerror(errno.ECONNREFUSED)
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror or error)


def _watch_for_silence(sock: Any) -> None:
    """Have the system notice a peer that vanished without a word within about half a minute."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 15), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
