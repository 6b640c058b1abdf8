"""What the cache holds of apps: records of the current and the previous release per (server, app).

A record names releases; their manifests are blobs under their ids, so that a record is small however many files an
app has, and a manifest is written once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from kernel.cache import Cache
from kernel.delivery.manifest_splice import Splices, spliced
from kernel.digest import sha256_of
from kernel.release import Manifest
from kernel.trust.seal import Seal, unsealed

#: First word of the names of these records.
PREFIX = "release"


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """A release in the cache.

    Attributes:
        id: Its id.
        size: Bytes of its manifest.
        channel: Its channel.
        whole: Id of the release whose manifest is in the cache whole, when its own one is not; or empty.
        splices: Its manifest's differences from that one.
        files: SHA-256 of the files that were written with it. A power cut may have taken them, where a manifest that is
            written whole goes with them; without them it is not there.
    """

    id: str
    size: int
    channel: str = "stable"
    whole: str = ""
    splices: Splices = ()
    files: tuple[str, ...] = ()


class Held(msgspec.Struct, frozen=True, omit_defaults=True):
    """The releases that are kept of one app: what runs now, and the one before it for windows still open.

    Attributes:
        current: What runs now.
        previous: The one before.
        checked_at: When the server last said that ``current`` is its newest, seconds since the epoch; 0 = unknown.
        rules: Those by which its manifest was checked; see :data:`kernel.delivery.path.RULES`.
        places: Where all of ``current`` was when it was last looked for; see :meth:`kernel.cache.Cache.holders`.
        dictionary: SHA-256 of the app's compression dictionary that is here, in hex, or empty.
    """

    current: Kept
    previous: Kept | None = None
    checked_at: float = 0.0
    rules: str = ""
    places: tuple[tuple[str, int], ...] = ()
    dictionary: str = ""


class Base(NamedTuple):
    """The release that is here, whose files newer ones may come as changes of: its id, its manifest and its bytes."""

    id: str
    manifest: Manifest
    data: bytes = b""


def record_name(server: str, app: str) -> str:
    """The record's name for an app of a server."""
    return f"{PREFIX}\n{server}\n{app}"


def read_held(cache: Cache, name: str, seal: Seal | None = None) -> Held | None:
    """The record, or None when there is none, nothing can be read from it, or it was not sealed with ``seal``.

    Without a seal the record of anybody is read, which is right for clean-up alone.
    """
    sealed = cache.read_record(name)
    data = None if sealed is None else unsealed(sealed) if seal is None else seal.open(name, sealed)
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=Held)
    except msgspec.DecodeError:
        return None


def all_roots(cache: Cache) -> Iterator[str]:
    """The SHA-256 of every blob that some record needs, of all servers and apps: manifests, files, dictionaries."""
    for _, held in _all_held(cache):
        found = [held.dictionary]
        for kept in (held.current, held.previous):
            if kept is not None:
                manifest = read_manifest(cache, kept)
                found += [kept.id, kept.whole]
                found += [file.sha256 for file in manifest.files.values()] if manifest else []
        yield from filter(is_id, found)


def held_apps(cache: Cache) -> Iterator[tuple[str, str, Manifest, bool]]:
    """Server, app, manifest and whether it is the one before, of every release that is held; for looking at alone."""
    for name, held in _all_held(cache):
        _, server, app = name.split("\n", 2)
        for kept in (held.current, held.previous):
            if kept is not None and (manifest := read_manifest(cache, kept)) is not None:
                yield server, app, manifest, kept is not held.current


def read_manifest(cache: Cache, kept: Kept) -> Manifest | None:
    """The manifest of a release that is held; None when it is not in the cache, or nothing can be read from it."""
    data = manifest_bytes(cache, kept)
    try:
        return None if data is None else msgspec.json.decode(data, type=Manifest)
    except msgspec.DecodeError:
        return None


def manifest_bytes(cache: Cache, kept: Kept) -> bytes | None:
    """The bytes of a release's manifest, held against its id; None when they are not in the cache."""
    data = _spliced(cache, kept) if kept.whole else None
    return cache.get(kept.id) if data is None and is_id(kept.id) else data


def _spliced(cache: Cache, kept: Kept) -> bytes | None:
    """The bytes of a manifest that is held as differences; None when something of it is missing."""
    if not all(map(is_id, (kept.whole, *kept.files))) or not all(map(cache.has, kept.files)):
        return None
    whole = cache.get(kept.whole, is_checked=False)  # what is made of it is
    made = None if whole is None else spliced(whole, kept.splices)
    return made if made is not None and sha256_of(made).hex() == kept.id else None


def is_id(text: str) -> bool:
    """Whether a text may be a SHA-256 in hex."""
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


def _all_held(cache: Cache) -> Iterator[tuple[str, Held]]:
    """Every record that can be read, whoever wrote it, by its name."""
    for name in cache.record_names(f"{PREFIX}\n"):
        held = read_held(cache, name)
        if held is not None:
            yield name, held


def clean_up(cache: Cache, limit: int, *, grace_s: float = 600.0) -> int:
    """Remove what no held release needs once the cache is over ``limit`` bytes; answers the bytes freed.

    Raises:
        CacheError: see :meth:`kernel.cache.Cache.collect`.
    """
    return cache.collect(all_roots(cache), limit, grace_s=grace_s)
