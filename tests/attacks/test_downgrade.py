"""Somebody on the line who wants an older, weaker or no protection: nothing is said to them."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kernel.error import EspalierError
from kernel.trust.person import PersonKey
from kernel.wire import frame
from kernel.wire.error import UnavailableError
from kernel.wire.frame import Limits
from kernel.wire.link import Link
from kernel.wire.server import Commands, Server, ServerThread
from kernel.wire.tls import Introduction, server_context
from server.certificate import certificate_file
from tests.waiting import PATIENCE_S

QUICK = Limits(retry_first_s=60.0, retry_longest_s=60.0)
#: Gets a connection, does with it what it likes, answers what it was told.
Behaviour = Callable[[socket.socket], bytes]


class Anybody:
    """Implements :class:`kernel.wire.tls.Security`: takes every key, so that the protection alone is looked at."""

    def __init__(self, folder: Path) -> None:
        self._key = PersonKey(folder, has_keyring=False)
        self.seen: list[str] = []

    def check_server(self, key: str) -> None:
        self.seen.append(key)

    def introduce(self, connection: bytes) -> Introduction:
        return self._key.introduce(connection)


class Impostor:
    """Listens, and treats each connection in its way.

    Attributes:
        heard: What was said to it.
    """

    def __init__(self, behave: Behaviour) -> None:
        self._behave = behave
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.heard: list[bytes] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            one, _ = self._listener.accept()
            with one:
                one.settimeout(PATIENCE_S)
                self.heard.append(self._behave(one))

    def close(self) -> None:
        self._thread.join(PATIENCE_S)
        self._listener.close()


@pytest.fixture
def impostor() -> Iterator[Callable[[Behaviour], Impostor]]:
    made: list[Impostor] = []

    def make(behave: Behaviour) -> Impostor:
        made.append(Impostor(behave))
        return made[-1]

    yield make
    for one in made:
        one.close()


def call(address: str, folder: Path) -> Anybody:
    """Ask over TLS, which must fail."""
    anybody = Anybody(folder)
    with Link(f"tls:{address}", security=anybody, limits=QUICK) as link, pytest.raises(UnavailableError):
        link.call("hello", {})
    return anybody


def everything(one: socket.socket) -> bytes:
    found = b""
    with contextlib.suppress(OSError):
        while piece := one.recv(65536):
            found += piece
    return found


def test_a_server_that_speaks_no_newer_tls_than_1_2(tmp_path: Path, impostor: Callable[[Behaviour], Impostor]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate_file(tmp_path))

    def behave(one: socket.socket) -> bytes:
        with pytest.raises(OSError), context.wrap_socket(one, server_side=True) as secured:
            return everything(secured)
        return b""

    evil = impostor(behave)
    assert call(evil.address, tmp_path / "me").seen == []
    evil.close()
    assert evil.heard == [b""]


def test_a_line_that_answers_without_tls(tmp_path: Path, impostor: Callable[[Behaviour], Impostor]) -> None:
    def behave(one: socket.socket) -> bytes:
        first = one.recv(65536)
        one.sendall(frame.pack(frame.REPLY, [1, 0, "", {"server": "espalier", "version": "0.1"}]))
        return first + everything(one)

    evil = impostor(behave)
    assert call(evil.address, tmp_path / "me").seen == []
    evil.close()
    assert evil.heard[0][:2] == b"\x16\x03" and bytes([frame.MAGIC, frame.VERSION]) not in evil.heard[0][:2]
    assert b"hello" not in evil.heard[0] and b"ed25519" not in evil.heard[0], "neither a question nor the own key"


@pytest.mark.parametrize("version", [0, 2, 255])
def test_frames_of_another_version_are_not_talked_down_to(version: int) -> None:
    """The server says which version it speaks, ends the connection and answers nothing of the older one."""
    with ServerThread(Server(Commands(())), "127.0.0.1:0") as server, socket.create_connection(
        server.address[:2], PATIENCE_S
    ) as one:  # fmt: skip
        asked = bytearray(frame.pack(frame.REQUEST, [1, "hello", {}, 0]))
        asked[1] = version
        one.sendall(asked)
        told = everything(one)
    assert told[:2] == bytes([frame.MAGIC, frame.VERSION])
    assert f"protocol version {version} is not spoken here".encode() in told


def test_an_older_frame_in_the_middle_of_an_answer(tmp_path: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        one, _ = listener.accept()
        with one:
            one.recv(65536)
            reply = bytearray(frame.pack(frame.REPLY, [1, 0, "", "old"]))
            reply[1] = 0
            with contextlib.suppress(OSError):
                one.sendall(reply)
                everything(one)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with Link(f"127.0.0.1:{listener.getsockname()[1]}", limits=QUICK) as link, pytest.raises(
        EspalierError, match="protocol version 0 is not spoken here"
    ):  # fmt: skip
        link.call("anything", {})
    thread.join(PATIENCE_S)
    listener.close()


def test_a_client_of_an_older_tls_gets_no_connection(tmp_path: Path) -> None:
    context = server_context(certificate_file(tmp_path))
    with ServerThread(Server(Commands(())), "127.0.0.1:0", tls=context) as server:
        for newest in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.MINIMUM_SUPPORTED):
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
            old.maximum_version = newest
            with socket.create_connection(server.address[:2], PATIENCE_S) as raw, pytest.raises(ssl.SSLError):
                old.wrap_socket(raw)
