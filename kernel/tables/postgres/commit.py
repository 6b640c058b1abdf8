"""Commits to PostgreSQL tables: one transaction, rows locked in key order, versions checked, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import psycopg

from kernel.tables.change import Committed, Part
from kernel.tables.contract import Check
from kernel.tables.error import ConstraintError, ReadOnlyError, UnavailableError
from kernel.tables.interrupt import interruptible
from kernel.tables.outcome import in_part
from kernel.tables.postgres.connection import Connection
from kernel.tables.postgres.fate import Written, WrittenPart, find_out
from kernel.tables.postgres.ledger import Ledger
from kernel.tables.postgres.parts_writer import ImpatientError, PartsWriter
from kernel.tables.postgres.refusal import is_refusal
from kernel.tables.postgres.table_writer import TableWriter
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.tables.postgres.source import PostgresSource

#: Tries of a transaction that PostgreSQL ended because of another one's.
_TRIES = 2
Done = tuple[Committed, ...]


class Asked(NamedTuple):
    """One commit as it was asked for; ``is_patient`` when a change whose reference is missing waits for later ones."""

    parts: tuple[Part, ...]
    id: str
    check: Check | None
    is_patient: bool = False


def commit(source: PostgresSource, parts: Sequence[Part], id: str = "", check: Check | None = None) -> Done:
    """Write all parts or none; see :meth:`kernel.tables.contract.Source.commit`."""
    if source.connections.is_read_only:
        raise ReadOnlyError(mark(f"{source.connections.name} was opened for reading only"))
    asked = Asked(tuple(parts), id, check)
    left = _TRIES
    while True:
        try:
            done, is_new = _transaction(source, asked)
            break
        except ImpatientError:
            asked = asked._replace(is_patient=True)
        except psycopg.errors.TransactionRollback as error:  # a deadlock, or another wrote the same rows
            left -= 1
            if not left:
                raise source.connections.translated(error) from error
        except psycopg.errors.InsufficientPrivilege as error:
            raise ReadOnlyError(
                mark(f"there is no permission for that change: {error.diag.message_primary}")
            ) from error
        except psycopg.Error as error:
            raise source.connections.translated(error, is_gone=isinstance(error, psycopg.InterfaceError)) from error
    with interruptible(None):  # it is written: everybody must hear of it
        for one in done if is_new else ():
            source.feed.tell(one.change, one.change.is_everything)
    return done


def _transaction(source: PostgresSource, asked: Asked) -> tuple[Done, bool]:
    """The answer, and whether it was written now and not before."""
    with source.connections.borrowed() as (connection, is_kept):
        try:
            connection.execute("BEGIN")
        except psycopg.OperationalError:
            if not (is_kept and connection.closed):
                raise
            source.connections.forget_idle()  # the server was restarted since; nothing has begun yet
        else:
            try:
                with source.connections.inside(connection):
                    return _run(source, connection, asked)
            except psycopg.OperationalError as error:
                if connection.closed:
                    raise UnavailableError(
                        mark("the connection broke, and nothing was written"),
                        hint=mark("try again"),
                    ) from error
                raise
            finally:
                if not connection.closed and connection.info.transaction_status:
                    connection.execute("ROLLBACK")
    return _transaction(source, asked)


def _run(source: PostgresSource, connection: Connection, asked: Asked) -> tuple[Done, bool]:
    ledger = Ledger(source.schemas[0], connection, asked.id, asked.parts) if asked.id else None
    known = ledger.find() if ledger else None
    if known is not None:
        return known, False
    writers = {part.table: TableWriter(source, connection, part.table) for part in asked.parts}
    if asked.check is not None:
        for number, part in enumerate(asked.parts):
            with in_part(number):
                writers[part.table].lock(part.changes)
        asked.check.before()
    keys = PartsWriter(connection, writers, asked.parts, asked.is_patient).run()
    _check_constraints(connection, writers, asked.parts)
    done = tuple(writers[part.table].committed(part, some) for part, some in zip(asked.parts, keys, strict=True))
    note = asked.check.after(done) if asked.check is not None else None
    if ledger is not None:
        ledger.remember(done, note)
    row = connection.execute("SELECT pg_current_xact_id()::text").fetchone()
    written = Written(tuple(WrittenPart(writers[part.table].shape, part.changes, tuple(some))
                            for part, some in zip(asked.parts, keys, strict=True)),
                      row[0] if row else "", source.schemas[0], asked.id)
    _finish(source, connection, written)
    return done, True


def _finish(source: PostgresSource, connection: Connection, written: Written) -> None:
    with interruptible(None):
        try:
            connection.execute("COMMIT")
        except psycopg.Error:
            if not connection.closed:
                raise
            find_out(source.connections, written)  # raises unless it is known to be written
            source.connections.forget_idle()


def _check_constraints(connection: Connection, writers: dict[str, TableWriter], parts: Sequence[Part]) -> None:
    """Have constraints that wait for the end speak now, while a row can still be named."""
    try:
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.Error as error:
        if not is_refusal(error):
            raise
        places = [(number, index) for number, part in enumerate(parts) for index in range(len(part.changes))]
        made: ConstraintError | None = None
        for number, index in reversed(places):
            part = parts[number]
            made = writers[part.table].explained(error, part.changes[index], index)
            made.part = number
            if made.column in getattr(part.changes[index], "values", {}):
                break
        raise made or ConstraintError("the database refuses the change") from error
