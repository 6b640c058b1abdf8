"""Commits that were written before, kept in the database itself, so that one that comes again is not done twice.

The row is written in the transaction of its commit; whoever comes at the same time with the same id waits for it. The
table is made by the first commit that has an id, which only a source server's commits have.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence

import psycopg

from kernel.tables.change import Committed, Part
from kernel.tables.error import ReadOnlyError
from kernel.tables.outcome import check_same
from kernel.tables.postgres.catalogue import LEDGER
from kernel.tables.postgres.connection import Connection
from kernel.tables.postgres.name import quote

#: Seconds that a commit is remembered.
KEEP_S = 400 * 24 * 3600
#: Commits between two looks for what need not be remembered any more.
_SWEEP = 1_000
_COLUMNS = ("(number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text NOT NULL UNIQUE, digest bytea NOT NULL,"
            " made bigint NOT NULL, answer bytea, note bytea)")


class Ledger:
    """The ledger in a schema.

    Args:
        schema: Whose table it is.
        connection: Inside the transaction of a commit.
        id: The commit's.
        parts: What it writes.
    """

    def __init__(self, schema: str, connection: Connection, id: str, parts: Sequence[Part]) -> None:
        self._table = f"{quote(schema)}.{quote(LEDGER)}"
        self._connection = connection
        self._id = id
        self._parts = tuple(parts)

    def find(self) -> tuple[Committed, ...] | None:
        """The answer of the commit with that id; None when it was not written, and nobody else can now.

        Raises:
            TableError: a commit of other changes had the id.
            ReadOnlyError: there is no ledger, and this user may not make one.
        """
        from kernel.wire.value import decode, encode

        self._make()
        digest = hashlib.sha256(encode(self._parts)).digest()
        made = self._connection.execute(
            f"INSERT INTO {self._table} (id, digest, made) VALUES (%s, %s, %s) ON CONFLICT (id) DO NOTHING"
            " RETURNING number", [self._id, digest, int(time.time())]).fetchone()
        if made is not None:
            if not made[0] % _SWEEP:
                self._connection.execute(f"DELETE FROM {self._table} WHERE made < %s AND note IS NULL",
                                         [int(time.time()) - KEEP_S])
            return None
        row = self._connection.execute(f"SELECT digest, answer FROM {self._table} WHERE id = %s", [self._id]).fetchone()
        check_same(row is not None and row[0] == digest)
        return decode(row[1], tuple[Committed, ...]) if row else None

    def remember(self, done: tuple[Committed, ...], note: bytes | None) -> None:
        """Remember the answer, with a note."""
        from kernel.wire.value import encode

        sql = f"UPDATE {self._table} SET answer = %s, note = %s WHERE id = %s"
        self._connection.execute(sql, [encode(done), note, self._id])

    def _make(self) -> None:
        row = self._connection.execute("SELECT to_regclass(%s)", [self._table.replace("%%", "%")]).fetchone()
        if row and row[0] is not None:
            return
        try:
            with self._connection.transaction():
                self._connection.execute(f"CREATE TABLE {self._table} {_COLUMNS}", [])
        except (psycopg.errors.DuplicateTable, psycopg.errors.UniqueViolation):
            return  # another process was first
        except psycopg.errors.InsufficientPrivilege as error:
            raise ReadOnlyError(
                f"a server keeps its commits in the table {LEDGER}, which this user may not make",
                hint=f"have the owner run: CREATE TABLE {self._table} {_COLUMNS}; GRANT ALL ON {self._table} TO …"
            ) from error


def take_notes(connection: Connection, schema: str, take: Callable[[list[tuple[int, str, bytes]]], None],
               most: int) -> bool:
    """Hand out number, id and note of the oldest commits with one, then forget the notes; whether there were any."""
    table = f"{quote(schema)}.{quote(LEDGER)}"
    try:
        rows = connection.execute(
            f"SELECT number, id, note FROM {table} WHERE note IS NOT NULL ORDER BY number LIMIT %s", [most]).fetchall()
    except psycopg.errors.UndefinedTable:
        return False
    if rows:
        take([(number, id, bytes(note)) for number, id, note in rows])
        sql = f"UPDATE {table} SET note = NULL WHERE note IS NOT NULL AND number = ANY(%s)"
        connection.execute(sql, [[row[0] for row in rows]])
    return bool(rows)


def is_noted(connection: Connection, schema: str, id: str) -> bool:
    """Whether the commit with that id was written."""
    sql = f"SELECT count(*) FROM {quote(schema)}.{quote(LEDGER)} WHERE id = %s"
    row = connection.execute(sql, [id]).fetchone()
    return bool(row and row[0])
