"""Whatever bytes come for a release, its files or its records: an answer or a plain refusal, never anything else."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kernel.cache import Cache
from kernel.cache.segment import open_segment
from kernel.delivery.held import Held, Kept, read_held
from kernel.delivery.offer import News, Offer, opened
from kernel.delivery.pack import HEAD, PATCH, STORED, TAKE_DICTIONARY, ZSTD, Unpacker, Wanted
from kernel.delivery.zstd import deflate, inflate
from kernel.release import File, Manifest, Release, ReleaseError, decode_manifest
from kernel.trust.seal import NO_SEAL
from kernel.wire.error import FrameError
from kernel.wire.value import decode

BASE = b"what is here of a former version " * 40
WANTED = [Wanted("a", "0" * 64, 3), Wanted("b", "1" * 64, 700, "2" * 64), Wanted("c", "3" * 64, 0)]
NEWER = b"what is here of a former version " * 20 + b"and what is new" * 3
MANIFEST = Manifest("shop", "Shop", "1", 1, "", (), {"a": File("0" * 64, 3)})
#: Beginnings that lead further than chance does.
SEEDS = [
    HEAD.pack(STORED, 1, 3) + b"abc",
    HEAD.pack(STORED, 1, 3) + b"abc" + HEAD.pack(PATCH, 1, 40),
    HEAD.pack(TAKE_DICTIONARY, 0, 20) + deflate(b"dictionary"),
    HEAD.pack(ZSTD, 3, 0xFFFF),
    HEAD.pack(ZSTD, 1, len(deflate(b"abc"))) + deflate(b"abc"),
    b"\x28\xb5\x2f\xfd\xa4\xff\xff\xff\xff\x01\x00\x00",
    b"\x28\xb5\x2f\xfd\x20\x00\x01\x00\x00",
    b"\x50\x2a\x4d\x18\x00\x00\x00\x00",
]
STREAMS = st.builds(bytes.__add__, st.sampled_from([b"", *SEEDS]), st.binary(max_size=300))


@given(STREAMS, st.integers(1, 50))
@example(SEEDS[2] + SEEDS[0], 7)
def test_streams_of_files(stream: bytes, size: int) -> None:
    pieces = (stream[start : start + size] for start in range(0, len(stream), size))
    here = {"2" * 64: BASE}
    with contextlib.suppress(FrameError):
        for file, data in Unpacker(WANTED, here.get, "4" * 64).unpack(pieces):
            assert data is None or len(data) == file.size


@given(STREAMS, st.integers(0, 2000), st.sampled_from([b"", BASE]))
@example(deflate(NEWER, BASE), len(NEWER), BASE)
@example(b"\x28\xb5\x2f\xfd\xe4" + b"\xff" * 8, 1000, b"")
def test_frames_of_zstd(data: bytes, size: int, over: bytes) -> None:
    with contextlib.suppress(FrameError):
        assert len(inflate(data, size, over)) == size


@given(st.binary(max_size=200), st.sampled_from(["", "zstd", "patch", "lzma"]), st.integers(-5, 1 << 40))
def test_offers(data: bytes, form: str, size: int) -> None:
    with contextlib.suppress(ReleaseError):
        decode_manifest(opened(Offer(data, form=form, size=size), Release(BASE)).manifest)


@given(st.binary(max_size=300) | st.binary(max_size=80).map(lambda data: MANIFEST.encode()[: len(data)] + data))
@example(b'{"app":"a","app":"b"}')
@example(b"\xef\xbb\xbf{}")
@example(b'{"app":"a","serial":' + b"9" * 5000 + b"}")
@example(b"[" * 5000)
def test_manifests(data: bytes) -> None:
    with contextlib.suppress(ReleaseError):
        assert isinstance(decode_manifest(data), Manifest)


@given(st.binary(max_size=300))
def test_answers_of_the_wire(data: bytes) -> None:
    with contextlib.suppress(msgspec.DecodeError, ValueError):
        assert isinstance(decode(data, News), News)


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_records_and_segments_of_any_bytes(data: bytes, place: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(folder)
        (name,) = cache.put_many([b"right" * 20])
        held, called = Held(Kept("ab" * 32, 9)), "release\nhome\nshop"
        cache.write_record(called, NO_SEAL.close(called, msgspec.msgpack.encode(held)))
        assert read_held(cache, called) == held
        for part in ("segments", "records"):
            (path,) = (Path(folder) / part).iterdir()
            whole = path.read_bytes()
            path.write_bytes(whole[:place] + data + whole[place + len(data) :])
            open_segment(str(path))
        again = Cache(folder)
        assert again.get(name) in (None, b"right" * 20)
        assert read_held(again, called) in (None, held)
        cache.close()
        again.close()
