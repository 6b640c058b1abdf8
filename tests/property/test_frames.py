"""Whatever bytes come, in whatever pieces: frames round-trip, garbage is refused, nothing else is raised."""

from __future__ import annotations

import asyncio
from datetime import timedelta, timezone
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kernel.tables.block import LargeBlob
from kernel.wire import frame, value
from kernel.wire.error import FrameError
from kernel.wire.frame import Limits
from kernel.wire.protocol import FrameProtocol

offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-(2**80), 2**80), st.floats(allow_nan=False), st.binary(),
    st.text(st.characters()), st.decimals(allow_nan=False), st.dates(), st.times(), st.datetimes(),
    st.datetimes(timezones=offsets), st.builds(LargeBlob, st.integers(0, 2**70)),
)  # fmt: skip
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


def same(left: Any, right: Any) -> bool:
    """Equal, with the same types all the way down."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return left == right


@given(values)
def test_values_round_trip(wanted):
    assert same(value.decode(value.encode(wanted)), wanted)


class Recorder(FrameProtocol):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__(Limits(frame=4096))
        self.got: list[Any] = []
        self.refused: FrameError | None = None

    def frame_received(self, kind, body):
        self.got.append((kind, frame.unpack_body(kind, body)))

    def refuse(self, error):
        self.refused = error
        self.close()


class Sink:
    """A transport that goes nowhere."""

    def set_write_buffer_limits(self, high):
        self.high = high

    def close(self):
        self.is_closed = True


def feed(pieces):
    async def run():
        recorder = Recorder()
        recorder.connection_made(Sink())
        for piece in pieces:
            recorder.data_received(piece)
        recorder._stop_slow_timer()
        return recorder

    return asyncio.run(run())


def cut(data, places):
    ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[start:stop] for start, stop in zip(ends, ends[1:], strict=False)]


requests = st.lists(st.tuples(st.integers(1, 2**32), st.text(max_size=20), values, st.integers(0, 2**31)), max_size=5)


@settings(max_examples=60, deadline=None)
@given(requests, st.lists(st.integers(0, 10_000), max_size=12))
def test_frames_round_trip_however_they_are_cut(sent, places):
    packed = [frame.pack(frame.REQUEST, list(one)) for one in sent]
    packed = [data for data in packed if len(data) < 4096]
    whole = feed([b"".join(packed)]).got
    in_pieces = feed(cut(b"".join(packed), places)).got
    assert len(whole) == len(packed)
    for (kind, body), (other_kind, other) in zip(whole, in_pieces, strict=True):
        assert kind == other_kind == frame.REQUEST
        assert (body.id, body.command, bytes(body.args)) == (other.id, other.command, bytes(other.args))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.lists(st.integers(0, 300), max_size=5), st.booleans())
@example(b"\xe5\x01\x01\xff\xff\xff\xff", [], False)  # a length that no memory has
@example(b"\xe5\x01\x01\x00\x00\x00\x00", [3], False)  # a body of nothing
@example(b"\xe5\x01\x00\x00\x00\x00\x01\xc0", [], False)  # a kind that there is not
@example(b"\xe5\x00\x01\x00\x00\x00\x01\xc0", [1, 2], False)  # an older version
@example(b"\xe5\x01\x01\x00\x00\x00\x05\xdd\xff\xff\xff\xff", [], False)  # a list of four thousand million
@example(b"\xe5\x01\x01\x00\x00\x00\xc8" + b"\x91" * 200, [], False)  # lists in lists without end
@example(b"\xe5\x01\x05\x00\x00\x00\x02\x91\xc0" * 3, [9, 10], False)  # a cancel of nothing, thrice
@example(b"GET / HTTP/1.1\r\n\r\n", [4], False)
@example(b"\x16\x03\x01\x02\x00\x01", [], False)  # the beginning of TLS
def test_no_bytes_crash(data, places, has_header):
    if has_header:
        data = bytes([0xE5, 1]) + data
    recorder = feed(cut(data, places))
    if data and data[0] != 0xE5:
        assert recorder.refused is not None and not recorder.got
    assert len(recorder._rest) <= len(data)


@settings(max_examples=150, deadline=None)
@given(values, st.data())
def test_one_altered_byte_never_crashes(wanted, data):
    packed = bytearray(frame.pack(frame.REQUEST, [1, "echo", {"value": wanted}, 0]))
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    recorder = feed([bytes(packed)])
    for _, body in recorder.got:
        raw = getattr(body, "args", None)
        if raw is not None:
            try:
                value.decode(raw)
            except ValueError:
                continue
