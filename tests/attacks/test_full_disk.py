"""A disk that is really full, two megabytes: what was here goes on, and room that comes back is used."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.cache import CacheError
from server.log import Log
from server.repository import Repository
from server.signing.signing import open_signing
from server.source_server import SourceServer
from tests.attacks.straight import APP, Straight, whole
from tests.attacks.test_cache_faults import OLD
from tests.served import SHOP, commit, git, in_app, make_repository

SIZE = 2 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("takes the administrator, to mount a small file system")
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> Path:
    """Take all the room that is left."""
    path = place / "filling"
    with path.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12):
            while True:
                try:
                    if file.write(bytes(size)) < size:
                        break
                except OSError:
                    break
    return path


def test_a_desktop_whose_disk_is_full_keeps_its_release_and_takes_the_next_one_later(disk: Path) -> None:
    shop = Straight()
    shop.publish(OLD)
    shop.delivery(disk / "cache").refresh(APP)
    large = OLD | {f"big{number}": random.Random(number).randbytes(300_000) for number in range(4)}
    shop.publish(large)
    filling = fill(disk)
    for _ in range(3):
        with pytest.raises(CacheError, match="No space left on device") as caught:
            shop.delivery(disk / "cache").refresh(APP)
        assert caught.value.hint and whole(shop.delivery(disk / "cache"), OLD)
    filling.unlink()
    shop.delivery(disk / "cache").refresh(APP)
    assert whole(shop.delivery(disk / "cache"), large)


def test_a_server_whose_disk_is_full_serves_what_it_has_and_publishes_when_there_is_room(
    disk: Path, tmp_path: Path
) -> None:
    bare, work = make_repository(disk / "git")
    log = tmp_path / "log"

    def start() -> SourceServer:
        signing, _ = open_signing(bare / "espalier" / "trust", tmp_path / "keys", Log(log))
        return SourceServer(Repository(bare), Log(log), signing=signing)

    server = start()
    first = server.catalogue.find("shop")
    commit(work, in_app("shop", {"main.kdl": SHOP["main.kdl"] + "// two\n"}))
    git(work, "push", "-q", "origin", "main")
    filling = fill(disk)
    server.look()
    assert server.catalogue.find("shop") == first and server.catalogue.read(first, "main.kdl")
    assert "No space left on device" in log.read_text()
    server.close()
    meanwhile = start()
    assert meanwhile.catalogue.find("shop").release.manifest == first.release.manifest, "as before"
    meanwhile.close()
    filling.unlink()
    again = start()
    found = again.catalogue.find("shop")
    assert found.manifest.serial == first.manifest.serial + 1 and b"two" in again.catalogue.read(found, "main.kdl")
    again.close()
