"""Blobs in one stream: each a u32 big-endian length and its bytes, in the order asked for; 0xFFFFFFFF = not here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from struct import Struct

from kernel.wire.error import FrameError
from kernel.wire.frame import CHUNK_SIZE

_LENGTH = Struct(">I")
_ABSENT = 0xFFFFFFFF


def pack_blobs(blobs: Iterable[bytes | None]) -> Iterator[bytes]:
    """The stream's bytes in pieces of at most about a chunk's size; None says that a blob is not here."""
    buffer = bytearray()
    for blob in blobs:
        buffer += _LENGTH.pack(_ABSENT if blob is None else len(blob))
        if blob is not None:
            buffer += blob
        while len(buffer) >= CHUNK_SIZE:
            yield bytes(buffer[:CHUNK_SIZE])
            del buffer[:CHUNK_SIZE]
    if buffer:
        yield bytes(buffer)


def unpack_blobs(pieces: Iterable[bytes], sizes: Iterable[int]) -> Iterator[bytes | None]:
    """The blobs of a stream, one per expected size; an absent one is None.

    Never holds more than one blob and one piece: a length other than the expected one is refused at once.

    Raises:
        FrameError: another length than expected, bytes left over, or too few.
    """
    buffer = bytearray()
    source = iter(pieces)

    def fill(wanted: int) -> None:
        while len(buffer) < wanted:
            piece = next(source, None)
            if piece is None:
                raise FrameError("the stream of blobs ended early")
            buffer.extend(piece)

    for size in sizes:
        fill(_LENGTH.size)
        (length,) = _LENGTH.unpack_from(buffer)
        del buffer[: _LENGTH.size]
        if length == _ABSENT:
            yield None
            continue
        if length != size:
            raise FrameError(f"a blob of {length} bytes came where one of {size} bytes was expected")
        fill(length)
        blob = bytes(buffer[:length])
        del buffer[:length]
        yield blob
    if buffer or next(source, None) is not None:
        raise FrameError("the stream of blobs has bytes that nobody asked for")
