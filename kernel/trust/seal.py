"""Seals: HMAC-SHA256 by a key of this person, so that a record that another program wrote is not believed.

On the way to the first paint: neither OpenSSL nor ``hmac`` is loaded.
"""

from __future__ import annotations

import os
from _operator import _compare_digest
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.cache.error import CacheError
from kernel.digest import sha256_of
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.cache import Cache

#: Bytes of a seal, and of the key.
SIZE = 32
_BLOCK = 64
_INNER, _OUTER = bytes(value ^ 0x36 for value in range(256)), bytes(value ^ 0x5C for value in range(256))


class SealError(CacheError):
    """The key of the seals cannot be made."""


def hmac_of(key: bytes, data: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) of ``data``, 32 bytes; ``key`` has at most 64."""
    padded = key.ljust(_BLOCK, b"\0")
    return sha256_of(padded.translate(_OUTER) + sha256_of(padded.translate(_INNER) + data))


def unsealed(sealed: bytes) -> bytes:
    """What is in a record, whoever sealed it."""
    return sealed[SIZE:]


class Seal:
    """Closes and opens records with the key in ``path``, which is made at the first record that is closed.

    Args:
        path: The key's file; readable by this person alone.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = os.fspath(path)
        self._key = b""

    def close(self, name: str, data: bytes) -> bytes:
        """``data`` with its seal; good under this name only.

        Raises:
            SealError: there is no key and none can be made.
        """
        return self._mark(self._known() or self._made(), name, data) + data

    def open(self, name: str, sealed: bytes) -> bytes | None:
        """The data of the record called ``name``; None when it was not sealed with this key for this name."""
        key, data = self._known(), sealed[SIZE:]
        if not key or not _compare_digest(sealed[:SIZE], self._mark(key, name, data)):
            return None
        return data

    def _mark(self, key: bytes, name: str, data: bytes) -> bytes:
        head = name.encode()
        return hmac_of(key, len(head).to_bytes(4, "big") + head + data)

    def _known(self) -> bytes:
        """The key; empty when there is none yet or what is there is none."""
        if not self._key:
            try:
                handle = os.open(self._path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0))
            except OSError:
                return b""
            with open(handle, "rb") as file:
                key = file.read(SIZE + 1)
            self._key = key if len(key) == SIZE else b""
        return self._key

    def _made(self) -> bytes:
        """A new key, unless another process makes one in the same moment: then that one."""
        folder = os.path.dirname(self._path)
        temporary = f"{self._path}-{os.getpid()}-{os.urandom(6).hex()}"
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(handle, os.urandom(SIZE))
                os.fsync(handle)
            finally:
                os.close(handle)
            self._settle(temporary)
        except OSError as error:
            raise SealError(
                mark(f"the key {self._path} cannot be made: {error.strerror or error}"),
                hint=mark("check who owns the directory, and whether the disk is full"),
            ) from error
        if not self._known():
            raise SealError(
                mark(f"the key {self._path} cannot be read"), hint=mark("remove it: releases are then fetched again")
            )
        return self._key

    def _settle(self, temporary: str) -> None:
        """Give the new key its name, unless a good one has it by now."""
        try:
            if os.path.lexists(self._path) and not self._known():
                os.unlink(self._path)  # damaged: what it sealed cannot be believed any more
            os.link(temporary, self._path)
        except FileExistsError:
            return
        finally:
            os.unlink(temporary)


class _NoSeal:
    """Records that nobody seals."""

    def close(self, name: str, data: bytes) -> bytes:
        """See :meth:`Seal.close`."""
        return bytes(SIZE) + data

    def open(self, name: str, sealed: bytes) -> bytes | None:
        """See :meth:`Seal.open`."""
        return unsealed(sealed)


NO_SEAL = _NoSeal()


class SealedRecords:
    """The records of a cache, each under a seal: what another program wrote is as if it were not there.

    Args:
        cache: Where they are kept.
        seal: This person's.
    """

    def __init__(self, cache: Cache, seal: Seal) -> None:
        self._cache, self._seal = cache, seal

    def read_record(self, name: str) -> bytes | None:
        """See :meth:`kernel.cache.Cache.read_record`."""
        sealed = self._cache.read_record(name)
        return None if sealed is None else self._seal.open(name, sealed)

    def write_record(self, name: str, data: bytes) -> None:
        """See :meth:`kernel.cache.Cache.write_record`."""
        self._cache.write_record(name, self._seal.close(name, data))
