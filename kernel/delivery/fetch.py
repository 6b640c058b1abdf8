"""One fetch of what a release has and the cache has not: what came along with it, from its server in one stream, and
from mirrors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kernel.cache import Cache
from kernel.delivery.error import DeliveryError
from kernel.delivery.held import Base
from kernel.delivery.mirror import Mirror
from kernel.delivery.offer import Offer
from kernel.delivery.pack import Unpacker, Wanted, missing_paths, paths_of, runs_of, wanted_files
from kernel.delivery.progress import Report, current_report
from kernel.delivery.transfer import Keeping, not_too_slow
from kernel.digest import prefer_openssl
from kernel.release import Manifest
from kernel.tables.error import UnavailableError
from kernel.wire.error import FrameError, RemoteError
from kernel.words import mark

#: Bytes from which on mirrors are asked before the server, which knows what changes and sends that alone.
MUCH = 256 << 10


class Fetch:
    """See the module.

    Args:
        cache: Where files go.
        link: To the server.
        server: What messages call it.
        manifest: The release, checked.
        id: Its id.
        base: What is here of the app, or None.
        offer: How the server offered the release, or None when that was earlier.
        dictionary: SHA-256 of the app's dictionary that is here, or empty.
        report: Told how far it is; without one, who follows this thread's fetches.
        mirrors: Places that may have files; see :class:`kernel.delivery.mirror.Mirror`.

    Attributes:
        dictionary: That of the app that is here afterwards.
    """

    def __init__(
        self,
        cache: Cache,
        link: Any,
        server: str,
        manifest: Manifest,
        id: str,
        base: Base | None = None,
        offer: Offer | None = None,
        dictionary: str = "",
        report: Report | None = None,
        mirrors: Iterable[str] = (),
    ) -> None:
        self._cache = cache
        self._link = link
        self._server = server
        self._manifest = manifest
        self._id = id
        self._base = base
        self._offer = offer or Offer(b"")
        self.dictionary = dictionary
        self._report = report or current_report()
        self._mirrors = list(mirrors)
        self._keeping = Keeping(cache, server, 0, self._report)

    def run(self, missing: list[str], *others: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        """Fetch the files of these hashes: much from mirrors first, the rest from the server.

        Args:
            missing: SHA-256 in hex.
            others: Digest and bytes of what is to be kept with them.

        Returns:
            Digest and bytes of what is still to be written; everything else is on the disk.

        Raises:
            DeliveryError: what came is not what the release says.
            UnavailableError, RemoteError: the server is away, or does not have the release; neither has a mirror it.
            CacheError: it cannot be written.
        """
        prefer_openssl()
        self._keeping.missing = set(missing)
        self._keeping.total = sum(file.size for file in self._wanted(missing))
        try:
            self._from_all(missing)
        except BaseException:
            self._keeping.finish()  # what came is kept in any case
            raise
        return self._keeping.rest(*others)

    def _from_all(self, missing: list[str]) -> None:
        if self._keeping.total > MUCH:
            missing = self._from_mirrors(missing)
        try:
            missing = self._from_offer(missing)
            if missing:
                self._from_server(missing)
        except (UnavailableError, RemoteError, DeliveryError):
            self._keeping.finish()
            missing = self._cache.missing(missing, is_checked=False)
            if not missing or self._from_mirrors(missing):
                raise

    def _from_offer(self, missing: list[str]) -> list[str]:
        """Take what came along with the release; answers what is missing then."""
        if not self._offer.files or not missing:
            return missing
        try:
            paths = paths_of(self._manifest, self._offer.runs)
        except ValueError as error:
            raise DeliveryError(mark(f"{self._server} sent something else than was asked for: {error}")) from error
        wanted = wanted_files(self._manifest, paths, self._base.manifest if self._base is not None else None)
        self._keep(iter([self._offer.files]), Unpacker(wanted, self._cache.get), self._server)
        come = {file.sha256 for file in wanted}
        return [sha256 for sha256 in missing if sha256 not in come]

    def _from_server(self, missing: list[str]) -> None:
        wanted, named = self._wanted(missing, self._usable(missing)), self._offer.dictionary
        question = {
            "app": self._manifest.app,
            "release": self._id,
            "files": runs_of(self._manifest, [file.path for file in wanted]),
            "base": self._base.id if self._base is not None and any(file.base for file in wanted) else "",
            "dictionary": named,
            "has_dictionary": bool(named) and named == self.dictionary and self._cache.get(named) is not None,
        }
        unpacker = Unpacker(wanted, self._cache.get, named)
        self._keep(self._link.stream("files", question), unpacker, self._server)
        if unpacker.taken is not None:
            self.dictionary = named

    def _from_mirrors(self, missing: list[str]) -> list[str]:
        """Fetch from one mirror after the other, each once; answers what none of them had."""
        while missing and self._mirrors:
            place = self._mirrors.pop(0)
            try:
                mirror = Mirror(place)
                try:
                    self._from_mirror(mirror, missing)
                finally:
                    mirror.close()
            except DeliveryError as error:
                import logging

                logging.getLogger("espalier").warning("the mirror %s is left out: %s", place, error.message)
            self._keeping.finish()
            missing = self._cache.missing(missing, is_checked=False)
        return missing

    def _from_mirror(self, mirror: Mirror, missing: list[str]) -> None:
        """Take the release's pack when most of it is missing, else file by file."""
        every = self._wanted(file.sha256 for file in self._manifest.files.values())
        wanted = self._wanted(missing)
        if len(wanted) * 2 > len(every):
            self._keep(mirror.pack(self._id), Unpacker(every, self._cache.get), mirror.place)
        else:
            self._keep(mirror.files(wanted), Unpacker(wanted, self._cache.get), mirror.place)

    def _keep(self, pieces: Iterator[bytes], unpacker: Unpacker, sender: str) -> None:
        self._keeping.sender = sender
        try:
            self._keeping.keep(unpacker.unpack(not_too_slow(pieces, sender)), unpacker)
        except FrameError as error:
            message = f"{sender} sent something else than was asked for: {error.message}"
            raise DeliveryError(message, hint=error.hint) from error
        finally:
            close: Callable[[], None] | None = getattr(pieces, "close", None)
            if close is not None:
                close()

    def _wanted(self, hashes: Iterable[str], base: Manifest | None = None) -> list[Wanted]:
        return wanted_files(self._manifest, missing_paths(self._manifest, hashes), base)

    def _usable(self, missing: list[str]) -> Manifest | None:
        """The base, if all of it that new files may be changes of is here."""
        if self._base is None:
            return None
        bases = [file.base for file in self._wanted(missing, self._base.manifest) if file.base]
        return self._base.manifest if not self._cache.missing(bases) else None
