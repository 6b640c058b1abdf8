"""Versions of rows for people who do not read every column.

A source's version is a hash of the whole row: whoever reads all but one of its columns could try values of that one
until the hash fits. Such people get the version under a secret of the server instead, and it is compared in that form.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from kernel.tables.block import Block
from kernel.tables.change import Insert, Key, Part
from server.granted_query import View

#: The secret's file, in the server's data directory.
FILE = "versions.key"
#: Bytes of the secret.
LENGTH = 32


class Seal:
    """Puts the versions of a source under a secret.

    Args:
        secret: Of the server, at most 64 bytes.
        place: The source's name, so that equal rows of two sources do not show that they are equal.
    """

    def __init__(self, secret: bytes, place: str = "") -> None:
        self._secret, self._place = secret, place

    def version(self, view: View, key: Key, version: str) -> str:
        """The version as the person has it; empty stays empty."""
        if not version or not is_partial(view):
            return version
        text = repr((self._place, view.whole.name, tuple(key), version))
        return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16, key=self._secret).hexdigest()

    def block(self, view: View, block: Block) -> Block:
        """The rows with their versions as the person has them."""
        if not is_partial(view):
            return block
        pairs = zip(block.keys, block.versions, strict=True)
        return Block(block.start, block.columns, block.keys, [self.version(view, *pair) for pair in pairs])


def is_partial(view: View) -> bool:
    """Whether the person does not read every column of the table."""
    return len(view.mine.columns) < len(view.whole.columns)


def without_versions(part: Part) -> Part:
    """The part as a source takes it that is not to check versions."""
    import msgspec

    changes = tuple(
        change if isinstance(change, Insert) or not change.version else msgspec.structs.replace(change, version="")
        for change in part.changes
    )
    return Part(part.table, changes)


def read_secret(directory: Path) -> bytes:
    """The server's secret; made anew when there is none, or none that others could not read.

    With another one each edit that is open meets one conflict.

    Raises:
        OSError, CacheError: it can be neither read nor written.
    """
    from kernel.cache.durable import write_file

    try:
        with (directory / FILE).open("rb") as file:
            secret = file.read(LENGTH + 1)
            if len(secret) == LENGTH and not os.fstat(file.fileno()).st_mode & 0o077:
                return secret
    except FileNotFoundError:
        pass
    secret = os.urandom(LENGTH)
    write_file(str(directory), FILE, [secret])
    return secret
