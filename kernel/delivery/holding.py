"""The releases that one server's apps have in the cache: records that this person sealed, and their manifests."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from kernel.cache import Cache
from kernel.cache.durable import Together
from kernel.delivery.held import Held, Kept, manifest_bytes, read_held, record_name
from kernel.delivery.manifest_splice import SMALL, splices_of
from kernel.delivery.path import RULES, check_manifest
from kernel.release import Known, Manifest, Release, decode_manifest, known, remember
from kernel.trust.seal import NO_SEAL, Seal

#: Files that may be written with a manifest that is not written whole.
MOST_FILES = 32


class Holding:
    """See the module.

    Args:
        cache: Where they are.
        server: As the user knows the server; names the records.
        seal: Marks the records as this person's own; without one, nobody can tell who wrote them.
    """

    def __init__(self, cache: Cache, server: str, seal: Seal | None = None) -> None:
        self._cache, self._server, self._seal = cache, server, seal
        self._records: dict[str, tuple[object, Held | None]] = {}
        self._checked: dict[str, str] = {}

    def read(self, app: str) -> Held | None:
        """The record as it is on the disk; read again only when it was written since."""
        name = record_name(self._server, app)
        stamp = self._cache.record_stamp(name)
        before = self._records.get(app)
        if before is None or before[0] != stamp:
            before = self._records[app] = stamp, read_held(self._cache, name, self._seal or NO_SEAL)
        return before[1]

    def write(self, app: str, held: Held) -> None:
        """Replace the record, which is the switch to another release; raises CacheError."""
        with Together() as files:
            self.add(files, app, held)

    def add(self, files: Together, app: str, held: Held) -> None:
        """The same together with other files."""
        name = record_name(self._server, app)
        self._cache.add_record(files, name, (self._seal or NO_SEAL).close(name, msgspec.msgpack.encode(held)))

    def forget(self, app: str) -> None:
        """Hold nothing of the app any more; raises CacheError."""
        self._cache.remove_record(record_name(self._server, app))

    def kept(self, release: Release, manifest: Manifest, former: Kept | None, files: Collection[str]) -> Kept:
        """How a release is to be held: its manifest whole, or as its differences from one that is here whole.

        Args:
            release: The release.
            manifest: Its manifest.
            former: The release of the app that is held until now.
            files: SHA-256 of the files that are written with it.
        """
        found = Kept(release.id, len(release.manifest), manifest.channel)
        if former is None or len(release.manifest) < SMALL or len(files) > MOST_FILES:
            return found
        whole = former.whole or former.id
        data = self._cache.get(whole)
        splices = None if data is None else splices_of(release.manifest, data)
        if splices is None:
            return found
        return msgspec.structs.replace(found, whole=whole, splices=splices, files=tuple(files))

    def manifest(self, app: str, held: Held, kept: Kept) -> Known | None:
        """The manifest of a release of the record, checked; None when it is damaged or gone.

        Only who has a seal can tell that it was checked before: anybody may have written what nobody has sealed.

        Raises:
            ReleaseError: it is one that may not be opened.
        """
        found = known(kept.id)
        if found is None:
            data = manifest_bytes(self._cache, kept)
            if data is None:
                return None
            remember(kept.id, data, decode_manifest(data))
            found = Known(data, decode_manifest(data))
        is_checked = self._seal is not None and held.rules == RULES and kept is held.current
        if self._checked.get(app) != kept.id:
            if not is_checked:
                check_manifest(found.manifest, app)
            self._checked[app] = kept.id
        return found
