"""Records in the cache that another program of this person wrote: releases, layouts, rows, the catalogue."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from kernel.cache import Cache
from kernel.delivery import Delivery
from kernel.delivery.held import Held, Kept, record_name
from kernel.delivery.path import RULES
from kernel.release import Release, ReleaseError
from kernel.trust.seal import NO_SEAL, Seal, SealedRecords
from tests.attacks.hostile import Desk
from tests.signed import Client, World, manifest_of


def record_of(cache: Cache, manifest: bytes) -> bytes:
    """A record, not sealed yet, of a release whose manifest is in the cache."""
    (id,) = cache.put_many([manifest])
    return msgspec.msgpack.encode(Held(Kept(id, len(manifest)), rules=RULES))


def test_a_release_of_a_server_that_signs(desk: Desk) -> None:
    """It stands in the state that was accepted, so that even with the seal's key it is not believed."""
    name = record_name("home", "shop")
    cache = desk.delivery.cache
    evil = record_of(cache, manifest_of(serial=99))
    before = cache.read_record(name)
    assert before is not None
    for sealed in (NO_SEAL.close(name, evil), Seal(desk.folder / "data" / "trust" / "seal.key").close(name, evil)):
        cache.write_record(name, sealed)
        assert desk.open().cached("shop") is None
    cache.write_record(name, before)
    assert desk.open().cached("shop") == desk.first


def test_a_release_of_the_embedded_server(tmp_path: Path) -> None:
    seal, cache = Seal(tmp_path / "seal.key"), Cache(tmp_path / "cache")
    name = record_name("local", "shop")
    good, evil = record_of(cache, manifest_of()), record_of(cache, manifest_of(serial=99))

    def opened() -> object:
        return Delivery(cache, "local", lambda: None, None, seal).cached("shop")

    cache.write_record(name, seal.close(name, good))
    assert opened() is not None
    for sealed in (NO_SEAL.close(name, evil), Seal(tmp_path / "theirs").close(name, evil), seal.close("other", evil)):
        cache.write_record(name, sealed)
        assert opened() is None


@pytest.mark.parametrize("name", ["layout:x", "texts:1:x", "rows"])
def test_a_layout_a_text_or_a_row_of_somebody_else(tmp_path: Path, name: str) -> None:
    cache = Cache(tmp_path / "cache")
    records = SealedRecords(cache, Seal(tmp_path / "seal.key"))
    records.write_record(name, b"ours")
    assert records.read_record(name) == b"ours"
    cache.write_record(name, b"\0" * 32 + b"theirs")
    assert records.read_record(name) is None


def test_the_catalogue_of_somebody_else(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    theirs = msgspec.msgpack.encode({"apps": [{"name": "bank", "title": "Your bank"}]})
    cache.write_record("apps\nhome", NO_SEAL.close("apps\nhome", theirs))
    assert Delivery(cache, "home", lambda: None, None, Seal(tmp_path / "seal.key")).cached_apps() == []


def test_a_place_for_keys_that_cannot_be_written_is_told_and_what_is_here_stays(tmp_path: Path) -> None:
    world = World(tmp_path / "home")
    world.publish()
    client = Client(tmp_path / "person", world.clock)
    held = client.refresh(world)
    (lock,) = (tmp_path / "person" / "data" / "trust").glob("*.lock")
    lock.unlink()
    lock.mkdir()
    world.publish(serial=2)
    with pytest.raises(ReleaseError, match="the keys of home cannot be written: Is a directory") as caught:
        client.refresh(world)
    assert str(lock.parent) in caught.value.hint
    assert client.trust.recheck("shop", Release(held.encode()).id) is None


def test_a_refusal_is_told_also_where_the_cache_cannot_be_written(tmp_path: Path) -> None:
    world = World(tmp_path / "home")
    world.publish()
    client = Client(tmp_path / "person", world.clock)
    client.refresh(world)
    for path in (tmp_path / "person" / "cache" / "records").iterdir():
        path.unlink()
        path.mkdir()
    world.publish(serial=2)
    with pytest.raises(ReleaseError, match="the metadata of 'timestamp' cannot be read"):
        client.trust.take("shop", world.signing.metadata("shop", {}) | {"timestamp": b"no"})


def test_bits_that_turn_in_any_file_of_cache_and_trust(desk: Desk) -> None:
    """Never another release than the one that was accepted: that one, or none."""
    turning = random.Random(7)
    files = [path for path in (*desk.folder.glob("cache/**/*"), *desk.folder.glob("data/trust/*")) if path.is_file()]
    files = [path for path in files if path.stat().st_size]
    assert len(files) >= 4
    opened = 0
    for _ in range(400):
        path = turning.choice(files)
        data = path.read_bytes()
        at = turning.randrange(len(data))
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << turning.randrange(8)]) + data[at + 1 :])
        delivery = desk.open()
        found = delivery.cached("shop")
        assert found is None or found == desk.first
        for file in found.files if found else ():
            content = delivery.cache.get(found.files[file].sha256)
            assert content is None or len(content) == found.files[file].size
        opened += found is not None
        path.write_bytes(data)
    assert opened > 0 and desk.open().cached("shop") == desk.first
