"""Versions of rows: a short hash of what is stored, so that a commit notices that somebody else has written.

A blob above 1 MiB counts by its size and its first 64 KiB, so that a page of rows does not read all of its blobs. What
remains: another program that changes such a blob only behind its first 64 KiB and leaves its size is not noticed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from kernel.tables.block import LARGE_BLOB
from kernel.tables.sqlite.name import quote

#: Bytes of a large blob that its row's version takes in, and letters from which on a text has a hash of its own.
HEAD = 1 << 16


def version_of(values: Sequence[Any], sizes: Mapping[int, int | None] | None = None, head: Any = None) -> str:
    """The version of one row.

    Args:
        values: The row's stored values; those of large blobs may be missing (None).
        sizes: Place among the values → bytes of the blob there, None when there is none.
        head: Place of a large blob → its first ``HEAD`` bytes.
    """
    parts = list(values)
    for place, value in enumerate(values):
        if value.__class__ is str and len(value) > HEAD:  # hashing lets go of Python's lock, writing it out does not
            parts[place] = (len(value), hashlib.blake2b(value.encode(errors="surrogatepass"), digest_size=16).digest())
    for place, size in (sizes or {}).items():
        if size is not None and size > LARGE_BLOB:
            value = parts[place]
            start = value[:HEAD] if isinstance(value, bytes) else head(place)
            parts[place] = (size, hashlib.blake2b(start, digest_size=16).digest())
    return hashlib.blake2b(repr(parts).encode(errors="surrogatepass"), digest_size=8).hexdigest()


def read_head(connection: sqlite3.Connection, table: str, column: str, rowid: int | None,
              key: Mapping[str, Any]) -> bytes:
    """The first bytes of a blob.

    Args:
        connection: Inside the transaction that read the row.
        table: The table's name.
        column: The blob's.
        rowid: The row's number; None where there is none, the blob is then read whole by the database.
        key: SQL of a key column → its stored value.
    """
    if rowid is not None:
        try:
            with connection.blobopen(table, column, rowid, readonly=True) as blob:
                return blob.read(HEAD)
        except sqlite3.OperationalError as error:
            if "cannot open" not in str(error):  # for instance: a table with generated columns
                raise
    where = " AND ".join(f"{sql} IS ?" for sql in key)
    sql = f"SELECT substr({quote(column)}, 1, {HEAD}) FROM {quote(table)} AS t0 WHERE {where} LIMIT 1"
    return connection.execute(sql, list(key.values())).fetchone()[0]
