"""Releases of large apps are held as what they have otherwise than one before them, and nothing is lost by it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from kernel import release as releases
from kernel.delivery import holding
from kernel.delivery.held import clean_up, read_held, record_name
from tests.kernel.test_delivery import Delivery, Shop, delivery, offline, server, sha, shop  # noqa: F401

MANY: dict[str, bytes] = {f"part{number % 7}/text{number:04}.txt": b"%d" % number for number in range(900)}


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every manifest is read from the cache, as another start does."""
    monkeypatch.setattr(holding, "known", lambda id: None)


def kept(delivery: Delivery) -> Any:  # noqa: F811
    held = read_held(delivery.cache, record_name("home", "shop"))
    assert held is not None
    return held.current


def segments(delivery: Delivery) -> set[Path]:  # noqa: F811
    """The files in which small blobs lie together."""
    return set(Path(delivery.cache.segment_directory).iterdir())


def take(shop: Shop, delivery: Delivery, serial: int, **files: bytes) -> releases.Manifest:  # noqa: F811
    """The release with these texts, whose names begin as ``part0/``."""
    shop.publish(MANY | {f"part0/{name}.txt": data for name, data in files.items()}, serial=serial)
    return delivery.refresh("shop")


def test_a_change_does_not_write_the_manifest_again(shop: Shop, delivery: Delivery) -> None:  # noqa: F811
    first = take(shop, delivery, 1)
    whole, before = kept(delivery).id, delivery.cache.size()
    for serial in range(2, 6):
        taken = take(shop, delivery, serial, text0007=b"new %d" % serial, **{f"more{serial}": b"more"})
        now = kept(delivery)
        assert now.whole == whole and now.id == sha(taken.encode())
        again = offline(delivery)
        assert again.cached("shop") == taken and again.read(taken, "part0/text0007.txt") == b"new %d" % serial
    assert delivery.cache.size() - before < 2_000 < len(first.encode()) // 20


def test_a_change_of_nearly_everything_is_written_whole(shop: Shop, delivery: Delivery) -> None:  # noqa: F811
    take(shop, delivery, 1)
    shop.publish({path: data + b"!" for path, data in MANY.items()}, serial=2)
    assert delivery.refresh("shop") == offline(delivery).cached("shop") and not kept(delivery).whole


def test_clean_up_keeps_what_changes_are_changes_of(shop: Shop, delivery: Delivery) -> None:  # noqa: F811
    for serial in (1, 2, 3, 4):
        taken = take(shop, delivery, serial, text0007=b"new %d" % serial)
    assert clean_up(delivery.cache, 0, grace_s=0) > 0 and kept(delivery).whole
    again = offline(delivery)
    assert again.cached("shop") == taken and again.read(taken, "part0/text0007.txt") == b"new 4"


def test_without_its_last_files_a_release_is_not_there(shop: Shop, delivery: Delivery) -> None:  # noqa: F811
    take(shop, delivery, 1)
    before = take(shop, delivery, 2, text0007=b"second")
    old = segments(delivery)
    take(shop, delivery, 3, text0007=b"third")
    (newest,) = segments(delivery) - old
    newest.unlink()  # as a power cut may leave it: the record alone is new
    assert offline(delivery).cached("shop") == before


def test_a_damaged_manifest_damages_no_release_without_notice(shop: Shop, delivery: Delivery) -> None:  # noqa: F811
    take(shop, delivery, 1)
    taken = take(shop, delivery, 2, text0007=b"second")
    (first,) = (path for path in segments(delivery) if b'"app":"shop"' in path.read_bytes())
    data = bytearray(first.read_bytes())
    data[data.index(b'"app":"shop"') + 40] ^= 1
    stamp = first.stat().st_mtime_ns
    first.write_bytes(data)
    os.utime(first, ns=(stamp, stamp))
    again = offline(delivery)
    assert again.cached("shop") is None and "missing or damaged" in str(again.refused["shop"])
    fresh = Delivery(type(delivery.cache)(delivery.cache.directory), "home", lambda: delivery.link)
    assert fresh.refresh("shop") == taken == offline(delivery).cached("shop") and not kept(fresh).whole
