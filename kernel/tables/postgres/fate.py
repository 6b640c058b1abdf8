"""What became of a commit whose connection broke before the answer: asked of the server after connecting again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import psycopg

from kernel.tables.change import Change, Delete, Key
from kernel.tables.error import TableError, UnavailableError
from kernel.tables.postgres.connection import Connection, Connections
from kernel.tables.postgres.introspect import Shape
from kernel.tables.postgres.ledger import is_noted
from kernel.tables.postgres.name import quote
from kernel.words import mark

#: Seconds to wait for a server that is coming back.
PATIENCE_S = 10.0
_PAUSE_S = 0.1
_UNKNOWN = "it is not known whether the change was written: the connection broke at that moment"


class WrittenPart(NamedTuple):
    """What a commit wrote to one table: the changes, and their keys afterwards."""

    shape: Shape
    changes: Sequence[Change]
    keys: Sequence[Key]


class Written(NamedTuple):
    """A commit on its way: the number of its transaction, the schema of the ledger, and the id if it has one."""

    parts: Sequence[WrittenPart]
    transaction: str
    schema: str
    id: str


def find_out(connections: Connections, written: Written) -> None:
    """Come back when the transaction is known to be written.

    Raises:
        UnavailableError: it was not written, or nobody can tell; the message says which.
    """
    end = time.monotonic() + PATIENCE_S
    while True:
        status = _status(connections, written)
        if status == "committed":
            return
        if status == "aborted":
            raise UnavailableError(mark("the connection broke, and nothing was written"), hint=mark("try again"))
        if time.monotonic() > end:
            raise UnavailableError(_UNKNOWN, hint=mark("look at the rows before trying again"))
        time.sleep(_PAUSE_S)


def _status(connections: Connections, written: Written) -> str:
    """committed, aborted, in progress, or an empty text while the server is away."""
    try:
        connection = connections.connect()
    except TableError:
        return ""
    try:
        row = connection.execute("SELECT pg_xact_status(%s::xid8)", [written.transaction]).fetchone()
        status = row[0] if row else ""
        if status == "committed" and not _is_there(connection, written):
            return "aborted"  # the server crashed, and gave the number to another transaction
        return status or ""
    except psycopg.errors.InvalidParameterValue:  # a server that crashed never heard of that transaction
        return "aborted"
    except psycopg.OperationalError:
        return ""
    finally:
        connections.let_go(connection)


def _is_there(connection: Connection, written: Written) -> bool:
    """Whether what the transaction wrote stands there.

    A server that crashed gives out the numbers of lost transactions again. With an id the ledger tells for certain;
    without one, a row that is there although it was deleted, or is not although it was written, tells that it was lost.
    """
    if written.id:
        return is_noted(connection, written.schema, written.id)
    for shape, changes, keys in written.parts:
        codecs = [shape.codecs[name] for name in shape.schema.key]
        where = " AND ".join(f"{quote(name)} = %s::{codec.cast}" for name, codec in
                             zip(shape.schema.key, codecs, strict=True))
        for change, key in zip(changes, keys, strict=True):
            sent = [codec.key_parameter(value) for codec, value in zip(codecs, key, strict=True)]
            sql = f"SELECT xmin::text::int8 FROM {shape.relation.sql} WHERE {where}"
            row = connection.execute(sql, sent).fetchone()
            if isinstance(change, Delete):
                if row is not None:
                    return False
            elif row is None or row[0] < int(written.transaction) % 2**32:
                return False
    return True
