"""A stand-in for the network between a client and a PostgreSQL server, which breaks at a commit when it is told to."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from tests.waiting import PATIENCE_S

#: How the message begins that tells a client the number of its process.
_KEY_DATA = b"K\0\0\0\x0c"


class Proxy:
    """Listens on a port of loopback and passes everything on to the server's socket.

    Args:
        folder: Of the server's socket.

    Attributes:
        is_pooler: Whether clients are told another process's number than the one that serves them, as poolers do.
        at_commit: Called once with what a client sends to commit and how to pass it on; the client's connection breaks
            afterwards. None: commits go through.
    """

    def __init__(self, folder: Path) -> None:
        self.is_pooler = False
        self.at_commit: Callable[[Callable[[], None]], None] | None = None
        self._path = str(folder / ".s.PGSQL.5432")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(self._path)
                except OSError:
                    client.close()
                    continue
                link = _Link(self, client, server)
                for run in (link.to_server, link.to_client):
                    threading.Thread(target=run, daemon=True).start()


class _Link:
    """One connection through the proxy."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._is_cut = False
        self._answered = threading.Event()

    def to_server(self) -> None:
        """Pass on what the client sends, until a commit that is to break."""
        with contextlib.suppress(OSError):
            while data := self._client.recv(65536):
                if self._proxy.at_commit is not None and b"COMMIT\0" in data:
                    self._is_cut = True
                    action, self._proxy.at_commit = self._proxy.at_commit, None
                    action(lambda data=data: self._commit(data))
                    break
                self._server.sendall(data)
        self._close()

    def to_client(self) -> None:
        """Pass on what the server sends; nothing after the commit."""
        with contextlib.suppress(OSError):
            while data := self._server.recv(65536):
                if self._is_cut:
                    self._answered.set()
                else:
                    place = data.find(_KEY_DATA) if self._proxy.is_pooler else -1
                    if place >= 0:
                        place += len(_KEY_DATA)
                        data = data[:place] + bytes(4) + data[place + 4 :]
                    self._client.sendall(data)
        if not self._is_cut:
            self._close()

    def _commit(self, data: bytes) -> None:
        """Have the server commit; comes back when it has."""
        self._server.sendall(data)
        assert self._answered.wait(PATIENCE_S)

    def _close(self) -> None:
        for one in (self._client, self._server):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
