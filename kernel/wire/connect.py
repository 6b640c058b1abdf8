"""Opening a client's connection, with plain words for why it cannot be."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import Callable
from typing import Any

from kernel.wire.address import Address
from kernel.wire.client import Client
from kernel.wire.error import UnavailableError, UntrustedServerError
from kernel.wire.tls import Security, client_context, needs_tls, server_key
from kernel.words import mark

#: What to do about a server whose key is not known.
ADD = "espalier server add NAME=HOST:PORT shows its key, to be compared with what its administrator says"


async def connect(
    address: Address, make: Callable[[], Client], timeout_s: float, security: Security | None = None
) -> Client:
    """A connected client; to another machine over TLS, with the server's key checked before anything is sent.

    Raises:
        UnavailableError: nobody answers there.
        UntrustedServerError: somebody else does.
    """
    tls: dict[str, Any] = {}
    if needs_tls(address):
        if security is None:
            raise UntrustedServerError(mark(f"nothing is known of the server at {address}"), hint=ADD)
        tls = {"ssl": client_context(), "server_hostname": address.host}
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            if address.path:
                _, client = await loop.create_unix_connection(make, address.path)
            else:
                transport, client = await loop.create_connection(make, address.host, address.port, **tls)
                _watch_for_silence(transport.get_extra_info("socket"))
                if tls:
                    _check_server(transport, security)
    except TimeoutError as error:
        raise UnavailableError(mark("{address} does not answer").format(address=address)) from error
    except ssl.SSLError as error:
        raise UntrustedServerError(mark(f"{address} cannot be trusted: no TLS with it ({error.reason})"),
                                   hint=mark("is it an Espalier server?")) from error
    except OSError as error:
        hint = mark("does the server run there, and is that its address?")
        said = mark("{address} cannot be reached: {reason}").format(address=address, reason=_reason(error))
        raise UnavailableError(said, hint=hint) from error
    return client


def _check_server(transport: Any, security: Security | None) -> None:
    try:
        if security is not None:
            security.check_server(server_key(transport))
    except UntrustedServerError:
        transport.abort()
        raise


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
