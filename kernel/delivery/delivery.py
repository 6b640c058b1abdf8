"""Delivery: an app's verified release, from the cache at once or from its server when there is a newer one.

The switch to a new release is one record, written after every blob is on the disk; until then, and whenever
something is wrong with the new one, the old one stays. Only what :class:`kernel.release.Trust` accepts is used.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from kernel.cache import Cache, CacheError
from kernel.cache.durable import Together
from kernel.delivery.error import DeliveryError
from kernel.delivery.fitting import check_channel, check_shell
from kernel.delivery.held import Base, Held, record_name
from kernel.delivery.holding import Holding
from kernel.delivery.machine import hashes_for_here
from kernel.delivery.path import RULES, check_manifest, new_files
from kernel.digest import sha256_of
from kernel.release import File, Manifest, Proof, Release, ReleaseError, Trust, Unsigned
from kernel.tables.error import UnavailableError
from kernel.trust.seal import NO_SEAL
from kernel.wire.error import RemoteError
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.delivery.offer import News, Offer
    from kernel.delivery.progress import Report
    from kernel.trust.seal import Seal
    from kernel.wire.link import Link

#: Seconds within which a release that was checked is not noted as checked again.
CHECKED_S = 30.0


class AppEntry(msgspec.Struct, frozen=True):
    """One row of a server's catalogue; ``release`` is the id of the app's newest release."""

    name: str
    title: str = ""
    version: str = ""
    icon: str = ""
    doc: str = ""
    release: str = ""


class Opened(NamedTuple):
    """An app's release and whether its server was asked: ``problem`` says why it could not be."""

    manifest: Manifest
    is_fresh: bool
    problem: str = ""


class Catalogue(msgspec.Struct):
    """The answer of the command ``apps``."""

    apps: tuple[AppEntry, ...]


class Delivery:
    """Releases of one server's apps.

    Args:
        cache: Where blobs and records are kept.
        server_name: As the user knows the server; names the records.
        link_factory: Answers the link to the server; called on the first need of the network only.
        trust: Who says that a release may run; without one, everything that is well formed.
        seal: Marks the records of releases as this person's own; without one, nobody can tell who wrote them.
        mirrors: Folders and web addresses that may have files of releases by hash.
        shell_version: Answers the shell's version, where releases that need a newer one are to be refused.

    Attributes:
        refused: App → why its cached release may not run any more.
    """

    def __init__(
        self,
        cache: Cache,
        server_name: str,
        link_factory: Callable[[], Link],
        trust: Trust | None = None,
        seal: Seal | None = None,
        mirrors: Sequence[str] = (),
        shell_version: Callable[[], str] | None = None,
    ) -> None:
        self._shell_version = shell_version
        self.cache = cache
        self.server_name = server_name
        self.trust: Trust = trust or Unsigned()
        self.refused: dict[str, ReleaseError] = {}
        self._seal = seal
        self._mirrors = tuple(mirrors)
        self._link_factory = link_factory
        self._link: Link | None = None
        self._holding = Holding(cache, server_name, seal)
        #: App → the release that was found whole in the cache; what is damaged later is found by reading it.
        self._whole: dict[str, str] = {}

    @property
    def link(self) -> Link:
        """The link to the server, made now if it was not needed before."""
        if self._link is None:
            self._link = self._link_factory()
        return self._link

    # An app

    def cached(self, app: str) -> Manifest | None:
        """The last good release, verified, without the network; None when there is none."""
        held = self._held(app)
        return held[1].manifest if held is not None else None

    def release_id(self, app: str) -> str:
        """The id of the cached release; empty when there is none."""
        held = self._held(app)
        return held[0].current.id if held is not None else ""

    def checked_at(self, app: str) -> float:
        """When the server last said that the cached release is its newest, seconds since the epoch; 0 = unknown."""
        held = self._held(app)
        return held[0].checked_at if held is not None else 0.0

    def proof(self) -> Proof | None:
        """See :meth:`kernel.release.Trust.proof`."""
        return self.trust.proof()

    def refresh(self, app: str, channel: str = "stable", report: Report | None = None) -> Manifest:
        """The newest release, with every blob in the cache.

        One round trip when nothing has changed or little, else one more. Whether an older release than the one here
        may come is the trust's to say (:meth:`Trust.check_age`): going back is publishing the old files anew.

        Args:
            app: Its name.
            channel: Of which channel.
            report: Told how far it is, on this thread.

        Raises:
            UnavailableError: the server cannot be reached; the cached release is as it was.
            RemoteError: the server has no such app (code ``not_found``), or failed.
            ReleaseError, DeliveryError: what came is refused; the cached release is as it was.
            CacheError: the disk is full or may not be written.
        """
        held = self._held(app)
        news = self._asked(app, channel, held[1].id if held is not None else "")
        if news.release is not None:
            return self._take(app, channel, news.release, news.metadata, held, report)
        self.trust.take(app, news.metadata)
        if held is None:
            raise DeliveryError(mark(f"{self.server_name} answered without a release of '{app}'"))
        record, base = held
        self.trust.confirm(app, record.current.channel, base.id, record.current.size)
        self._note_check(app, self._mended(app, record, base.manifest, report))
        return base.manifest

    def _take(
        self,
        app: str,
        channel: str,
        offer: Offer,
        metadata: dict[str, bytes],
        held: tuple[Held, Base] | None,
        report: Report | None,
    ) -> Manifest:
        """Have the release that was offered: verified, checked, whole in the cache, and held at last."""
        base = held[1] if held is not None else None
        former = base.manifest if base is not None else None
        release = self._opened(app, offer, metadata, base)
        try:
            manifest = self.trust.accept(app, metadata, release, base.id if base is not None else "")
            new = manifest.files if former is None else new_files(manifest, former)
            check_manifest(manifest, app, former, new)
            check_channel(manifest, channel)
            if manifest.min_shell and self._shell_version is not None:
                check_shell(manifest, self._shell_version())
            self.trust.check_age(former, manifest)
            self._switch(manifest, new, release, offer, held, report)
        finally:
            self.trust.settle()
        return manifest

    def latest(self, app: str) -> Opened:
        """The newest release when the server answers with a good one, else the cached one and why.

        Raises:
            UnavailableError, RemoteError, ReleaseError, DeliveryError: as :meth:`refresh`, when nothing is cached.
        """
        try:
            return Opened(self.refresh(app), True)
        except (UnavailableError, ReleaseError, DeliveryError) as error:
            manifest = self.cached(app)
            if manifest is None:
                raise
            return Opened(manifest, False, str(error))

    def read(self, manifest: Manifest, path: str) -> bytes:
        """The bytes of a file of the release, checked; fetched again when the cache's copy is damaged.

        Raises:
            DeliveryError: the release has no such file, or it is damaged and the server cannot be asked.
        """
        file = manifest.files.get(path)
        if file is None:
            from kernel.nearest import did_you_mean

            raise DeliveryError(
                mark(f"the app '{manifest.app}' has no file '{path}'"), hint=did_you_mean(path, manifest.files)
            )
        data = self.cache.get(file.sha256)
        if data is None:
            try:
                self._fetch_missing(manifest, also=file.sha256)
            except UnavailableError as error:
                raise DeliveryError(
                    mark(f"the cached copy of '{path}' is missing or damaged and {self.server_name} is away"),
                    hint=mark("start again when the server can be reached"),
                ) from error
            except RemoteError as error:
                raise DeliveryError(
                    mark(
                        f"the cached copy of '{path}' is missing or damaged, and {self.server_name} cannot send it "
                        f"again: {error.message}"
                    ),
                    hint=mark("reload the app to get its newest release"),
                ) from error
            data = self.cache.get(file.sha256)
        if data is None or len(data) != file.size:
            raise DeliveryError(mark(f"the file '{path}' of '{manifest.app}' is not what its release says"))
        return data

    def reader(self, manifest: Manifest) -> Callable[[str], bytes]:
        """``read`` for one release, as the layout loader wants it."""
        return lambda path: self.read(manifest, path)

    def forget(self, app: str) -> None:
        """Drop the app's release; its blobs go with the next clean-up."""
        self._holding.forget(app)

    # The catalogue

    def apps(self) -> list[AppEntry]:
        """The server's apps, asked now and kept for :meth:`cached_apps`.

        Raises:
            UnavailableError, RemoteError, CacheError: as :meth:`refresh`.
        """
        catalogue: Catalogue = self.link.call("apps", {}, type=Catalogue)
        data = msgspec.msgpack.encode(catalogue)
        name = f"apps\n{self.server_name}"
        sealed = (self._seal or NO_SEAL).close(name, data)
        if self.cache.read_record(name) != sealed:
            self.cache.write_record(name, sealed)
        return list(catalogue.apps)

    def cached_apps(self) -> list[AppEntry]:
        """The apps as the server named them last; empty when it was never asked."""
        name = f"apps\n{self.server_name}"
        sealed = self.cache.read_record(name)
        data = None if sealed is None else (self._seal or NO_SEAL).open(name, sealed)
        if data is None:
            return []
        try:
            return list(msgspec.msgpack.decode(data, type=Catalogue).apps)
        except msgspec.DecodeError:
            return []

    # Inside

    def _asked(self, app: str, channel: str, have: str) -> News:
        """What the server answers, its roles whole; asked again where it takes others for those that are here."""
        from kernel.delivery.offer import News

        question = self._question(app, channel, have)
        news: News = self.link.call("release", question, type=News)
        if not news.changes:
            return news
        try:
            news.metadata |= self.trust.whole(news.changes)
        except ReleaseError:
            news = self.link.call("release", question | {"with_changes": False}, type=News)
            if news.changes:
                raise
        return news

    def _question(self, app: str, channel: str, have: str) -> dict[str, Any]:
        question: dict[str, Any] = {"app": app, "have": have, "with_files": True, "with_changes": True}
        if channel != "stable":
            question["channel"] = channel
        seen = self.trust.seen(app)
        return question if seen is None else question | {"seen": seen}

    def _opened(self, app: str, offer: Offer, metadata: dict[str, bytes], base: Base | None) -> Release:
        """The release as it was offered; what the metadata prove is kept also when it cannot be unpacked."""
        from kernel.delivery.offer import opened

        try:
            return opened(offer, Release(base.data) if base is not None else None)
        except ReleaseError:
            self.trust.take(app, metadata)
            raise

    def _held(self, app: str) -> tuple[Held, Base] | None:
        """The record and its verified release; None when there is none or it is refused now."""
        held = self._holding.read(app)
        self.refused.pop(app, None)
        for kept in (held.current, held.previous) if held else ():
            if held is None or kept is None:
                continue
            try:
                self.trust.recheck(app, kept.id)
                found = self._holding.manifest(app, held, kept)
            except ReleaseError as error:
                self.refused.setdefault(app, error)
                continue  # no longer trusted: the one before may still be
            if found is not None:
                is_current = kept is held.current
                record = held if is_current else Held(kept, checked_at=held.checked_at, dictionary=held.dictionary)
                return record, Base(kept.id, found.manifest, found.data)
            self.refused.setdefault(app, ReleaseError(mark(f"the cached release of '{app}' is missing or damaged")))
        return None

    def _note_check(self, app: str, held: Held) -> None:
        """Note that the release was checked now. A cache that cannot be written loses nothing but this time."""
        now = time.time()
        if abs(now - held.checked_at) < CHECKED_S:
            return
        try:
            self._holding.write(app, msgspec.structs.replace(held, checked_at=now))
        except CacheError:
            return

    def _mended(self, app: str, held: Held, manifest: Manifest, report: Report | None) -> Held:
        """The record, once all of its release is in the cache."""
        id = held.current.id
        if self._whole.get(app) != id and not self.cache.are_there(held.places):
            self._fetch_missing(manifest, report)
            held = msgspec.structs.replace(held, places=self.cache.holders(hashes_for_here(manifest)))
        self._whole[app] = id
        return held

    def _switch(
        self, manifest: Manifest, new: Mapping[str, File], release: Release, offer: Offer,
        held: tuple[Held, Base] | None, report: Report | None,
    ) -> None:  # fmt: skip
        """Have all of a release in the cache and hold it from now on; ``new`` are the files that are otherwise in it.

        The last files are written together with the record: where a power cut leaves the record without them, its
        manifest is missing too, and the release before it opens.
        """
        from kernel.delivery.fetch import Fetch

        former, base = held or (None, None)
        places = former.places if former is not None and self.cache.are_there(former.places) else ()
        id, app, hashes = release.id, manifest.app, hashes_for_here(manifest, new if places else None)
        fetch = Fetch(
            self.cache, self.link, self.server_name, manifest, id, base, offer,
            former.dictionary if former is not None else "", report, self._mirrors,
        )  # fmt: skip
        previous = former.current if former is not None and former.current.id != id else None
        with self._turn(app, hashes) as missing, Together() as files:
            current = self._holding.kept(release, manifest, former.current if former is not None else None, missing)
            whole = () if current.whole else ((bytes.fromhex(id), release.manifest),)
            rest = fetch.run(missing, *whole)
            written = self.cache.add(files, rest)
            here = self.cache.holders({*hashes, current.whole or id} - {digest.hex() for digest, _ in rest})
            places = tuple(dict.fromkeys((*places, *here, *written)))
            self._holding.add(files, app, Held(current, previous, time.time(), RULES, places, fetch.dictionary))
        self._whole[app] = id

    def _fetch_missing(self, manifest: Manifest, report: Report | None = None, also: str = "") -> None:
        """Have every file of a release that is held in the cache, and its manifest; ``also`` one that is not needed."""
        from kernel.delivery.fetch import Fetch

        data = manifest.encode()
        id = sha256_of(data).hex()
        wanted = hashes_for_here(manifest) | {id} | ({also} if also else set())
        with self._turn(manifest.app, wanted) as missing:
            fetch = Fetch(self.cache, self.link, self.server_name, manifest, id, report=report, mirrors=self._mirrors)
            rest = fetch.run([sha256 for sha256 in missing if sha256 != id], (bytes.fromhex(id), data))
            self.cache.put_checked(rest)

    @contextlib.contextmanager
    def _turn(self, app: str, hashes: set[str]) -> Iterator[list[str]]:
        """Within the block this process alone fetches the app; those of ``hashes`` that are missing then."""

        def missing() -> list[str]:
            return self.cache.missing(hashes, is_checked=False)

        found = missing()
        if not found:
            yield found
            return
        with self.cache.turn(record_name(self.server_name, app), missing):
            yield missing()
