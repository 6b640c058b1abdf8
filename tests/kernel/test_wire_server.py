"""The server half against a socket that says whatever it likes."""

from __future__ import annotations

import asyncio
import struct

import pytest

from kernel.wire import frame
from kernel.wire.code import NAMES
from kernel.wire.error import WireError
from kernel.wire.frame import Limits
from kernel.wire.server import Commands, NoArgs, Row, Server, ServerThread
from tests.kernel.wire_server import Bench, Raw
from tests.waiting import PATIENCE_S


@pytest.fixture
def bench():
    made = Bench()
    yield made
    made.release.set()


def serving(bench, **limits):
    return ServerThread(bench.commands, "127.0.0.1:0", limits=Limits(**limits))


@pytest.fixture
def raw(bench):
    with serving(bench) as running:
        client = Raw(running.address)
        yield client
        client.close()


def code_of(answer):
    kind, body = answer
    assert kind == frame.REPLY
    return NAMES[body.code]


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00",
        b"\xe5\x02",
        b"\xe5\x01\x63",
        b"\xe5\x01\x01\xff\xff\xff\xff",
        frame.HEADER.pack(0xE5, 1, 1, 5) + b"\xff\xff\xff\xff\xff",
        frame.HEADER.pack(0xE5, 1, 1, 0),
        frame.pack(frame.REQUEST, ["one", 2]),
        frame.pack(frame.REPLY, [1, 0, "", None]),
        frame.HEADER.pack(0xE5, 1, 1, 20000) + b"\x91" * 20000,
    ],
    ids=["http", "zero", "version", "kind", "length", "body", "empty", "types", "direction", "deep"],
)
def test_garbage_gets_one_error_frame_and_the_end(raw, garbage):
    raw.send(garbage)
    kind, body = raw.read()
    assert (kind, body.id, NAMES[body.code]) == (frame.REPLY, 0, "bad_frame") and body.error
    assert raw.read() is None


def test_good_frames_before_the_garbage_are_answered(raw):
    raw.send(frame.pack(frame.REQUEST, [7, "echo", {"value": 1}]) + b"garbage")
    assert raw.read()[1].id == 7
    assert raw.read()[1].id == 0
    assert raw.read() is None


def test_a_frame_over_the_limit_is_refused_before_its_body_comes(bench):
    with serving(bench, frame=1000) as running:
        raw = Raw(running.address)
        raw.send(frame.HEADER.pack(0xE5, 1, 1, 1001))
        assert "limit" in raw.read()[1].error and raw.read() is None


def test_an_answer_over_the_limit_is_an_error_of_that_call_only(bench):
    with serving(bench, frame=1000) as running:
        raw = Raw(running.address)
        raw.request(1, "echo", "x" * 900)
        assert code_of(raw.read()) == "ok"
        big = Commands([Row("big", "", NoArgs, lambda call, args: b"x" * 2000)])
        with ServerThread(big, "127.0.0.1:0", limits=Limits(frame=1000)) as other:
            client = Raw(other.address)
            client.send(frame.pack(frame.REQUEST, [1, "big", {}]))
            assert code_of(client.read()) == "too_large"
            client.send(frame.pack(frame.PING, [5]))
            assert client.read() == (frame.PONG, frame.Pong(5))


@pytest.mark.parametrize("part", [1, 3, 7, 12])
def test_a_frame_that_does_not_become_whole_is_cut_off(bench, part):
    with serving(bench, slow_frame_s=0.1) as running:
        raw = Raw(running.address)
        raw.send(frame.pack(frame.REQUEST, [1, "echo", {"value": 1}])[:part])
        assert "not whole" in raw.read()[1].error and raw.read() is None


def test_a_trickle_does_not_put_the_cut_off_off(bench):
    with serving(bench, slow_frame_s=0.2) as running:
        raw = Raw(running.address)
        data = frame.pack(frame.REQUEST, [1, "echo", {"value": b"x" * 1000}])
        raw.socket.settimeout(0.02)
        sent = 0
        answer = None
        while answer is None and sent < len(data) - 1:
            raw.send(data[sent : sent + 1])
            sent += 1
            try:
                answer = raw.read()
            except TimeoutError:
                continue
        assert answer is not None and "not whole" in answer[1].error


def test_an_idle_connection_stays(bench):
    with serving(bench, slow_frame_s=0.05) as running:
        raw = Raw(running.address)
        raw.request(1, "hold")
        assert bench.entered.acquire(timeout=PATIENCE_S)
        other = Raw(running.address)
        other.send(b"\xe5")
        assert other.read()[1].id == 0  # the slow one is cut off, which takes longer than slow_frame_s
        bench.release.set()
        assert code_of(raw.read()) == "ok"


def test_a_frame_in_single_bytes_is_understood(raw):
    for byte in frame.pack(frame.REQUEST, [1, "echo", {"value": "slow"}]):
        raw.send(bytes([byte]))
    assert raw.read()[1].id == 1


def test_answers_come_as_they_are_ready(bench, raw):
    raw.request(1, "block")
    raw.request(2, "echo", "fast")
    assert raw.read()[1].id == 2
    bench.release.set()
    assert raw.read()[1].id == 1


@pytest.mark.parametrize("command", ["wait", "block"])
def test_the_server_keeps_the_clients_deadline(bench, raw, command):
    raw.request(1, command, timeout_ms=50)
    assert code_of(raw.read()) == "deadline"
    raw.request(2, "echo")
    assert code_of(raw.read()) == "ok"


def test_cancel_reaches_the_handler(bench, raw):
    raw.request(1, "wait")
    assert bench.entered.acquire(timeout=PATIENCE_S)
    raw.send(frame.pack(frame.CANCEL, [1]))
    assert code_of(raw.read()) == "cancelled"
    assert bench.cancelled.wait(PATIENCE_S)


def test_a_lost_connection_cancels_what_it_asked_for(bench, raw):
    raw.request(1, "wait")
    assert bench.entered.acquire(timeout=PATIENCE_S)
    raw.close()
    assert bench.cancelled.wait(PATIENCE_S)


@pytest.mark.parametrize(
    ("command", "args", "code"),
    [
        ("nothing", {}, "unknown_command"),
        ("echo", {"wrong": 1}, "bad_arguments"),
        ("echo", [1], "bad_arguments"),
        ("subscribe", {"topic": 5}, "bad_arguments"),
        ("broken", {}, "internal"),
        ("conflict", {}, "conflict"),
        ("constraint", {}, "constraint"),
    ],
)
def test_errors_have_their_code_and_the_connection_stays(raw, command, args, code):
    raw.send(frame.pack(frame.REQUEST, [1, command, args]))
    assert code_of(raw.read()) == code
    raw.request(2, "echo", 1)
    assert code_of(raw.read()) == "ok"


def test_the_same_id_twice_is_refused(bench, raw):
    raw.request(1, "wait")
    raw.request(1, "wait")
    assert "already" in raw.read()[1].error and raw.read() is None


def test_requests_over_the_limit_wait_their_turn(bench):
    with serving(bench, requests=4) as running:
        raw = Raw(running.address)
        for id in range(1, 21):
            raw.request(id, "hold", id)
        for _ in range(4):
            assert bench.entered.acquire(timeout=PATIENCE_S)
        assert not bench.entered.acquire(timeout=0.1)
        bench.release.set()
        assert {raw.read()[1].id for _ in range(20)} == set(range(1, 21))
        assert bench.most_running == 4


def test_a_client_that_does_not_read_is_not_worked_for(bench):
    with serving(bench, write_high=100_000) as running:
        server = running.server
        raw = Raw(running.address)
        raw.socket.settimeout(0.3)
        data = frame.pack(frame.REQUEST, [1, "echo", {"value": b"x" * 50_000}])
        sent = 0
        with pytest.raises(TimeoutError):
            while sent < 4000:
                raw.send(data)
                sent += 1
        (session,) = server.sessions
        assert session.transport.get_write_buffer_size() < 400_000
        assert len(session._rest) < 2_000_000
        raw.socket.settimeout(PATIENCE_S)
        assert code_of(raw.read()) == "ok"


def test_a_stream_waits_for_credit_and_goes_on(bench, raw):
    raw.request(1, "stream", 40)
    chunks = [raw.read()[1] for _ in range(frame.CHUNK_WINDOW)]
    assert [chunk.sequence for chunk in chunks] == list(range(frame.CHUNK_WINDOW))
    raw.request(2, "echo")
    assert raw.read()[0] == frame.REPLY  # no further chunk came before it
    assert bench.made <= frame.CHUNK_WINDOW + 1
    raw.send(frame.pack(frame.MORE, [1, 16]))
    raw.send(frame.pack(frame.MORE, [1, 0]))
    for _ in range(16):
        raw.read()
    raw.send(frame.pack(frame.MORE, [1, 16]))
    last = [raw.read()[1] for _ in range(9)][-1]
    assert last.is_last and last.sequence == 40


def test_unread_streams_keep_nobody_else_waiting(bench):
    with serving(bench, requests=2, streams=3) as running:
        raw = Raw(running.address)
        for id in (1, 2, 3):
            raw.request(id, "stream", 100)
            for _ in range(frame.CHUNK_WINDOW):
                raw.read()
        raw.request(4, "echo", "through")
        assert raw.read()[1].id == 4
        raw.request(5, "stream", 100)
        assert code_of(raw.read()) == "too_large"
        bench.cancelled.clear()
        raw.send(frame.pack(frame.CANCEL, [1]))
        assert code_of(raw.read()) == "cancelled"
        assert bench.cancelled.wait(PATIENCE_S)  # the generator was closed


def test_events_for_a_slow_reader_become_one_fetch_again(bench):
    with serving(bench, write_high=50_000) as running:
        raw = Raw(running.address)
        raw.send(frame.pack(frame.REQUEST, [1, "subscribe", {"topic": "t"}]))
        assert code_of(raw.read()) == "ok"
        for _ in range(3000):
            running.server.publish("t", b"x" * 10_000)
        bodies = []
        while len(bodies) < 3000:
            kind, event = raw.read()
            bodies.append(bytes(event.body))
            if bodies[-1] == b"\xc0":
                break
        assert bodies[-1] == b"\xc0" and len(bodies) < 3000


def test_another_protocol_can_take_the_connection(bench):
    class Other(asyncio.Protocol):
        def connection_made(self, transport):
            self.transport = transport

        def data_received(self, data):
            self.transport.write(b"other: " + data)

    server = Server(bench.commands, foreign=lambda transport, data: Other() if data.startswith(b"GET") else None)
    with ServerThread(server, "127.0.0.1:0") as running:
        raw = Raw(running.address)
        raw.send(b"GET /")
        assert raw.socket.recv(100) == b"other: GET /"
        refused = Raw(running.address)
        refused.send(b"PUT /")
        assert refused.read()[1].id == 0


def test_an_address_in_use_is_one_clear_error(bench):
    with serving(bench) as running, pytest.raises(WireError, match="cannot listen on"):
        ServerThread(bench.commands, str(running.address))


def test_unix_sockets_and_dead_ones(bench, tmp_path):
    import socket

    path = tmp_path / "socket"
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(path))
    dead.close()
    with ServerThread(bench.commands, f"unix:{path}"):
        with pytest.raises(WireError):
            ServerThread(bench.commands, f"unix:{path}")
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(path))
        client.sendall(struct.pack(">BBBI", 0xE5, 1, frame.PING, 2) + b"\x91\x05")
        assert client.recv(100)[2] == frame.PONG
        client.close()
    assert not path.exists()
