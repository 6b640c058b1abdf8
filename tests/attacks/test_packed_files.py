"""Streams of files that are not what was asked for: each is refused before it costs memory, by name."""

from __future__ import annotations

import hashlib
import os
import random
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
import zstandard

from kernel.delivery.pack import ABSENT, HEAD, PATCH, STORED, TAKE_DICTIONARY, ZSTD, Unpacker, Wanted
from kernel.delivery.packing import Packer
from kernel.delivery.zstd import deflate, inflate
from kernel.wire.error import FrameError

#: Bytes that a refusal may take: the stream is told apart by heads, nothing is unpacked.
ROOM = 16 << 20


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wanted(*files: bytes, bases: dict[int, bytes] | None = None) -> list[Wanted]:
    based = bases or {}
    return [
        Wanted(f"file{number}", sha(data), len(data), sha(based[number]) if number in based else "")
        for number, data in enumerate(files)
    ]


def read(files: list[Wanted], stream: bytes, here: dict[str, bytes] | None = None, dictionary: str = "") -> list[Any]:
    """What comes of a stream that arrives in pieces of 1,000 bytes."""
    pieces = (stream[start : start + 1000] for start in range(0, len(stream), 1000))
    return [data for _, data in Unpacker(files, (here or {}).get, dictionary).unpack(pieces)]


def stated(method: int, count: int, data: bytes) -> bytes:
    return HEAD.pack(method, count, len(data)) + data


def test_what_is_packed_comes_back() -> None:
    chance = random.Random(1)
    files = [chance.randbytes(chance.choice((0, 10, 5000))) + b"word " * chance.randrange(3000) for _ in range(300)]
    files.append(chance.randbytes(5 << 20))
    files = list({sha(data): data for data in files}.values())
    here = {sha(data): data for data in files}
    packer = Packer(here.get)
    assert read(wanted(*files), b"".join(packer.pack(wanted(*files)))) == files
    assert packer.made < 30
    assert list(packer.pack(wanted(*files))) and packer.made < 30  # kept


def test_a_changed_file_travels_as_its_change() -> None:
    before = random.Random(2).randbytes(30_000)
    after = before[:10_000] + b"a line more" + before[10_000:]
    here = {sha(before): before, sha(after): after}
    asked = wanted(after, bases={0: before})
    packed = b"".join(Packer(here.get).pack(asked))
    assert len(packed) < 100 and read(asked, packed, {sha(before): before}) == [after]
    with pytest.raises(FrameError, match="not here"):
        read(asked, packed)


def test_a_change_over_other_bytes_is_damaged_or_another_file() -> None:
    before, other = b"one two three four " * 500, b"five six seven eight nine " * 500
    after = before + b"end"
    packed = b"".join(Packer({sha(before): before, sha(after): after}.get).pack(wanted(after, bases={0: before})))
    asked = wanted(after, bases={0: before})
    with pytest.raises(FrameError, match="damaged"):
        read(asked, packed, {sha(before): other})


def test_the_dictionary_comes_with_much_and_serves_few() -> None:
    chance = random.Random(3)
    words = [chance.randbytes(20) for _ in range(60)]
    files = [b"".join(chance.sample(words, 20)) + b"%d" % number for number in range(100)]
    dictionary = b"".join(words)
    here = {sha(data): data for data in [*files, dictionary]}
    packer = Packer(here.get)
    asked = wanted(*files)
    reader = Unpacker(asked, {}.get, sha(dictionary))
    assert [data for _, data in reader.unpack(packer.pack(asked, sha(dictionary)))] == files
    assert reader.taken == dictionary
    few = b"".join(packer.pack(asked[:1], sha(dictionary), has_dictionary=True))
    assert len(few) * 3 < len(b"".join(packer.pack(asked[:1])))
    assert read(asked[:1], few, {sha(dictionary): dictionary}, sha(dictionary)) == files[:1]


def test_a_swapped_dictionary_is_refused() -> None:
    stream = stated(TAKE_DICTIONARY, 0, deflate(b"another one")) + stated(STORED, 1, b"abc")
    with pytest.raises(FrameError, match="another one than was announced"):
        read(wanted(b"abc"), stream, dictionary=sha(b"the announced one"))


def bomb(size: int) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(bytes(size))


def unchecked(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=False).compress(data)


def unsized(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True, write_content_size=False).compress(data)


def wide(data: bytes) -> bytes:
    """A frame that is no single segment and asks for a window of 2³¹ bytes."""
    return (
        b"\x28\xb5\x2f\xfd"
        + bytes([0b10000100])
        + bytes([(31 - 10) << 3])
        + len(data).to_bytes(4, "little")
        + b"\x01\0\0"
    )


A = b"a" * 1000
#: What comes → what the refusal says.
REFUSED: dict[str, tuple[bytes, str]] = {
    "a bomb": (stated(ZSTD, 1, bomb(1 << 26)), "67108864 bytes, 1000 were expected|came for 1 files"),
    "a frame of less": (stated(ZSTD, 1, deflate(b"a" * 999)), "999 bytes, 1000 were expected"),
    "a frame without a checksum": (stated(ZSTD, 1, unchecked(A)), "no checksum"),
    "a frame without its size": (stated(ZSTD, 1, unsized(A)), "do not say how much"),
    "a frame with a wide window": (stated(ZSTD, 1, wide(A)), "window|damaged"),
    "a second frame": (stated(ZSTD, 1, deflate(A) + deflate(A)), "damaged|behind|whole"),
    "bytes behind the frame": (stated(ZSTD, 1, deflate(A) + b"\0"), "damaged|behind|whole"),
    "a skippable frame": (stated(ZSTD, 1, b"\x50\x2a\x4d\x18\x05\0\0\0hello"), "begin as no zstd frame"),
    "a frame that is cut": (stated(ZSTD, 1, deflate(A)[:-3]), "damaged"),
    "a frame that is altered": (stated(ZSTD, 1, deflate(A)[:-1] + b"\0"), "damaged"),
    "no frame at all": (stated(ZSTD, 1, b"<html>"), "begin as no zstd frame"),
    "a frame of nothing that says a lot": (
        stated(ZSTD, 1, bytes.fromhex("28b52ffda4") + (1000).to_bytes(4, "little") + b"\x01\0\0" + b"\0" * 4),
        "damaged|hold 0 bytes",
    ),
    "an unknown form": (stated(9, 1, A), "unknown form 9"),
    "stored bytes too many": (stated(STORED, 1, A + b"b"), "1001 bytes came"),
    "stored bytes too few": (stated(STORED, 1, A[1:]), "999 bytes came"),
    "a group longer than its files can be": (HEAD.pack(ZSTD, 1, 1 << 31), "2147483648 bytes came"),
    "a length of four bytes of ones": (HEAD.pack(STORED, 1, 0xFFFFFFFF), "4294967295 bytes came"),
    "more files than were asked for": (stated(ZSTD, 2, deflate(A + A)), "more than was asked for"),
    "no files": (stated(ZSTD, 0, deflate(A)), "more than was asked for"),
    "a change of nothing": (stated(PATCH, 1, deflate(A, b"former")), "not here"),
    "an absent file with bytes": (stated(ABSENT, 1, b"x"), "1 bytes came"),
    "bytes that nobody asked for": (stated(STORED, 1, A) + b"more", "nobody asked for"),
    "the end before the end": (stated(STORED, 1, A)[:-1], "ended early"),
    "nothing": (b"", "ended early"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_was_not_asked_for_is_refused_within_bounds(name: str) -> None:
    stream, words = REFUSED[name]
    tracemalloc.start()
    try:
        with pytest.raises(FrameError, match=words):
            read(wanted(A), stream)
        assert tracemalloc.get_traced_memory()[1] < ROOM
    finally:
        tracemalloc.stop()


def test_an_endless_stream_ends_with_the_first_byte_too_many() -> None:
    taken = 0

    def endless() -> Any:
        nonlocal taken
        yield stated(STORED, 1, A)
        while True:
            taken += 1
            yield b"x" * 1000

    with pytest.raises(FrameError, match="nobody asked for"):
        list(Unpacker(wanted(A), {}.get).unpack(endless()))
    assert taken == 1


def test_an_endless_stream_of_dictionaries_ends_with_the_second() -> None:
    dictionary = b"what files have in common" * 10
    taken = 0

    def endless() -> Any:
        nonlocal taken
        while taken < 10:
            taken += 1
            yield stated(TAKE_DICTIONARY, 0, deflate(dictionary))

    with pytest.raises(FrameError, match="came twice"):
        list(Unpacker(wanted(A), {}.get, sha(dictionary)).unpack(endless()))
    assert taken == 2


def test_a_large_frame_is_unpacked_by_a_counter() -> None:
    data = os.urandom(1 << 20) * 6
    packed = deflate(data)
    assert inflate(packed, len(data)) == data
    for wrong in (packed[:-4], packed + b"\0", packed[: len(packed) // 2]):
        with pytest.raises(FrameError):
            inflate(wrong, len(data))


#: What is done to whole streams: none of it may bring other bytes than were asked for, or another error.
SPOILS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    lambda chance, data: bytes(
        bytearray(data[: (at := chance.randrange(len(data)))])
        + bytes([data[at] ^ (1 << chance.randrange(8))])
        + data[at + 1 :]
    ),
    lambda chance, data: data[: chance.randrange(len(data))],
    lambda chance, data: data[chance.randrange(1, len(data)) :],
    lambda chance, data: data + chance.randbytes(chance.randrange(1, 20)),
)


@pytest.mark.parametrize("seed", range(40))
def test_spoilt_streams_bring_the_right_bytes_or_a_refusal(seed: int) -> None:
    chance = random.Random(seed)
    files = [chance.randbytes(chance.randrange(200)) + b"text " * chance.randrange(100) for _ in range(5)]
    asked = wanted(*files)
    whole = b"".join(Packer({sha(data): data for data in files}.get).pack(asked))
    for _ in range(25):
        stream = chance.choice(SPOILS)(chance, whole)
        try:
            came = read(asked, stream)
        except FrameError:
            continue
        assert came == files
