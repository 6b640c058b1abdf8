"""Mirrors: folders, or web servers over such folders, that have files of releases by hash.

A mirror is believed nothing: what it gives is held against the manifest like everything else, and whoever gives
something else is left out of the rest of the fetch. ``releases/ID.pack`` has all files of a release in one stream,
``files/AB/SHA256.zst`` each file as one frame.
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kernel.delivery.error import DeliveryError
from kernel.delivery.pack import HEAD, ZSTD, Wanted
from kernel.delivery.transfer import not_too_slow

if TYPE_CHECKING:
    from http.client import HTTPConnection

#: Seconds that a mirror may be silent, that the head of its answer may take, and bytes of a piece.
SILENCE_S, HEAD_S, PIECE = 10.0, 20.0, 256 << 10


class MirrorError(DeliveryError):
    """A mirror does not have a file, or cannot be asked."""


def pack_path(id: str) -> str:
    """Where all files of a release are."""
    return f"releases/{id}.pack"


def file_path(sha256: str) -> str:
    """Where one file is."""
    return f"files/{sha256[:2]}/{sha256}.zst"


class Mirror:
    """One mirror.

    Args:
        place: ``http://…``, ``https://…``, or a folder's path; ``https://…#KEY`` of a server whose key is pinned
            (SHA-256 of its public key, in hex), as ``espalier serve --nginx`` prints it.

    Raises:
        MirrorError: the place is neither.
    """

    def __init__(self, place: str) -> None:
        place, _, self._key = place.partition("#") if "://" in place else (place, "", "")
        self.place = place.rstrip("/")
        self._parts = urlsplit(self.place)
        self._connection: HTTPConnection | None = None
        if "://" in place and (self._parts.scheme not in ("http", "https") or not self._parts.hostname):
            raise MirrorError(f"{place} is no mirror", hint="http://…, https://… or the path of a folder")

    def pack(self, id: str) -> Iterator[bytes]:
        """The pieces of a release's pack. Raises MirrorError."""
        return self._pieces(pack_path(id))

    def files(self, wanted: list[Wanted]) -> Iterator[bytes]:
        """The files one by one, as the stream that :mod:`kernel.delivery.pack` reads. Raises MirrorError."""
        for file in wanted:
            most = file.size + file.size // 128 + 512
            data = bytearray()
            for piece in not_too_slow(self._pieces(file_path(file.sha256)), self.place):
                data += piece
                if len(data) > most:
                    raise MirrorError(f"{self.place} has more than the file {file.sha256[:12]}… can have")
            yield HEAD.pack(ZSTD, 1, len(data)) + data

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _pieces(self, path: str) -> Iterator[bytes]:
        try:
            source = self._opened(path)
            with source:
                while piece := source.read1(PIECE):
                    yield piece
        except FileNotFoundError as error:
            raise MirrorError(f"{self.place} does not have {path}") from error
        except (OSError, *_http_errors()) as error:
            self.close()
            raise MirrorError(f"{self.place} cannot be read: {error or type(error).__name__}") from error

    def _opened(self, path: str) -> Any:
        if not self._parts.scheme:
            return self._file(path)
        connection = self._connected()
        connection.request("GET", f"{self._parts.path}/{path}", headers={"Accept-Encoding": "identity"})
        answer = _begun(connection)
        if answer.status != 200:
            self.close()
            raise MirrorError(f"{self.place} answered {answer.status} for {path}")
        return answer

    def _file(self, path: str) -> Any:
        place = os.path.join(self.place, *path.split("/"))
        handle = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        if not stat.S_ISREG(os.fstat(handle).st_mode):  # a pipe may have nothing to read, for ever
            os.close(handle)
            raise MirrorError(f"{place} is no file")
        return os.fdopen(handle, "rb")

    def _connected(self) -> HTTPConnection:
        if self._connection is None:
            from http.client import HTTPConnection, HTTPSConnection

            host, port = str(self._parts.hostname), self._parts.port
            if self._parts.scheme == "http":
                self._connection = HTTPConnection(host, port, timeout=SILENCE_S)
            elif not self._key:
                self._connection = HTTPSConnection(host, port, timeout=SILENCE_S)
            else:
                connection = HTTPSConnection(host, port, timeout=SILENCE_S, context=_pinning())
                connection.connect()
                self._connection = connection
                self._check_key(connection)
        return self._connection

    def _check_key(self, connection: HTTPConnection) -> None:
        """Refuse a server with another key than the pinned one, before anything is asked."""
        from kernel.wire.tls import key_of

        if key_of(connection.sock.getpeercert(binary_form=True)) != self._key.lower():
            self.close()
            raise MirrorError(f"{self.place} shows another key than the one that is given for it")


def _pinning() -> Any:
    """TLS with a server whose key is checked by us; it is told that HTTP is spoken, as its port may serve both."""
    from kernel.wire.tls import client_context

    context = client_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _begun(connection: HTTPConnection) -> Any:
    """The answer, once its head is here; a head that comes by drips is cut."""
    sock = connection.sock

    def hang_up() -> None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(HEAD_S, hang_up)
    timer.daemon = True
    timer.start()
    try:
        return connection.getresponse()
    finally:
        timer.cancel()


def _http_errors() -> tuple[type[Exception], ...]:
    from http.client import HTTPException

    return (HTTPException,)
