"""The server half's door: the table of commands, the server, and running it in this or another thread."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from kernel.wire.address import Address, parse_address
from kernel.wire.call import Call as Call
from kernel.wire.command import Commands as Commands
from kernel.wire.command import NoArgs as NoArgs
from kernel.wire.command import Row as Row
from kernel.wire.frame import Limits
from kernel.wire.listener import Foreign as Foreign
from kernel.wire.listener import Server as Server
from kernel.wire.session import Protocol as Protocol
from kernel.wire.topic import Topics as Topics

if TYPE_CHECKING:
    import ssl

log = logging.getLogger("espalier.wire")


def new_event_loop() -> asyncio.AbstractEventLoop:
    """uvloop's loop when it is installed, else asyncio's."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def serve(
    commands: Commands | Server,
    address: str,
    *,
    stop: threading.Event | None = None,
    on_ready: Callable[[Address], None] | None = None,
    limits: Limits | None = None,
) -> None:
    """Serve until ``stop`` is set, or for ever; in the thread that calls.

    Args:
        commands: The table, or a whole :class:`Server`.
        address: As in :func:`kernel.wire.address.parse_address`; port 0 lets the system choose.
        stop: Set from any thread to end; signals are the caller's business.
        on_ready: Called with the real address once it listens.

    Raises:
        WireError: the address cannot be used.
    """
    running = ServerThread(commands, address, limits=limits, is_thread=False)
    running.stop_event = stop or threading.Event()
    running.run(on_ready)


class ServerThread:
    """A server in a background thread: the embedded one, and the tests'.

    Args:
        commands: The table, or a whole :class:`Server`.
        address: Where to listen.
        tls: With which certificate, if over TLS.

    Raises:
        WireError: the address cannot be used.
    """

    def __init__(
        self,
        commands: Commands | Server,
        address: str,
        *,
        limits: Limits | None = None,
        is_thread: bool = True,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tls = tls
        self.server = commands if isinstance(commands, Server) else Server(commands, limits=limits)
        self.address: Address = parse_address(address)
        self.stop_event = threading.Event()
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None
        if is_thread:
            ready = threading.Event()
            self._thread = threading.Thread(target=self._run_quietly, args=(ready,), name="espalier-server")
            self._thread.start()
            ready.wait()
            if self._error is not None:
                self._thread.join()
                raise self._error

    def _run_quietly(self, ready: threading.Event) -> None:
        """Run; an error of the start is raised by the constructor, a later one is logged."""
        try:
            self.run(lambda _: ready.set())
        except BaseException as error:
            if ready.is_set():
                log.exception("the server ended")
            self._error = error
        finally:
            ready.set()

    def run(self, on_ready: Callable[[Address], None] | None = None) -> None:
        """Serve in this thread until :meth:`close`."""
        loop = new_event_loop()
        try:
            asyncio.set_event_loop(loop)
            loop.run_until_complete(self._main(on_ready))
            loop.run_until_complete(loop.shutdown_asyncgens())
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    async def _main(self, on_ready: Callable[[Address], None] | None) -> None:
        self.address = await self.server.start(self.address, self._tls)
        loop, done = asyncio.get_running_loop(), asyncio.Event()
        ended = threading.Event()

        def watch() -> None:
            self.stop_event.wait()
            if not ended.is_set():
                loop.call_soon_threadsafe(done.set)

        watcher = threading.Thread(target=watch, name="espalier-server-stop", daemon=True)
        watcher.start()
        try:
            if on_ready is not None:
                on_ready(self.address)
            await done.wait()
        finally:
            ended.set()
            await self.server.stop()
            await asyncio.sleep(0)

    def close(self, timeout_s: float = 10.0) -> None:
        """Stop and wait for the thread."""
        self.stop_event.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)

    def __enter__(self) -> ServerThread:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
