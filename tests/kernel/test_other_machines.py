"""Wheels and native libraries of other machines: in the release, and not fetched here."""

from __future__ import annotations

import platform
from pathlib import Path

import msgspec
import pytest

from kernel.release import Manifest, Release
from kernel.wheel.choice import for_others
from tests.attacks.straight import APP, Straight
from tests.compiling import WHEEL_TAG

HERE, THERE = platform.machine(), "sparc64"
FILES = {
    "main.kdl": b"window",
    f"wheels/paint-1-{WHEEL_TAG}.whl": b"here" * 100,
    "wheels/paint-1-cp311-abi3-win_amd64.whl": b"windows" * 100,
    "wheels/only-1-cp311-abi3-win_amd64.whl": b"only windows" * 100,
    "native/here": b"elf of here",
    "native/there": b"elf of elsewhere",
}
ELSEWHERE = {"wheels/paint-1-cp311-abi3-win_amd64.whl", "wheels/only-1-cp311-abi3-win_amd64.whl", "native/there"}


class Shop(Straight):
    """A server of an app that brings much for other machines."""

    def publish(self, files: dict[str, bytes]) -> Manifest:  # type: ignore[override]
        made = super().publish(files)
        wheels = {name: {"version": "1", "files": [path for path in files if path.startswith(f"wheels/{name}-")]}
                  for name in ("paint", "only")}  # fmt: skip
        geo = [{"version": "1", "file": f"native/{place}", "architecture": machine, "soname": "libgeo.so.1"}
               for place, machine in (("here", HERE), ("there", THERE))]  # fmt: skip
        manifest = msgspec.structs.replace(made, wheels=wheels, libraries={"geo": geo})
        self.newest = Release(manifest.encode())
        self.releases[self.newest.id] = manifest
        return manifest


@pytest.fixture
def shop() -> Shop:
    made = Shop()
    made.publish(FILES)
    return made


def test_they_stay_at_the_server_until_somebody_reads_them(shop: Shop, tmp_path: Path) -> None:
    delivery = shop.delivery(tmp_path)
    manifest = delivery.refresh(APP)
    there = {path for path, file in manifest.files.items() if delivery.cache.get(file.sha256) is not None}
    assert there == FILES.keys() - ELSEWHERE
    again = shop.delivery(tmp_path)
    asked: list[str] = []
    shop.asked = lambda: asked.append("files")
    assert again.cached(APP) == manifest and again.refresh(APP) == manifest and asked == [], "the release is whole"
    assert {path: again.read(manifest, path) for path in FILES} == FILES, "a mirror reads all of them"
    assert len(asked) == len(ELSEWHERE)


def test_a_newer_release_brings_nothing_of_them_either(shop: Shop, tmp_path: Path) -> None:
    delivery = shop.delivery(tmp_path)
    delivery.refresh(APP)
    newer = {path: data + b"2" for path, data in FILES.items()}
    manifest = shop.publish(newer)
    assert delivery.refresh(APP) == manifest
    there = {path for path, file in manifest.files.items() if delivery.cache.get(file.sha256) is not None}
    assert there == FILES.keys() - ELSEWHERE


def test_what_is_described_wrongly_is_fetched_and_told_later() -> None:
    assert for_others({"paint": {"version": "1"}, "brush": {"files": ["x.whl"]}}) == set()
