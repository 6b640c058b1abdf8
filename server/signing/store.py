"""The roles on the disk, a file each, and the server's own keys beside them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from securesystemslib.signer import CryptoSigner, SSlibKey

from kernel.cache.durable import Together, write_file
from kernel.cache.error import CacheError
from kernel.release import ReleaseError
from kernel.trust import key
from kernel.trust.document import decode
from server.error import SigningError

#: Unused keys that wait to take the place of those in use.
SPARES = 3
_SUFFIX = ".json"


class Signed(NamedTuple):
    """A role: its version, its bytes, and what they say."""

    version: int
    data: bytes
    content: Any


class Store:
    """Roles and keys below ``folder``, which only the server's own account should read.

    Args:
        folder: ``root.N.json``, ``targets.json``, ``apps/NAME.json`` and so on; keys are in ``keys``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key_folder = folder / "keys"
        self._files: Together | None = None

    @property
    def has_root(self) -> bool:
        """Whether there is anything to begin with."""
        return self._path("root.1").exists()

    def read(self) -> dict[str, Signed]:
        """All roles; ``root.N`` are the steps of the root.

        Raises:
            SigningError: one cannot be read. Nothing is made in its place, since its version is not known.
        """
        found = {}
        for path in sorted(self.folder.rglob(f"*{_SUFFIX}")):
            role = path.relative_to(self.folder).as_posix().removesuffix(_SUFFIX)
            try:
                data = path.read_bytes()
                content = decode("root" if role.startswith("root.") else role, data).signed
            except (OSError, ReleaseError) as error:
                raise SigningError(
                    f"the signed role {path} cannot be read: {error}",
                    hint="restore it, or all of that folder, from a backup",
                ) from error
            found[role] = Signed(content.version, data, content)
        return found

    def write(self, role: str, data: bytes) -> None:
        """Keep the role, durably.

        Raises:
            SigningError: it cannot be written; the one before is whole.
        """
        path = self._path(role)
        with self._telling(f"role {path}"):
            if self._files is not None:
                self._files.add(str(path.parent), path.name, [data])
            else:
                write_file(str(path.parent), path.name, [data])

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What is written within the block is on the disk when it ends, in its order; the disk is waited for once.

        Raises:
            SigningError: it cannot be written, as by :meth:`write`.
        """
        self._files = files = Together()
        try:
            yield
            with self._telling(f"roles in {self.folder}"):
                files.replace()
        finally:
            self._files = None
            files.drop()

    @contextlib.contextmanager
    def _telling(self, what: str) -> Iterator[None]:
        try:
            yield
        except CacheError as error:
            reason = getattr(error.__cause__, "strerror", "") or error.message
            raise SigningError(f"the signed {what} cannot be written: {reason}", hint=error.hint) from error

    def _path(self, role: str) -> Path:
        return self.folder / f"{role}{_SUFFIX}"

    # Keys

    def keys(self) -> dict[str, CryptoSigner]:
        """Id → key, of all that are here.

        Raises:
            KeyFileError: one cannot be used.
        """
        return {signer.public_key.keyid: signer for signer in key.in_folder(self.key_folder).values()}

    def make_key(self) -> CryptoSigner:
        """A new key, on the disk when this returns."""
        signer = key.new_signer()
        key.save(signer, self.key_folder / f"{signer.public_key.keyid[:16]}{key.SUFFIX}")
        return signer

    def drop_key(self, public: SSlibKey) -> None:
        """Remove a key that was replaced: it must not be used again."""
        (self.key_folder / f"{public.keyid[:16]}{key.SUFFIX}").unlink(missing_ok=True)


def lock(folder: Path) -> int:
    """Have the folder for this process alone; answers the descriptor that holds it.

    Raises:
        SigningError: another process has it.
    """
    import fcntl

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise SigningError(
            f"another process signs in {folder}", hint="name the running server by its address instead, or end it first"
        ) from error
    return descriptor
