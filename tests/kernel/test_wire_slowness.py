"""What is cut off as slow: a frame that does not end, never traffic whose reads end in mid-frame."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import Any

import msgspec
import pytest

from kernel.wire import frame
from kernel.wire.client import Client
from kernel.wire.frame import Limits
from kernel.wire.link import Link
from kernel.wire.protocol import FrameProtocol
from kernel.wire.server import Commands, Row, ServerThread
from tests.kernel.wire_server import Bench, Raw


class Clock:
    """Stands for the loop: time goes on when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Any] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Any) -> Any:
        timer = _Timer(self, self.now + delay, callback)
        self.timers.append(timer)
        return timer

    def pass_time(self, seconds: float) -> None:
        end = self.now + seconds
        while self.timers and min(timer.at for timer in self.timers) <= end:
            timer = min(self.timers, key=lambda timer: timer.at)
            self.now = timer.at
            self.timers.remove(timer)
            timer.callback()
        self.now = end


class _Timer:
    def __init__(self, clock: Clock, at: float, callback: Any) -> None:
        self.clock, self.at, self.callback = clock, at, callback

    def cancel(self) -> None:
        self.clock.timers.remove(self)


class End(FrameProtocol):
    """One end that counts what it gets."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        super().__init__(limits)
        self.loop = clock  # type: ignore[assignment]
        self.count = 0
        self.refused = ""

    def frame_received(self, kind: int, body: bytes) -> None:
        self.count += 1

    def refuse(self, error: Exception) -> None:
        self.refused = str(error)
        self.is_closed = True


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def end(clock: Clock) -> End:
    async def made() -> End:
        return End(Limits(slow_frame_s=1.0, slow_rate=1000), clock)

    return asyncio.run(made())


def test_steady_traffic_whose_reads_end_in_mid_frame_is_never_cut(end: End, clock: Clock) -> None:
    one = frame.pack(frame.PING, [1])
    end.data_received(one[:4])
    for _ in range(50):
        clock.pass_time(0.5)
        end.data_received(one[4:] + one[:4])
    assert (end.count, end.refused) == (50, "")
    clock.pass_time(0.9)
    assert end.refused == ""
    clock.pass_time(0.2)
    assert "not whole" in end.refused


def test_each_frame_has_the_time_that_its_size_needs(end: End, clock: Clock) -> None:
    large = frame.pack(frame.PING, [2**40]) + frame.HEADER.pack(frame.MAGIC, frame.VERSION, frame.PING, 5000)
    end.data_received(large[:-3])
    clock.pass_time(0.9)
    end.data_received(large[-3:])  # now it is known that 5,000 bytes follow
    clock.pass_time(4.5)
    end.data_received(bytes(10))
    assert end.refused == ""
    clock.pass_time(1)
    assert "after 6 s" in end.refused


def test_a_server_goes_on_with_misaligned_requests() -> None:
    with ServerThread(Bench().commands, "127.0.0.1:0", limits=Limits(slow_frame_s=0.15)) as running:
        raw = Raw(running.address)
        data = frame.pack(frame.REQUEST, [1, "echo", {"value": b"x" * 1000}])
        raw.send(data[:500])
        stop = time.monotonic() + 0.6
        raw.socket.settimeout(0.02)
        while time.monotonic() < stop:
            raw.send(data[500:] + data[:500])
            assert raw.read()[1].id == 1
            with pytest.raises(TimeoutError):
                raw.read()


class Nothing(msgspec.Struct):
    pass


def test_a_client_goes_on_with_a_misaligned_answer() -> None:
    commands = Commands([Row("big", "", Nothing, lambda call, args: (bytes(60_000) for _ in range(40)), is_stream=True)])
    with ServerThread(commands, "127.0.0.1:0") as running, Relay(running.address.port) as relay:
        with Link(f"127.0.0.1:{relay.port}", limits=Limits(slow_frame_s=0.15)) as link:
            began = time.monotonic()
            assert sum(map(len, link.stream("big", {}))) == 40 * 60_000
            assert time.monotonic() - began > 0.3, "it took several times as long as one frame may"


class Relay:
    """Hands bytes on, downwards in pieces of 50,000 with a pause after each, as a slow line does."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ended = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        below, _ = self._listener.accept()
        above = socket.create_connection(("127.0.0.1", self._target))
        threading.Thread(target=self._copy, args=(below, above, 0.0), daemon=True).start()
        self._copy(above, below, 0.01)

    def _copy(self, source: socket.socket, target: socket.socket, pause_s: float) -> None:
        try:
            while data := source.recv(50_000):
                target.sendall(data)
                self._ended.wait(pause_s)
        except OSError:
            self._ended.set()

    def __enter__(self) -> Relay:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._listener.close()


def test_a_client_cuts_off_a_frame_that_does_not_end() -> None:
    async def run() -> str:
        lost: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        client = Client(Limits(slow_frame_s=0.05), on_lost=lambda error: lost.set_result(str(error)))

        class Half(asyncio.Protocol):
            def connection_made(self, transport: Any) -> None:
                transport.write(frame.pack(frame.PING, [1])[:5])

        server = await asyncio.get_running_loop().create_server(Half, "127.0.0.1", 0)
        await asyncio.get_running_loop().create_connection(lambda: client, *server.sockets[0].getsockname())
        async with asyncio.timeout(5):
            said = await lost
        server.close()
        return said

    assert "not whole" in asyncio.run(run())
