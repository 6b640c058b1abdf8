"""Records: small named things that change (which release is current), each a checksummed file of its own."""

from __future__ import annotations

import os
from struct import Struct

from kernel.cache.durable import TEMPORARY, Together, explain, open_plain, write_file
from kernel.digest import sha256_of

_HEAD = Struct(">8s32sI")
MAGIC = b"ESPREC01"
#: Bytes of a record that is read; two releases of 100,000 files have about half.
LARGEST = 128 << 20


class Records:
    """The records in ``directory``. Names are any text; a damaged record is as if it were not there."""

    def __init__(self, directory: str) -> None:
        self._directory = directory

    def read(self, name: str) -> bytes | None:
        """The record's bytes, or None when there is none or it is damaged."""
        found = _read(self._path(name))
        return found[1] if found is not None and found[0] == name else None

    def stamp(self, name: str) -> object:
        """What is another one once the record was written again; None when there is none."""
        try:
            facts = os.stat(self._path(name), follow_symlinks=False)
        except OSError:
            return None
        return facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns

    def write(self, name: str, data: bytes, *, is_durable: bool = True) -> None:
        """Replace the record; raises CacheError and keeps the old one when that cannot be done."""
        write_file(self._directory, _file_name(name), _pieces(name, data), is_durable=is_durable)

    def add(self, files: Together, name: str, data: bytes) -> None:
        """Replace the record together with other files; raises CacheError."""
        files.add(self._directory, _file_name(name), _pieces(name, data))

    def remove(self, name: str) -> None:
        """Forget the record; no error when there is none.

        Raises:
            CacheError: it cannot be removed.
        """
        try:
            os.unlink(self._path(name))
        except FileNotFoundError:
            return
        except OSError as error:
            raise explain(error, self._directory) from error

    def names(self, prefix: str = "") -> list[str]:
        """The names of the whole records that start with ``prefix``, sorted."""
        try:
            files = os.listdir(self._directory)
        except FileNotFoundError:
            return []
        found = (_read(os.path.join(self._directory, file)) for file in files if not file.startswith(TEMPORARY))
        return sorted(record[0] for record in found if record is not None and record[0].startswith(prefix))

    def _path(self, name: str) -> str:
        return os.path.join(self._directory, _file_name(name))


def _pieces(name: str, data: bytes) -> list[bytes]:
    body = name.encode() + data
    return [_HEAD.pack(MAGIC, sha256_of(body), len(name.encode())), body]


def _file_name(name: str) -> str:
    return sha256_of(name.encode()).hex()[:40]


def _read(path: str) -> tuple[str, bytes] | None:
    found = open_plain(path)
    if found is None:
        return None
    with open(found[0], "rb") as file:
        data = file.read() if found[1] <= LARGEST else b""
    if len(data) < _HEAD.size:
        return None
    magic, total, length = _HEAD.unpack_from(data)
    body = data[_HEAD.size :]
    if magic != MAGIC or length > len(body) or sha256_of(body) != total:
        return None
    try:
        return body[:length].decode(), body[length:]
    except UnicodeDecodeError:
        return None
