"""Servers that send something else, and bytes that are changed on their way: nothing of it is kept or opened."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.cache import Cache
from kernel.delivery import Delivery, DeliveryError
from kernel.delivery.offer import MAX_MANIFEST, Offer, opened
from kernel.delivery.pack import HEAD, STORED, paths_of, runs_of
from kernel.delivery.zstd import deflate
from kernel.error import EspalierError
from kernel.release import Release, ReleaseError
from kernel.wire.frame import HEADER_SIZE, Limits
from kernel.wire.link import Link
from tests.attacks.straight import APP, Straight, manifest_of, sha, whole
from tests.attacks.tampering import Relay
from tests.served import SHOP, ServerProcess, commit, git, in_app, make_repository
from tests.waiting import wait_for

OLD = {"app.toml": b"name = 'shop'", "main.kdl": b"window " * 300, "a": b"first" * 40}
NEW = OLD | {"main.kdl": b"window " * 300 + b"more", "b": b"second" * 40, "c": b"third!" * 40}
#: Most bytes that a refusal may take.
ROOM = 32 << 20


@pytest.fixture(params=["at once", "as they come"])
def writing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few files are written when all are here, many while they come; here the same ones in either way."""
    if request.param == "as they come":
        monkeypatch.setattr("kernel.delivery.transfer.BATCH", 0)
        monkeypatch.setattr("kernel.delivery.transfer.PIECE", 1)


@pytest.fixture
def shop(writing: None) -> Straight:
    made = Straight()
    made.publish(OLD)
    return made


@pytest.fixture
def held(shop: Straight, tmp_path: Path) -> Delivery:
    """A shell that has the old release; the new one is published."""
    delivery = shop.delivery(tmp_path / "cache")
    delivery.refresh(APP)
    shop.publish(NEW)
    return delivery


def refused(delivery: Delivery, shop: Straight, words: str, bad: bytes = b"") -> None:
    """The new release does not come in for these reasons; the old one opens, and then the new one does."""
    with pytest.raises((DeliveryError, ReleaseError), match=words):
        delivery.refresh(APP)
    again = shop.delivery(Path(delivery.cache.directory))
    assert whole(again, OLD)
    if bad:
        assert again.cache.get(sha(bad)) is None
    shop.spoil = iter
    again.refresh(APP)
    assert whole(again, NEW)


def test_bodies_of_two_files_are_swapped(held: Delivery, shop: Straight) -> None:
    one, two = sha(NEW["b"]), sha(NEW["c"])
    right = dict(shop.blobs)
    shop.blobs[one], shop.blobs[two] = right[two], right[one]

    def mend(pieces: Iterator[bytes]) -> Iterator[bytes]:
        yield from pieces
        shop.blobs.update(right)

    shop.spoil = mend
    with pytest.raises(DeliveryError, match="'b' that is not what the release says"):
        held.refresh(APP)
    shop.blobs.update(right)
    held.refresh(APP)
    assert whole(held, NEW)


def test_a_good_file_of_another_app_for_this_one(held: Delivery, shop: Straight) -> None:
    foreign = b"other!" * 40  # of the same size
    shop.blobs[sha(NEW["b"])] = foreign
    with pytest.raises(DeliveryError, match="'b' that is not what the release says"):
        held.refresh(APP)
    assert held.cache.get(sha(foreign)) is None and whole(held, OLD)


def test_a_file_that_nobody_asked_for(held: Delivery, shop: Straight) -> None:
    extra = b"unasked" * 100

    def add(pieces: Iterator[bytes]) -> Iterator[bytes]:
        yield from pieces
        yield HEAD.pack(STORED, 1, len(extra)) + extra

    shop.spoil = add
    refused(held, shop, "bytes that nobody asked for", extra)


def test_a_stream_without_an_end_costs_little(held: Delivery, shop: Straight) -> None:
    def endless(pieces: Iterator[bytes]) -> Iterator[bytes]:
        yield from pieces
        while True:
            yield bytes(1 << 18)

    shop.spoil = endless
    tracemalloc.start()
    try:
        refused(held, shop, "bytes that nobody asked for")
        assert tracemalloc.get_traced_memory()[1] < ROOM
    finally:
        tracemalloc.stop()


def test_a_group_that_never_becomes_whole(held: Delivery, shop: Straight) -> None:
    shop.spoil = lambda pieces: iter([b"".join(pieces)[:-5]])
    refused(held, shop, "ended early")


def test_a_folder_where_a_file_was_and_a_file_where_a_folder_was(held: Delivery, shop: Straight) -> None:
    held.refresh(APP)
    for files in ({"app.toml": b"x", "a/b": b"y", "a/c/d": b"z"}, {"app.toml": b"x", "a": b"y"}, OLD):
        shop.publish(files)
        held.refresh(APP)
        assert whole(held, files)


BASE = Release(manifest_of(OLD).encode())
#: What is offered → what the refusal says.
OFFERS: dict[str, tuple[Offer, str]] = {
    "an unknown form": (Offer(b"x", form="brotli", size=1), "unknown form 'brotli'"),
    "a change of nothing": (Offer(b"x", form="patch", size=1), "unknown form"),
    "no zstd": (Offer(b"<html>", form="zstd", size=6), "cannot be unpacked"),
    "a bomb": (Offer(deflate(bytes(1 << 26)), form="zstd", size=1000), "67108864 bytes, 1000 were expected"),
    "larger than any": (Offer(deflate(b""), form="zstd", size=MAX_MANIFEST + 1), "the limit is"),
    "a size below nothing": (Offer(deflate(b""), form="zstd", size=-1), "the limit is"),
}


@pytest.mark.parametrize("name", OFFERS)
def test_a_manifest_in_a_wrong_form_is_refused(name: str) -> None:
    offer, words = OFFERS[name]
    with pytest.raises(ReleaseError, match=words):
        opened(offer, None)


def test_a_manifest_as_a_change_of_another_one_is_refused() -> None:
    newer = manifest_of(NEW, 2).encode()
    offer = Offer(deflate(newer, BASE.manifest), form="patch", size=len(newer))
    assert opened(offer, BASE).manifest == newer
    other = Release(manifest_of({"x": b"y"}, 5).encode())
    with pytest.raises(ReleaseError, match="damaged"):
        opened(offer, other)


@pytest.mark.parametrize("runs", [[1], [0, 9], [-1, 1], [1, 1], [2, 1], [0, 1, 1, 2], [0, 2, 1, 3], [0, 1] * 1000])
def test_places_that_are_none_are_refused(runs: list[int]) -> None:
    with pytest.raises(ValueError, match="no places"):
        paths_of(manifest_of(NEW), runs)


def test_places_are_told_and_read() -> None:
    manifest = manifest_of({str(number): b"%d" % number for number in range(9)})
    chance = random.Random(1)
    for _ in range(50):
        paths = [path for path in manifest.files if chance.random() < 0.5]
        assert paths_of(manifest, runs_of(manifest, paths)) == paths


# Bytes that are changed on their way, between a real server and a client


class Impatient:
    """A link whose calls wait for a moment only: a frame that was spoilt is not answered."""

    def __init__(self, link: Link) -> None:
        self.link = link

    def call(self, command: str, args: Any, **options: Any) -> Any:
        return self.link.call(command, args, **{**options, "timeout_s": 0.3})

    def stream(self, command: str, args: Any, **options: Any) -> Iterator[bytes]:
        return self.link.stream(command, args, silence_s=0.3)


class Line:
    """A server of the app shop, and a relay to it."""

    def __init__(self, folder: Path) -> None:
        self.bare, self.work = make_repository(folder)
        self.server = ServerProcess(self.bare, log_path=folder / "server.log")
        self.relay = Relay(self.server.address)
        self.folder = folder

    def newest(self, cache: Path) -> Delivery:
        """A shell beside the relay, with the newest release."""
        with Link(self.server.address) as link:
            delivery = Delivery(Cache(cache), "home", lambda: link)
            delivery.refresh("shop")
        return delivery

    def publish(self) -> None:
        """Push a change and wait until it is served."""
        before = self.newest(self.folder / "watcher").release_id("shop")
        commit(self.work, in_app("shop", {"main.kdl": SHOP["main.kdl"] + "// changed\n", "new.txt": "new " * 500}))
        git(self.work, "push", "-q", "origin", "main")
        wait_for(lambda: self.newest(self.folder / "watcher").release_id("shop") != before)

    def fetch(self, cache: Path, *, is_patient: bool = False) -> Delivery:
        """A refresh through the relay."""
        limits = Limits(retry_first_s=30.0) if is_patient else Limits(slow_frame_s=0.3, retry_first_s=30.0)
        with Link(self.relay.address, limits=limits) as link:
            used: Any = link if is_patient else Impatient(link)
            delivery = Delivery(Cache(cache), "home", lambda: used)
            delivery.refresh("shop")
        return delivery


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    made = Line(tmp_path_factory.mktemp("line") / "place")
    yield made
    made.relay.close()
    made.server.stop()


def state_of(cache: Path) -> tuple[int, bool]:
    """The serial of the release that is held, and whether it is whole."""
    manifest = Delivery(Cache(cache), "home", lambda: None).cached("shop")  # type: ignore[arg-type, return-value]
    assert manifest is not None
    kept = Cache(cache)
    return manifest.serial, all(kept.get(file.sha256) is not None for file in manifest.files.values())


def flip(number: int, place: Callable[[bytes], int]) -> Callable[[int, bytes], bytes]:
    """Change one bit of one frame."""

    def tamper(frame_number: int, frame: bytes) -> bytes:
        if frame_number != number:
            return frame
        spoilt = bytearray(frame)
        spoilt[place(frame) % len(frame)] ^= 0x10
        return bytes(spoilt)

    return tamper


#: Parts of a frame of which one bit is changed.
PLACES: dict[str, Callable[[bytes], int]] = {
    "magic": lambda frame: 0,
    "version": lambda frame: 1,
    "kind": lambda frame: 2,
    "length": lambda frame: 3,
    "body": lambda frame: HEADER_SIZE + 1,
    "middle": lambda frame: (HEADER_SIZE + len(frame)) // 2,
    "end": lambda frame: len(frame) - 1,
}


def test_a_bit_of_any_frame_changed_leaves_the_old_release_or_the_new_one(line: Line, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    line.newest(cache)
    old, _ = state_of(cache)
    line.publish()
    copy = tmp_path / "copy"
    line.newest(copy)
    new, _ = state_of(copy)
    assert new > old
    line.relay.frames, line.relay.tamper = 0, lambda number, frame: frame
    refusals = 0
    for number in range(3):
        for place in PLACES.values():
            line.relay.frames, line.relay.tamper = 0, flip(number, place)
            try:
                line.fetch(cache)
            except EspalierError:
                refusals += 1
            serial, is_whole = state_of(cache)
            assert is_whole and serial in (old, new)
    assert refusals >= len(PLACES)
    line.relay.tamper = lambda number, frame: frame
    line.newest(cache)
    assert state_of(cache) == (new, True)


def test_another_version_of_the_protocol_is_named(line: Line, tmp_path: Path) -> None:
    line.relay.frames = 0
    line.relay.tamper = lambda number, frame: frame[:1] + bytes([frame[1] - 1]) + frame[2:]
    with pytest.raises(EspalierError, match="protocol version 0 is not spoken here"):
        line.fetch(tmp_path / "cache", is_patient=True)
    line.relay.tamper = lambda number, frame: frame
    assert not (tmp_path / "cache" / "segments").exists()
