"""Somebody on the line: a relay between a client and a server that sees every frame and may change the server's."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable

from kernel.wire.frame import HEADER, HEADER_SIZE

#: Gets the number of a frame of the server, from 0, and its bytes; answers what is sent instead.
Tamper = Callable[[int, bytes], bytes]


class Relay:
    """Listens on this machine and passes everything on, the server's frames through ``tamper``.

    Args:
        server: Where the server is.
        tamper: What becomes of the server's frames.
        user: The number of the system's user whose relay it is; this one's when None. Takes the administrator.

    Attributes:
        address: Where clients connect to.
        frames: How many frames of the server passed.
    """

    def __init__(
        self, server: str, tamper: Tamper = lambda number, frame: frame, *, user: int | None = None
    ) -> None:
        self._user = user
        host, _, port = server.rpartition(":")
        self._server = host, int(port)
        self.tamper = tamper
        self.frames = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Listen no more; connections end with their clients."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                if self._user is not None:
                    os.fchown(server.fileno(), self._user, -1)
                threading.Thread(target=self._up, args=(client, server), daemon=True).start()
                threading.Thread(target=self._down, args=(server, client), daemon=True).start()

    def _up(self, source: socket.socket, target: socket.socket) -> None:
        with source, target, contextlib.suppress(OSError):  # whoever ends first ends both
            while data := source.recv(65536):
                target.sendall(data)

    def _down(self, source: socket.socket, target: socket.socket) -> None:
        rest = b""
        with source, target, contextlib.suppress(OSError):
            while data := source.recv(65536):
                rest += data
                while len(rest) >= HEADER_SIZE:
                    stop = HEADER_SIZE + HEADER.unpack_from(rest)[3]
                    if len(rest) < stop:
                        break
                    target.sendall(self.tamper(self.frames, rest[:stop]))
                    self.frames += 1
                    rest = rest[stop:]
