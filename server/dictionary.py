"""The compression dictionary of each app: made of its own texts, behind publishing, and named by its hash."""

from __future__ import annotations

import threading
from collections.abc import Callable
from hashlib import sha256

from kernel.release import Manifest

#: Bytes of a dictionary, of a file that it is made of, and of all those.
SIZE, SAMPLE, SAMPLES = 32 << 10, 64 << 10, 1 << 20
#: An app with fewer texts has none: what is short is sent whole.
FEWEST = 16


class Dictionaries:
    """One dictionary for each app; it stays while the server runs, so that clients keep it.

    Args:
        read: Bytes by SHA-256, or None.
    """

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._by_app: dict[str, str] = {}
        self._by_hash: dict[str, bytes] = {}
        self._making: threading.Thread | None = None

    def of(self, manifest: Manifest) -> str:
        """SHA-256 of the app's dictionary; empty when it has none, or none yet. The first call has it made."""
        with self._lock:
            found = self._by_app.get(manifest.app)
            if found is None:
                self._by_app[manifest.app] = found = ""
                arguments = (manifest, self._making)
                self._making = threading.Thread(
                    target=self._make, args=arguments, name="espalier-dictionary", daemon=True
                )
                self._making.start()
            return found

    def read(self, sha256: str) -> bytes | None:
        """A dictionary by its hash."""
        return self._by_hash.get(sha256)

    def settle(self) -> None:
        """Wait until what was begun is made."""
        if self._making is not None:
            self._making.join()

    def _make(self, manifest: Manifest, before: threading.Thread | None) -> None:
        if before is not None:  # one at a time
            before.join()
        made = train(self._samples(manifest))
        if made:
            name = sha256(made).hexdigest()
            self._by_hash[name] = made
            with self._lock:
                self._by_app[manifest.app] = name

    def _samples(self, manifest: Manifest) -> list[bytes]:
        """Texts from all over the app."""
        fitting = [file for file in manifest.files.values() if 0 < file.size <= SAMPLE]
        total = sum(file.size for file in fitting)
        step = max(1, total // SAMPLES)
        found = (self._read(file.sha256) for file in fitting[::step])
        return [data for data in found if data is not None and b"\0" not in data[:1024]]


def train(samples: list[bytes]) -> bytes:
    """A dictionary of what the samples have in common; empty when that is not worth it."""
    import zstandard

    if len(samples) < FEWEST or sum(map(len, samples)) < 4 * SIZE:
        return b""
    try:
        return zstandard.train_dictionary(SIZE, samples, k=200, d=8).as_bytes()
    except zstandard.ZstdError:  # nothing in common
        return b""
