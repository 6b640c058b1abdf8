"""What is cut off as slow: a frame that does not end, never traffic whose reads end in mid-frame."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from kernel.wire import frame
from kernel.wire.client import Client
from kernel.wire.frame import Limits
from kernel.wire.protocol import FrameProtocol
from kernel.wire.server import ServerThread
from tests.kernel.wire_server import Bench, Raw
from tests.waiting import PATIENCE_S


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
    # So slow that a machine with other things to do sends the rest of a frame in time.
    with ServerThread(Bench().commands, "127.0.0.1:0", limits=Limits(slow_frame_s=3.0)) as running:
        raw = Raw(running.address)
        data = frame.pack(frame.REQUEST, [1, "echo", {"value": b"x" * 1000}])
        raw.send(data[:500])
        stop = time.monotonic() + 3.5
        while time.monotonic() < stop:
            raw.send(data[500:] + data[:500])
            raw.socket.settimeout(PATIENCE_S)
            assert raw.read()[1].id == 1
            raw.socket.settimeout(0.02)
            with pytest.raises(TimeoutError):
                raw.read()


def test_a_client_goes_on_with_misaligned_answers(clock: Clock) -> None:
    lost: list[Exception] = []

    async def made() -> Client:
        return Client(Limits(slow_frame_s=1.0), on_lost=lost.append)

    client = asyncio.run(made())
    client.loop = clock  # type: ignore[assignment]
    one = frame.pack(frame.PONG, [1])
    client.data_received(one[:4])
    for _ in range(50):
        clock.pass_time(0.5)
        client.data_received(one[4:] + one[:4])
    assert not lost and not client.is_closed


def test_a_client_cuts_off_a_frame_that_does_not_end() -> None:
    async def run() -> str:
        lost: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        client = Client(Limits(slow_frame_s=0.05), on_lost=lambda error: lost.set_result(str(error)))

        class Half(asyncio.Protocol):
            def connection_made(self, transport: Any) -> None:
                transport.write(frame.pack(frame.PING, [1])[:5])

        server = await asyncio.get_running_loop().create_server(Half, "127.0.0.1", 0)
        await asyncio.get_running_loop().create_connection(lambda: client, *server.sockets[0].getsockname())
        async with asyncio.timeout(PATIENCE_S):
            said = await lost
        server.close()
        return said

    assert "not whole" in asyncio.run(run())
