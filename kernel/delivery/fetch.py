"""One fetch of what a release has and the cache has not: from the server, in one stream."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kernel.cache import Cache
from kernel.delivery.error import DeliveryError
from kernel.delivery.held import Base, dictionary_name
from kernel.delivery.pack import Unpacker, missing_paths, runs_of, wanted_files
from kernel.delivery.transfer import Keeping, Report, not_too_slow
from kernel.digest import prefer_openssl
from kernel.release import Manifest
from kernel.wire.error import FrameError


class Fetch:
    """See the module.

    Args:
        cache: Where files go.
        link: To the server.
        server: What messages call it.
        manifest: The release, checked.
        id: Its id.
        base: What is here of the app, or None.
        dictionary: SHA-256 of the app's dictionary as the server named it, or empty.
        report: Told how far it is.
    """

    def __init__(
        self,
        cache: Cache,
        link: Any,
        server: str,
        manifest: Manifest,
        id: str,
        base: Base | None = None,
        dictionary: str = "",
        report: Report | None = None,
    ) -> None:
        self._cache = cache
        self._link = link
        self._server = server
        self._manifest = manifest
        self._id = id
        self._base = base
        self._dictionary = dictionary
        self._report = report
        self._done = 0

    def run(self, missing: list[str]) -> None:
        """Fetch the files of these hashes.

        Raises:
            DeliveryError: what came is not what the release says.
            UnavailableError, RemoteError: the server is away, or does not have the release.
            CacheError: it cannot be written.
        """
        if not missing:  # another process has fetched them
            return
        prefer_openssl()
        wanted = wanted_files(self._manifest, missing_paths(self._manifest, missing), self._usable(missing))
        total = sum(file.size for file in wanted)
        has_dictionary = bool(self._dictionary) and self._cache.get(self._dictionary) is not None
        question = {
            "app": self._manifest.app,
            "release": self._id,
            "files": runs_of(self._manifest, [file.path for file in wanted]),
            "base": self._base.id if self._base is not None and any(file.base for file in wanted) else "",
            "dictionary": self._dictionary,
            "has_dictionary": has_dictionary,
        }
        pieces = self._link.stream("files", question)
        unpacker = Unpacker(wanted, self._cache.get, self._dictionary)
        keeping = Keeping(self._cache, self._server, total, self._report)
        try:
            keeping.keep(unpacker.unpack(not_too_slow(pieces, self._server)), unpacker)
        except FrameError as error:
            message = f"{self._server} sent something else than was asked for: {error.message}"
            raise DeliveryError(message, hint=error.hint) from error
        finally:
            close: Callable[[], None] | None = getattr(pieces, "close", None)
            if close is not None:
                close()
        if unpacker.taken is not None:
            self._cache.put_many([unpacker.taken])
            self._cache.write_record(dictionary_name(self._server, self._manifest.app), self._dictionary.encode())

    def _usable(self, missing: list[str]) -> Manifest | None:
        """The base, if all of it that new files may be changes of is here."""
        if self._base is None:
            return None
        wanted = wanted_files(self._manifest, missing_paths(self._manifest, missing), self._base.manifest)
        bases = [file.base for file in wanted if file.base]
        return self._base.manifest if not self._cache.missing(bases) else None
