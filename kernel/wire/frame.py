"""Frames: ``magic 0xE5 · version 0x01 · kind u8 · length u32 big-endian · msgpack body``.

Bodies are msgpack arrays, each the struct of its kind's row. No HTTP method letter is 0xE5, so one port can
speak both. Limits bound what one end accepts from the other.
"""

from __future__ import annotations

from struct import Struct
from typing import Any, NamedTuple

import msgspec

from kernel.wire import value as wire_value
from kernel.wire.error import FrameError

MAGIC = 0xE5
VERSION = 0x01
HEADER = Struct(">BBBI")
HEADER_SIZE = HEADER.size
_BLANK = bytes(HEADER_SIZE)


class Request(msgspec.Struct, array_like=True):
    """Ask for a command. ``timeout_ms`` counts from arrival, 0 = none; ``id`` is the asker's, from 1."""

    id: int
    command: str
    args: msgspec.Raw
    timeout_ms: int = 0


class Reply(msgspec.Struct, array_like=True):
    """The answer to a request; ``result`` is the error's detail when ``code`` is not 0. Id 0 answers bad bytes."""

    id: int
    code: int
    error: str
    result: msgspec.Raw


class Event(msgspec.Struct, array_like=True):
    """News of a topic. A null body means: something was left out, fetch again."""

    topic: str
    body: msgspec.Raw


class Chunk(msgspec.Struct, array_like=True):
    """A piece of a long result; the one with ``is_last`` ends it. ``sequence`` counts from 0."""

    id: int
    sequence: int
    is_last: bool
    data: bytes


class Cancel(msgspec.Struct, array_like=True):
    """The asker no longer wants the answer."""

    id: int


class More(msgspec.Struct, array_like=True):
    """The asker took ``count`` chunks: as many more may be sent (see :data:`CHUNK_WINDOW`)."""

    id: int
    count: int


class Ping(msgspec.Struct, array_like=True):
    """Are you there? Answered by a pong with the same number."""

    number: int = 0


class Pong(msgspec.Struct, array_like=True):
    """Yes."""

    number: int = 0


class Kind(NamedTuple):
    """One row of the frame kinds."""

    number: int
    name: str
    body: type
    doc: str


KINDS: tuple[Kind, ...] = (
    Kind(1, "request", Request, "ask for a command"),
    Kind(2, "reply", Reply, "the answer, or why there is none"),
    Kind(3, "event", Event, "news of a subscribed topic"),
    Kind(4, "chunk", Chunk, "a piece of a long result"),
    Kind(5, "cancel", Cancel, "the answer is no longer wanted"),
    Kind(6, "more", More, "further chunks may be sent"),
    Kind(7, "ping", Ping, "are you there"),
    Kind(8, "pong", Pong, "yes"),
)
REQUEST, REPLY, EVENT, CHUNK, CANCEL, MORE, PING, PONG = (row.number for row in KINDS)

#: Kind → decoder of its body; a kind that is missing here is no frame.
DECODERS = {row.number: wire_value.decoder(row.body) for row in KINDS}

#: Chunks that may be on their way before the receiver says that it took some.
CHUNK_WINDOW = 16
#: Bytes of a chunk, at most, that our own server sends.
CHUNK_SIZE = 256 * 1024


class Limits(NamedTuple):
    """What one end accepts. Sizes in bytes, times in seconds.

    Attributes:
        frame: Largest body of a frame.
        slow_frame_s: A frame that has begun must be whole within this and its length at ``slow_rate``.
        slow_rate: Bytes per second that are not called slow.
        requests: Requests of one connection under way before it is read no further.
        first_s: A connection on which nothing was said for so long from its beginning is closed; TLS has a third of it.
        connections: Clients of one server at once. Another one takes the place of one of a machine that has more
            than twice as many as its own, the quiet ones first; else it is told so and turned away.
        streams: Long results of one connection under way; another one is refused.
        write_high: Bytes waiting to be sent before the connection is read no further.
        connect_s: Time for a connection to come about.
        retry_first_s, retry_longest_s: Pause before a link's first new attempt; each further one is twice as long,
            up to the longest.
    """

    frame: int = 32 * 1024 * 1024
    slow_frame_s: float = 10.0
    slow_rate: int = 128 * 1024
    requests: int = 256
    first_s: float = 60.0
    connections: int = 1000
    streams: int = 32
    write_high: int = 1024 * 1024
    connect_s: float = 5.0
    retry_first_s: float = 0.1
    retry_longest_s: float = 10.0


def append(buffer: bytearray, kind: int, body: Any) -> None:
    """Append one frame to ``buffer``; nothing when the body cannot be said.

    Raises:
        TypeError: the body has no form on the wire.
        FrameError: it is longer than a length field can say.
    """
    start = len(buffer)
    buffer += _BLANK
    try:
        wire_value.encode_into(body, buffer)
        length = len(buffer) - start - HEADER_SIZE
        if length > 0xFFFFFFFF:
            raise FrameError(f"a frame of {length} bytes is too long")
    except BaseException:
        del buffer[start:]
        raise
    HEADER.pack_into(buffer, start, MAGIC, VERSION, kind, length)


def pack(kind: int, body: Any) -> bytes:
    """One frame as bytes; see :func:`append`."""
    buffer = bytearray()
    append(buffer, kind, body)
    return bytes(buffer)


def check_start(data: bytes | bytearray, offset: int, limit: int) -> None:
    """Refuse the start of a frame as soon as its bytes show that it is none; fewer than 7 bytes will do.

    Raises:
        FrameError: says which part is wrong.
    """
    seen = len(data) - offset
    if seen > 0 and data[offset] != MAGIC:
        raise FrameError(f"expected a frame, got a first byte 0x{data[offset]:02X}")
    if seen > 1 and data[offset + 1] != VERSION:
        raise FrameError(f"protocol version {data[offset + 1]} is not spoken here", hint=f"this end speaks {VERSION}")
    if seen > 2 and data[offset + 2] not in DECODERS:
        raise FrameError(f"unknown kind of frame {data[offset + 2]}")
    if seen >= HEADER_SIZE:
        length = HEADER.unpack_from(data, offset)[3]
        if length > limit:
            raise FrameError(f"a frame of {length} bytes is over the limit of {limit} bytes")


def unpack_body(kind: int, body: bytes) -> Any:
    """The struct of a frame's body.

    Raises:
        FrameError: the body is not what its kind says.
    """
    try:
        return DECODERS[kind].decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise FrameError(f"a frame's body cannot be read: {error}") from error


def append_reply(buffer: bytearray, id: int, result: Any) -> None:
    """Append the reply frame of a request that went well; as :func:`append`, for the path that is run most."""
    start = len(buffer)
    buffer += _BLANK
    try:
        wire_value.encode_array_into((id, 0, ""), result, buffer)
    except BaseException:
        del buffer[start:]
        raise
    HEADER.pack_into(buffer, start, MAGIC, VERSION, REPLY, len(buffer) - start - HEADER_SIZE)


def append_request(buffer: bytearray, id: int, command: str, args: Any, timeout_ms: int) -> None:
    """Append a request frame; as :func:`append`."""
    start = len(buffer)
    buffer += _BLANK
    try:
        wire_value.encode_array_into((id, command), args, buffer, timeout_ms)
    except BaseException:
        del buffer[start:]
        raise
    HEADER.pack_into(buffer, start, MAGIC, VERSION, REQUEST, len(buffer) - start - HEADER_SIZE)
