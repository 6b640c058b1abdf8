"""What travels of releases: offers of manifests and packs of files, each made once whoever asks.

Releases that were offered are remembered for a while, so that who holds one hears of the next as a change of it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator

import msgspec

from kernel.delivery.offer import Offer
from kernel.delivery.pack import missing_paths, paths_of, runs_of, wanted_files
from kernel.delivery.packing import Packer
from kernel.delivery.zstd import deflate
from server.catalogue import Catalogue
from server.dictionary import Dictionaries
from server.published import Published
from server.repository import Repository

#: Releases that are remembered, and offers that are kept.
REMEMBERED, OFFERS = 64, 256
#: Bytes of new files that come along with a release, and are packed before anybody asks.
QUICK = 256 << 10
#: Manifests below this many bytes travel as they are.
_SMALL = 512


class Sending:
    """See the module. Safe from any thread.

    Args:
        repository: Where files are read.
        catalogue: The releases now.
    """

    def __init__(self, repository: Repository, catalogue: Catalogue) -> None:
        self._repository = repository
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Published] = OrderedDict()
        self._objects: dict[str, str] = {}
        self._offers: OrderedDict[tuple[str, str], Offer] = OrderedDict()
        self._making = threading.Lock()
        self.dictionaries = Dictionaries(self._read)
        self.packer = Packer(self._read)

    def offer(self, published: Published, have: str) -> Offer:
        """The release as it is sent to somebody who holds the release ``have``, or none; made once."""
        self._remember(published)
        with self._making:
            kept = self.kept(published, have)
            if kept is not None:
                return kept
            dictionary = self.dictionaries.of(published.manifest)
            base = self._base(published, have)
            made = _offer(published, base, dictionary, *self._along(published, base))
            with self._lock:
                self._offers[_key(published, base)] = made
                if len(self._offers) > OFFERS:
                    self._offers.popitem(last=False)
            return made

    def kept(self, published: Published, have: str) -> Offer | None:
        """What :meth:`offer` answers, if it was made before."""
        base = self._base(published, have)
        with self._lock:
            found = self._offers.get(_key(published, base))
        return found if found is not None and found.dictionary == self.dictionaries.of(published.manifest) else None

    def prepare(self, before: Published, after: Published) -> None:
        """Make what those who hold ``before`` are about to ask for, as far as that is quick."""
        self._remember(before)
        self.offer(after, before.release.id)

    def _base(self, published: Published, have: str) -> Published | None:
        """The release ``have`` of the same app, as long as it is remembered."""
        with self._lock:
            base = self._known.get(have)
        return base if base is not None and base.manifest.app == published.manifest.app else None

    def _along(self, published: Published, base: Published | None) -> tuple[tuple[int, ...], bytes]:
        """Places and packed bytes of the files that ``base`` has not; none when they are much."""
        manifest, former = published.manifest, base.manifest if base is not None else None
        here = {file.sha256 for file in former.files.values()} if former is not None else set()
        paths = missing_paths(manifest, {file.sha256 for file in manifest.files.values()} - here)
        if sum(manifest.files[path].size for path in paths) > QUICK:
            return (), b""
        return tuple(runs_of(manifest, paths)), b"".join(self.packer.pack(wanted_files(manifest, paths, former)))

    def find(self, app: str, release: str) -> Published | None:
        """A release of an app that is served now or was lately."""
        current = next((one for one in self._catalogue.channels(app).values() if one.release.id == release), None)
        if current is not None and current.release.id == release:
            self._remember(current)
            return current
        with self._lock:
            known = self._known.get(release)
        return known if known is not None and known.manifest.app == app else None

    def pieces(
        self, published: Published, base: Published | None, runs: list[int], dictionary: str, has_dictionary: bool
    ) -> Iterator[bytes]:
        """The files at the places ``runs`` of a release, as :mod:`kernel.delivery.pack` reads them.

        Args:
            published: The release.
            base: The one that the asker has, or None.
            runs: Places in the manifest: first, end, first, end, …
            dictionary: SHA-256 of the dictionary that the release was offered with, or empty.
            has_dictionary: Whether the asker has it.

        Raises:
            ValueError: there are no such places.
        """
        manifest = published.manifest
        wanted = wanted_files(manifest, paths_of(manifest, runs), base.manifest if base is not None else None)
        known = dictionary if self.dictionaries.read(dictionary) is not None else ""
        return self.packer.pack(wanted, known, has_dictionary=has_dictionary)

    def _remember(self, published: Published) -> None:
        id = published.release.id
        with self._lock:
            if id in self._known:
                self._known.move_to_end(id)
                return
            self._known[id] = published
            self._objects.update(published.blobs)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
                self._objects = {}
                for one in self._known.values():
                    self._objects.update(one.blobs)

    def _read(self, sha256: str) -> bytes | None:
        oid = self._objects.get(sha256)
        return self._repository.read(oid) if oid is not None else self.dictionaries.read(sha256)


def _key(published: Published, base: Published | None) -> tuple[str, str]:
    return published.release.id, base.release.id if base is not None else ""


def _offer(
    published: Published, base: Published | None, dictionary: str, runs: tuple[int, ...], files: bytes
) -> Offer:
    release = published.release
    data = release.manifest
    form, packed = "", data
    if base is not None:
        form, packed = "patch", deflate(data, base.release.manifest)
    elif len(data) >= _SMALL:
        form, packed = "zstd", deflate(data)
    if form and len(packed) >= len(data):
        form, packed = "", data
    return Offer(packed, release.signatures, form, len(data) if form else 0, dictionary, runs, files)


def bare(offer: Offer) -> Offer:
    """The same for who wants no files along with it."""
    return msgspec.structs.replace(offer, runs=(), files=b"")
