"""Compiled code that is kept: one file for each app or wheel, each piece named by the hash of its source.

Compiled code is code: whoever may write it may run anything. So every piece is sealed by the person's own key, which no
cache holds, and what does not bear the seal is compiled again. A file that cannot be written is gone on without.
"""

from __future__ import annotations

import marshal
import os
import sys
import threading
from _blake2 import blake2b
from _frozen_importlib_external import MAGIC_NUMBER
from collections.abc import Callable
from types import CodeType

from kernel.error import EspalierError

#: Changes with the file's form, Python's bytecode and its switches.
HEAD = b"espalier code 1\n" + MAGIC_NUMBER + bytes([sys.flags.optimize])
_SEAL = 32
#: What looking into a file that is damaged, or is not there, may end in.
_DAMAGED = (OSError, ValueError, EOFError, TypeError)

#: SHA-256 of the source → (where in the file, bytes, seal).
_Index = dict[bytes, tuple[int, int, bytes]]


class CompiledCode:
    """The compiled code of one app or wheel.

    Args:
        path: The file, in a directory that is the person's alone; need not exist.
        key: The person's key, 16 to 64 bytes; asked for at the first need. Without one nothing is kept.
    """

    def __init__(self, path: str | os.PathLike[str], key: Callable[[], bytes]) -> None:
        self._path = os.fspath(path)
        self._find_key = key
        self._found_key: bytes | None = None
        self._lock = threading.Lock()
        self._index: _Index | None = None
        self._content = b""
        self._fresh: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()

    def get(self, digest: bytes) -> CodeType | None:
        """The code whose source has this SHA-256; None when it is to be compiled."""
        with self._lock:
            self._used.add(digest)
            data = self._fresh.get(digest) or self._kept(digest)
        return marshal.loads(data) if data is not None else None

    def put(self, digest: bytes, code: CodeType) -> None:
        """Keep what was compiled; on the disk by the next :meth:`write`."""
        data = marshal.dumps(code)
        with self._lock:
            self._fresh[digest] = data

    def write(self) -> bool:
        """Write the file anew when something was compiled; what this process did not use goes.

        Returns:
            Whether it is on the disk.
        """
        with self._lock:
            if not self._fresh:
                return True
            if not self._key:
                return False
            pieces = {digest: data for digest in self._used if (data := self._kept(digest)) is not None} | self._fresh
            content = self._packed(pieces)
            if not _replace(self._path, content):
                return False
            self._fresh.clear()
            self._index, self._content = self._read(content), content
            return True

    def _kept(self, digest: bytes) -> bytes | None:
        """The piece as it is in the file, once its seal was looked at."""
        if self._index is None:
            self._index = self._opened()
        found = self._index.get(digest)
        if found is None:
            return None
        at, length, seal = found
        data = self._content[at : at + length]
        return data if self._sealed(digest, data) == seal else None

    @property
    def _key(self) -> bytes:
        if self._found_key is None:
            try:
                self._found_key = self._find_key()
            except EspalierError:  # whoever needs the key for more than speed tells of it
                self._found_key = b""
        return self._found_key

    def _opened(self) -> _Index:
        try:
            with open(self._path, "rb") as file:
                self._content = file.read()
            return self._read(self._content) if self._key else {}
        except _DAMAGED:
            return {}

    def _read(self, content: bytes) -> _Index:
        """The index of a file. NOTE: marshal may run amok on bytes of others, so the seal is looked at first."""
        start = len(HEAD) + _SEAL + 8
        length = int.from_bytes(content[start - 8 : start], "little")
        index = content[start : start + length]
        if not content.startswith(HEAD) or len(index) != length:
            return {}
        if self._sealed(b"index", index) != content[len(HEAD) : len(HEAD) + _SEAL]:
            return {}
        return {digest: (at + start + length, *rest) for digest, (at, *rest) in marshal.loads(index).items()}

    def _packed(self, pieces: dict[bytes, bytes]) -> bytes:
        rows, at = {}, 0
        for digest, data in pieces.items():
            rows[digest] = (at, len(data), self._sealed(digest, data))
            at += len(data)
        index = marshal.dumps(rows)
        head = HEAD + self._sealed(b"index", index) + len(index).to_bytes(8, "little")
        return b"".join((head, index, *pieces.values()))

    def _sealed(self, name: bytes, data: bytes) -> bytes:
        seal = blake2b(HEAD + name, digest_size=_SEAL, key=self._key)
        seal.update(data)
        return seal.digest()


def _replace(path: str, content: bytes) -> bool:
    """Write a file as a whole; without waiting for the disk, since one that is cut short bears no seal."""
    part = f"{path}.{os.getpid()}-{os.urandom(4).hex()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "wb") as file:
            file.write(content)
        os.replace(part, path)
    except OSError:
        _drop(part)
        return False
    return True


def _drop(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return  # never begun
