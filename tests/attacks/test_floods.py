"""Connections without end, half open, silent, or with frames that ask for nothing: others are served all the same."""

from __future__ import annotations

import contextlib
import resource
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.error import EspalierError
from kernel.wire import frame
from kernel.wire.call import Call
from kernel.wire.frame import Limits
from kernel.wire.link import Link
from kernel.wire.server import Commands, NoArgs, Row, Server, ServerThread
from kernel.wire.tls import server_context
from server.certificate import certificate_file
from tests.waiting import PATIENCE_S, wait_for

MIB = 1 << 20


def hello(call: Call, args: NoArgs) -> str:
    return "here"


def running(limits: Limits, tls: ssl.SSLContext | None = None) -> ServerThread:
    commands = Commands((Row("hello", "Here.", NoArgs, hello),))
    return ServerThread(Server(commands, limits=limits), "0.0.0.0:0", tls=tls)


class Crowd:
    """Plain connections to a server from one machine."""

    def __init__(self, server: ServerThread) -> None:
        self.port = server.address.port
        self.sockets: list[socket.socket] = []

    def connect(self, machine: str = "127.0.0.1") -> socket.socket:
        """One more; other numbers of the loopback are other machines."""
        made = socket.create_connection(("127.0.0.1", self.port), PATIENCE_S, source_address=(machine, 0))
        self.sockets.append(made)
        return made

    def close(self) -> None:
        for one in self.sockets:
            one.close()


@pytest.fixture
def small() -> Iterator[tuple[ServerThread, Crowd]]:
    """A server that takes ten connections."""
    with running(Limits(connections=10)) as server:
        crowd = Crowd(server)
        yield server, crowd
        crowd.close()


def said(one: socket.socket) -> str:
    """What the server says at last."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while piece := one.recv(4096):
            found += piece
    return found.decode(errors="replace")


def answer(one: socket.socket) -> bytes:
    one.sendall(frame.pack(frame.REQUEST, [1, "hello", {}, 0]))
    return one.recv(4096)


def test_one_machine_does_not_shut_the_others_out(small: tuple[ServerThread, Crowd]) -> None:
    server, crowd = small
    hoard = [crowd.connect() for _ in range(10)]
    for one in hoard:
        assert answer(one)
    others = [crowd.connect(f"127.0.0.{number}") for number in (2, 3, 4)]
    assert all(answer(one) for one in others)
    for one in hoard[:3]:
        assert "this machine has more connections than others" in said(one), "the one that was quiet for longest"
    assert answer(hoard[9])
    assert "as many connections as it takes" in said(crowd.connect()), "more of the same machine"
    wait_for(lambda: len(server.server.sessions) == 10)


def test_a_crowd_of_equals_is_told_that_the_server_is_full(small: tuple[ServerThread, Crowd]) -> None:
    _, crowd = small
    crowded = [crowd.connect(f"127.0.0.{number + 2}") for number in range(10)]
    assert all(answer(one) for one in crowded)
    assert "as many connections as it takes" in said(crowd.connect("127.0.0.50"))
    assert all(answer(one) for one in crowded)


def test_a_connection_on_which_nothing_is_said_is_closed() -> None:
    with running(Limits(first_s=0.2)) as server:
        crowd = Crowd(server)
        speaking = crowd.connect()
        assert answer(speaking)
        assert "nothing was said for 0.2 s" in said(crowd.connect())
        assert answer(speaking), "who has spoken may be silent for days"
        wait_for(lambda: len(server.server.sessions) == 1)
        crowd.close()


def test_a_handshake_that_never_ends_is_closed(tmp_path: Path) -> None:
    with running(Limits(first_s=0.6), server_context(certificate_file(tmp_path))) as server:
        crowd = Crowd(server)
        half = crowd.connect()
        half.sendall(b"\x16\x03\x01\x02\x00")  # the beginning of a TLS hello
        assert said(half) == ""
        crowd.close()


def test_frames_that_ask_for_nothing_cost_little_and_hold_nobody_up() -> None:
    """Pings without end from somebody who reads no answer, and cancels and credits for what nobody asked."""
    ping, more = frame.pack(frame.PING, [7]), frame.pack(frame.MORE, [99, 5]) + frame.pack(frame.CANCEL, [98])
    with running(Limits()) as server:
        crowd = Crowd(server)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        deaf = crowd.connect()
        deaf.settimeout(0.5)
        sent = 0
        with contextlib.suppress(TimeoutError):
            while sent < 64 * MIB:
                sent += deaf.send(ping * 4096)
        assert sent < 64 * MIB, "the server reads no further while its answers are not taken"
        busy = crowd.connect()
        for _ in range(16):
            busy.sendall(more * 4096)
        with Link(f"127.0.0.1:{server.address.port}") as link:
            assert link.call("hello", {}) == "here"
        assert answer(busy)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 32 * 1024, f"{grown} kB more"
        crowd.close()


def test_a_request_under_way_twice_and_a_frame_of_a_server_end_the_connection() -> None:
    with running(Limits()) as server:
        crowd = Crowd(server)
        for wrong in (frame.pack(frame.EVENT, ["apps", None]), frame.pack(frame.REPLY, [1, 0, "", None])):
            one = crowd.connect()
            one.sendall(wrong)
            assert "a client sends no frame of kind" in said(one)
        with Link(f"127.0.0.1:{server.address.port}") as link, pytest.raises(EspalierError, match="no command"):
            link.call("nothing", {})
        crowd.close()


@pytest.mark.parametrize("length", [0xFFFFFFFF, 0x80000000, Limits().frame + 1])
def test_a_length_that_no_frame_has_is_refused_before_anything_is_held(length: int) -> None:
    with running(Limits()) as server:
        crowd = Crowd(server)
        one = crowd.connect()
        one.sendall(frame.HEADER.pack(frame.MAGIC, frame.VERSION, frame.REQUEST, length) + b"x" * 100)
        assert f"a frame of {length} bytes is over the limit" in said(one)
        crowd.close()
