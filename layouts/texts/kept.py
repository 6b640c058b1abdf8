"""Catalogues kept in the cache by their contents, so that each version is read once per machine."""

from __future__ import annotations

import msgspec

from kernel.digest import sha256_of
from layouts.compiled import Records
from layouts.texts.catalogue import Catalogue, read_catalogue

_FORMAT = "texts:1:"


def kept_catalogue(records: Records, path: str, content: bytes) -> Catalogue:
    """The catalogue of a .po file, as :func:`layouts.texts.catalogue.read_catalogue`.

    Args:
        records: The cache.
        path, content: As there.

    Raises:
        CatalogueError: as there; nothing is kept then.
    """
    name = _FORMAT + sha256_of(content).hex()
    known = records.read_record(name)
    if known is not None:
        try:
            return msgspec.msgpack.decode(known, type=Catalogue)
        except msgspec.MsgspecError:
            pass  # A record that is damaged is made anew.
    found = read_catalogue(content, path)
    records.write_record(name, msgspec.msgpack.encode(found))
    return found
