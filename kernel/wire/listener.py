"""A server: listening sockets, the connections behind them, the threads and topics that they share."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import stat
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from kernel.wire.address import Address, parse_address
from kernel.wire.command import Commands
from kernel.wire.error import WireError
from kernel.wire.frame import Limits
from kernel.wire.session import Protocol
from kernel.wire.topic import Topics

if TYPE_CHECKING:
    import ssl

    from kernel.wire.behind import Behind

#: Gets a transport and the first bytes of a connection that speaks something else (HTTP, say); answers the
#: protocol to hand it to, or None to refuse it.
Foreign = Callable[[asyncio.Transport, bytes], "asyncio.Protocol | None"]


class Server:
    """Connections, threads and topics behind one or more addresses.

    Args:
        commands: What may be called.
        limits: What is accepted from clients.
        foreign: Takes connections whose first byte is no frame's.
        thread_count: Threads for blocking handlers.
    """

    def __init__(
        self,
        commands: Commands,
        *,
        limits: Limits | None = None,
        foreign: Foreign | None = None,
        thread_count: int = 16,
    ) -> None:
        self.commands = commands
        self.limits = limits or Limits()
        self.foreign = foreign
        self.topics = Topics()
        self.sessions: set[Protocol] = set()
        self.is_stopping = False
        self.threads = ThreadPoolExecutor(thread_count, thread_name_prefix="espalier-command")
        self._listeners: list[asyncio.AbstractServer | Behind] = []
        self._socket_paths: list[str] = []

    async def start(self, address: str | Address, tls: ssl.SSLContext | None = None) -> Address:
        """Listen; answers the address with the real port.

        Args:
            address: Where.
            tls: With which certificate; None for addresses of this machine alone.

        Raises:
            WireError: the address is taken or may not be used.
        """
        loop = asyncio.get_running_loop()
        self.topics.loop = loop
        address = parse_address(address) if isinstance(address, str) else address
        try:
            if address.path:
                await asyncio.to_thread(_remove_dead_socket, address.path)
                listener = await loop.create_unix_server(lambda: Protocol(self), address.path, backlog=1024)
                self._socket_paths.append(address.path)
            else:
                listener = await loop.create_server(
                    lambda: Protocol(self), address.host, address.port, backlog=1024, ssl=tls,
                    **({"ssl_handshake_timeout": self.limits.first_s / 3} if tls else {}),
                )  # fmt: skip
                address = address._replace(port=listener.sockets[0].getsockname()[1])
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or error
            raise WireError(f"cannot listen on {address}: {reason}") from error
        self._listeners.append(listener)
        return address

    def listen_behind(self, path: str, tls: ssl.SSLContext | None = None) -> None:
        """Listen for a proxy of our own at a unix socket; see :mod:`kernel.wire.behind`. On the loop's thread.

        Raises:
            OSError: the socket cannot be made.
        """
        from kernel.wire.behind import Behind

        self.topics.loop = asyncio.get_running_loop()
        make = partial(Protocol, self)
        self._listeners.append(Behind(path, make, tls, self.limits.first_s / 3))

    async def stop(self, grace_s: float = 3.0) -> None:
        """Listen no more, give calls under way ``grace_s`` seconds, then cancel them and close."""
        self.is_stopping = True
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()
        for path in self._socket_paths:  # now: at the end it may be the next server's
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
        self._socket_paths.clear()
        tasks = [task for session in self.sessions for task in session.tasks()]
        if tasks and grace_s:
            await asyncio.wait(tasks, timeout=grace_s)
        for session in list(self.sessions):
            session.end()
        self.threads.shutdown(wait=False, cancel_futures=True)

    def make_room(self, machine: str) -> bool:
        """Whether a connection of ``machine`` may come though there are as many as are taken: another one ends for it.

        So a machine that opens connections without end shuts nobody else out.
        """
        counts = Counter(session.machine for session in self.sessions)
        (most, count), *_ = counts.most_common(1)
        if (counts[machine] + 1) * 2 > count:
            return False
        min((one for one in self.sessions if one.machine == most), key=lambda session: session.weight).make_way()
        return True

    def publish(self, topic: str, body: Any, called: str = "") -> None:
        """Tell every subscriber of ``topic``; from any thread. See :meth:`kernel.wire.topic.Topics.publish`."""
        self.topics.publish(topic, body, called)


def _remove_dead_socket(path: str) -> None:
    """Remove a socket file that nobody listens on any more; a living one is an OSError."""
    try:
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            return
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
        else:  # the loop's own bind would take the name away from the living server
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
