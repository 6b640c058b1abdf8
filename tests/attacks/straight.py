"""A server of one app without a network: its link answers at once, so that processes may be forked around it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kernel.cache import Cache
from kernel.delivery import Delivery
from kernel.delivery.offer import News, Offer
from kernel.delivery.pack import paths_of, wanted_files
from kernel.delivery.packing import Packer
from kernel.release import File, Manifest, Release

APP = "shop"


def sha(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def manifest_of(files: Mapping[str, bytes], serial: int = 1) -> Manifest:
    """A release of these files."""
    named = {path: File(sha(data), len(data)) for path, data in sorted(files.items())}
    return Manifest(APP, "Shop", "1.0", serial, "", (), named)


class Straight:
    """The server, and the link to it.

    Attributes:
        spoil: Gets the pieces of every stream of files and answers what is sent instead.
        asked: Called at every request for files.
    """

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.releases: dict[str, Manifest] = {}
        self.newest = Release(b"")
        self.spoil: Callable[[Iterator[bytes]], Iterator[bytes]] = iter
        self.asked: Callable[[], None] = lambda: None
        self.serial = 0

    def publish(self, files: Mapping[str, bytes]) -> Manifest:
        """The newest release has these files."""
        self.serial += 1
        manifest = manifest_of(files, self.serial)
        self.blobs |= {sha(data): data for data in files.values()}
        self.newest = Release(manifest.encode())
        self.releases[self.newest.id] = manifest
        return manifest

    def call(self, command: str, args: Mapping[str, Any], **_: Any) -> News:
        """The command ``release``."""
        return News() if args["have"] == self.newest.id else News(Offer(self.newest.manifest))

    def stream(self, command: str, args: Mapping[str, Any], **_: Any) -> Iterator[bytes]:
        """The command ``files``."""
        self.asked()
        manifest, base = self.releases[args["release"]], self.releases.get(args["base"])
        wanted = wanted_files(manifest, paths_of(manifest, args["files"]), base)
        yield from self.spoil(Packer(self.blobs.get).pack(wanted))

    def delivery(self, cache: Path) -> Delivery:
        """A shell's own, over this link."""
        link: Any = self
        return Delivery(Cache(cache), "home", lambda: link)


def whole(delivery: Delivery, files: Mapping[str, bytes]) -> bool:
    """Whether the release that is held has these files, each as it should be; the server is not asked."""
    manifest = delivery.cached(APP)
    if manifest is None:
        return False
    return {path: delivery.cache.get(file.sha256) for path, file in manifest.files.items()} == dict(files)
