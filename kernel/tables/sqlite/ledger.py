"""Commits that were written before, kept in the database itself, so that one that comes again is not done twice.

A row is written in the transaction of its commit: after a crash either both are there or neither. The table is made
by the first commit that has an id, which only a source server's commits have; it is no table of the source.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Sequence

from kernel.tables.change import Committed, Part
from kernel.tables.outcome import check_same
from kernel.tables.sqlite.introspect import LEDGER

#: Seconds that a commit is remembered.
KEEP_S = 400 * 24 * 3600
#: Notes that were taken before they are forgotten.
FORGET_EVERY = 250
#: Commits between two looks for what need not be remembered any more.
_SWEEP = 1_000
_CREATE = (
    f"CREATE TABLE {LEDGER} (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest BLOB NOT NULL,"
    " made INTEGER NOT NULL, answer BLOB NOT NULL, note BLOB)"
)
_INDEX = f"CREATE INDEX {LEDGER}_notes ON {LEDGER} (number) WHERE note IS NOT NULL"


def find(connection: sqlite3.Connection, id: str, parts: Sequence[Part]) -> tuple[Committed, ...] | None:
    """The answer of the commit with that id, or None when it was not written; inside a transaction.

    Raises:
        TableError: a commit of other changes had the id.
    """
    if not id or not _is_there(connection):
        return None
    row = connection.execute(f"SELECT digest, answer FROM {LEDGER} WHERE id = ?", (id,)).fetchone()
    if row is None:
        return None
    check_same(row[0] == digest_of(parts))
    from kernel.wire.value import decode

    return decode(row[1], tuple[Committed, ...])


def remember(
    connection: sqlite3.Connection,
    id: str,
    parts: Sequence[Part],
    done: tuple[Committed, ...],
    note: bytes | None = None,
) -> None:
    """Remember a commit that was just written, with a note; inside its transaction."""
    if not id:
        return
    if not _is_there(connection):
        connection.execute(_CREATE)
        connection.execute(_INDEX)
    from kernel.wire.value import encode

    now = int(time.time())
    number = connection.execute(
        f"INSERT INTO {LEDGER} (id, digest, made, answer, note) VALUES (?, ?, ?, ?, ?)",
        (id, digest_of(parts), now, encode(done), note),
    ).lastrowid
    if number and number % _SWEEP == 0:
        connection.execute(f"DELETE FROM {LEDGER} WHERE made < ? AND note IS NULL", (now - KEEP_S,))


def notes(connection: sqlite3.Connection, after: int, most: int) -> list[tuple[int, str, bytes]]:
    """Number, id and note of the commits whose notes were not forgotten yet, from behind a number."""
    if not _is_there(connection):
        return []
    sql = f"SELECT number, id, note FROM {LEDGER} WHERE note IS NOT NULL AND number > ? ORDER BY number LIMIT ?"
    return connection.execute(sql, (after, most)).fetchall()


def forget_notes(connection: sqlite3.Connection, last: int) -> None:
    """Let go of the notes up to a number."""
    connection.execute(f"UPDATE {LEDGER} SET note = NULL WHERE note IS NOT NULL AND number <= ?", (last,))


def digest_of(parts: Sequence[Part]) -> bytes:
    """SHA-256 of what a commit wrote. Decimals and times stand as their texts, which is quick and tells as much."""
    import msgspec

    try:
        written = msgspec.msgpack.encode(parts)
    except (OverflowError, TypeError, UnicodeEncodeError):  # integers, files, halves of characters
        from kernel.wire.value import encode

        written = encode(tuple(parts))
    return hashlib.sha256(written).digest()


def _is_there(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (LEDGER,)).fetchone() is not None
