"""Listening behind a proxy of our own: a unix socket on which each connection begins with a line about its client.

The line is HAProxy's PROXY protocol, version 1 (``PROXY TCP4 192.0.2.7 192.0.2.1 40000 5060``). It is believed, so the
socket must be for the proxy alone; the system's word about the other end would be about the proxy, and counts nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

#: Longest line, by the protocol's specification, section 2.1; seconds until it must have come.
MAX_LINE, LINE_S = 107, 10.0


class Behind:
    """One such socket.

    Args:
        path: Where it is.
        make: Makes the protocol of a connection, given its client's address as text.
        tls: With which certificate, if clients speak TLS behind the line.
        handshake_s: Seconds that TLS's beginning may take.
    """

    def __init__(
        self, path: str, make: Callable[[str], asyncio.Protocol], tls: ssl.SSLContext | None, handshake_s: float
    ) -> None:
        self.path = path
        self._make, self._tls, self._handshake_s = make, tls, handshake_s
        self._tasks: set[asyncio.Task[None]] = set()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.setblocking(False)
        self._socket.bind(path)
        os.chmod(path, 0o600)
        self._socket.listen(1024)
        self._accepting = asyncio.get_running_loop().create_task(self._accept())

    def close(self) -> None:
        """Listen no more; connections go on."""
        self._accepting.cancel()
        for task in list(self._tasks):
            task.cancel()
        self._socket.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                found, _ = await loop.sock_accept(self._socket)
            except OSError:  # no handles left, say: those that end give some back
                await asyncio.sleep(0.1)
                continue
            task = loop.create_task(self._begin(found))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _begin(self, found: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(LINE_S):
                client = await _client_of(found)
            more = {"ssl": self._tls, "ssl_handshake_timeout": self._handshake_s} if self._tls is not None else {}
            await loop.connect_accepted_socket(lambda: self._make(client), found, **more)  # type: ignore[arg-type]
        except (OSError, TimeoutError, ValueError):  # the handshake's failures too: who comes so is nobody's loss
            found.close()


async def _client_of(found: socket.socket) -> str:
    """The client that the first line names; what comes behind it stays in the socket. Raises ValueError."""
    loop = asyncio.get_running_loop()
    while True:
        await _readable(loop, found)
        seen = found.recv(MAX_LINE, socket.MSG_PEEK)
        length = seen.find(b"\r\n") + 2
        if length >= 2:
            return parse_line(found.recv(length))
        if not seen or len(seen) >= MAX_LINE or not seen.startswith(b"PROXY"[: len(seen)]):
            raise ValueError("no line of a proxy")
        await asyncio.sleep(0.01)  # its rest is on the way


async def _readable(loop: asyncio.AbstractEventLoop, found: socket.socket) -> None:
    ready = loop.create_future()
    loop.add_reader(found.fileno(), lambda: ready.done() or ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(found.fileno())


def parse_line(line: bytes) -> str:
    """``host:port`` of a client by the proxy's line; ``unknown`` where the proxy does not know it.

    Raises:
        ValueError: it is none.
    """
    words = line.decode("ascii").rstrip("\r\n").split(" ")
    if words[:2] == ["PROXY", "UNKNOWN"]:
        return "unknown"
    if len(words) != 6 or words[0] != "PROXY" or words[1] not in ("TCP4", "TCP6"):
        raise ValueError("no line of a proxy")
    family = socket.AF_INET if words[1] == "TCP4" else socket.AF_INET6
    try:
        socket.inet_pton(family, words[2])
    except OSError as error:
        raise ValueError("a proxy's line with a wrong address") from error
    if not (words[4].isdigit() and int(words[4]) < 65_536):
        raise ValueError("a proxy's line with a wrong port")
    return f"{words[2]}:{int(words[4])}"
