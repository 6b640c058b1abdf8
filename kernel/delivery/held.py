"""What the cache holds of apps: records of the current and the previous release per (server, app)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from kernel.cache import Cache
from kernel.release import Manifest, Release
from kernel.trust.seal import Seal, unsealed

#: First word of the names of these records.
PREFIX = "release"
#: First word of the names of the records of dictionaries.
DICTIONARY = "dictionary"


class Held(msgspec.Struct, frozen=True):
    """The releases that are kept of one app: what runs now, and the one before it for windows still open.

    ``checked_at`` is when the server last said that ``current`` is its newest, seconds since the epoch; 0 = unknown.
    """

    current: Release
    previous: Release | None = None
    checked_at: float = 0.0


class Base(NamedTuple):
    """The release that is here, by id, whose files newer ones may come as changes of."""

    id: str
    manifest: Manifest


def record_name(server: str, app: str) -> str:
    """The record's name for an app of a server."""
    return f"{PREFIX}\n{server}\n{app}"


def dictionary_name(server: str, app: str) -> str:
    """The name of the record that says which compression dictionary of an app is here: its SHA-256 in hex."""
    return f"{DICTIONARY}\n{server}\n{app}"


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
    """The SHA-256 of every blob that some record needs, of all servers and apps: files and dictionaries."""
    for name in cache.record_names(f"{DICTIONARY}\n"):
        named = (cache.read_record(name) or b"").decode("ascii", "replace")
        if len(named) == 64 and not set(named) - set("0123456789abcdef"):
            yield named
    for name in cache.record_names(f"{PREFIX}\n"):
        held = read_held(cache, name)
        for release in (held.current, held.previous) if held else ():
            if release is not None:
                yield from _hashes(release)


def held_apps(cache: Cache) -> Iterator[tuple[str, str, Manifest, bool]]:
    """Server, app, manifest and whether it is the one before, of every release that is held; for looking at alone."""
    for name in cache.record_names(f"{PREFIX}\n"):
        _, server, app = name.split("\n", 2)
        held = read_held(cache, name)
        for release in (held.current, held.previous) if held else ():
            if release is not None and (manifest := _manifest(release)) is not None:
                yield server, app, manifest, release is not held.current


def _manifest(release: Release) -> Manifest | None:
    try:
        return msgspec.json.decode(release.manifest, type=Manifest)
    except msgspec.DecodeError:
        return None


def _hashes(release: Release) -> Iterable[str]:
    manifest = _manifest(release)
    return () if manifest is None else [file.sha256 for file in manifest.files.values()]


def clean_up(cache: Cache, limit: int, *, grace_s: float = 600.0) -> int:
    """Remove what no held release needs once the cache is over ``limit`` bytes; answers the bytes freed.

    Raises:
        CacheError: see :meth:`kernel.cache.Cache.collect`.
    """
    return cache.collect(all_roots(cache), limit, grace_s=grace_s)
