"""Checked layouts kept in the cache, so that each version of an app's files is read once.

A record holds the names and hashes of all files with the layout; it counts only while all of them are the
same, under the same kind table. A hit imports neither the reader nor the checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

import msgspec

from kernel.digest import sha256_of
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.node import Layout

if TYPE_CHECKING:
    from layouts.known import Known

#: Changes whenever the same files would give another tree: language, records, checks.
FORMAT = "2.2"


class Records(Protocol):
    """What is needed of :class:`kernel.cache.Cache`."""

    def read_record(self, name: str) -> bytes | None:
        """The record's bytes, or None."""

    def write_record(self, name: str, content: bytes) -> None:
        """Keep the record."""


class _Record(msgspec.Struct, array_like=True):
    """One checked layout; ``files`` are (path, SHA-256) of everything that it was read from."""

    files: list[tuple[str, bytes]]
    layout: Layout


_decoder = msgspec.msgpack.Decoder(_Record)


def load_compiled(
    records: Records,
    path: str,
    read_file: Callable[[str], bytes | None],
    *,
    kinds: Mapping[str, Kind] = BUILT_IN,
    known: Known | None = None,
) -> Layout:
    """What :func:`layouts.load.load_layout` answers leniently, from the cache when its files are unchanged.

    Args:
        records: The cache.
        path, read_file, kinds, known: As there.

    Raises:
        LayoutError: as there; a layout with errors is never kept.
    """
    name = "layout:" + _fingerprint(path, read_file, kinds, known)
    found = _read(records, name, read_file, known)
    if found is not None:
        return found
    from layouts.load import load_layout

    contents: dict[str, bytes | None] = {}

    def read_once(file: str) -> bytes | None:
        if file not in contents:
            contents[file] = _content(read_file, file)
        return contents[file]

    layout = load_layout(path, read_once, kinds=kinds, known=known, is_lenient=True)
    files = [(file, sha256_of(contents[file] or b"")) for file in layout.files]
    records.write_record(name, msgspec.msgpack.encode(_Record(files, layout)))
    return layout


def _read(
    records: Records, name: str, read_file: Callable[[str], bytes | None], known: Known | None
) -> Layout | None:
    """The kept layout, or None when there is none, it is damaged, or a file or what a widget requires is another."""
    content = records.read_record(name)
    if content is None:
        return None
    try:
        record = _decoder.decode(content)
    except msgspec.MsgspecError:
        return None
    for file, digest in record.files:
        now = _content(read_file, file)
        if now is None or sha256_of(now) != digest:
            return None
    offer = known.offer if known is not None else None
    if offer is not None and any(offer.version(one) != here for one, here in record.layout.needs.items()):
        return None
    return record.layout


def _content(read_file: Callable[[str], bytes | None], file: str) -> bytes | None:
    try:
        return read_file(file)
    except (OSError, KeyError):
        return None


def _fingerprint(
    path: str, read_file: Callable[[str], bytes | None], kinds: Mapping[str, Kind], known: Known | None
) -> str:
    """SHA-256 in hex over the main file, the kind table, what is known around, and the format."""
    content = _content(read_file, path)
    parts = (FORMAT, path, repr(sorted(kinds.items())), _text_of(known))
    head = b"".join(part.encode("utf-8", "surrogatepass") + b"\0" for part in parts)
    return sha256_of(head + (content or b"")).hex()


def _text_of(known: Known | None) -> str:
    if known is None:
        return ""
    schemas = None if known.schemas is None else sorted(known.schemas.items())
    commands, icons = (None if names is None else sorted(names) for names in (known.commands, known.icons))
    return repr((schemas, commands, icons))
