"""Commits to a SQLite file: one transaction, versions checked inside it, nothing half written."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from kernel.tables.change import Committed, Key, Part, TableChange, Update
from kernel.tables.contract import Check
from kernel.tables.error import ConstraintError, ReadOnlyError, TableError
from kernel.tables.interrupt import current, interruptible
from kernel.tables.outcome import change_between, in_part
from kernel.tables.reporting import current_report, reporting
from kernel.tables.schema import Schema
from kernel.tables.sqlite import ledger
from kernel.tables.sqlite.known import Used
from kernel.tables.sqlite.stop import check_interrupt, stoppable
from kernel.tables.sqlite.trouble import translated
from kernel.tables.sqlite.turn import Ticket
from kernel.tables.sqlite.work import RESOLVING, work_on
from kernel.tables.together import Asked, Done, Outcome
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.tables.sqlite.connection import Before
    from kernel.tables.sqlite.source import SqliteSource

#: What SQLite says of a foreign key to a table that is missing or to columns that are not unique.
_BROKEN_REFERENCE = re.compile(r"foreign key mismatch|no such table: main\.")


class Written(NamedTuple):
    """Its answer, whether it was written now and not before, and the columns if nothing else was written."""

    done: Done
    is_new: bool
    columns: set[Used] | None = None


def commit(source: SqliteSource, parts: Sequence[Part], id: str = "", check: Check | None = None) -> Done:
    """Write all parts or none; see :meth:`kernel.tables.contract.Source.commit`."""
    return commit_together(source, [Asked(tuple(parts), id, check, current(), current_report())])[0].result()


def commit_together(source: SqliteSource, asked: Sequence[Asked]) -> list[Outcome]:
    """Write each of them or nothing of it, in as few transactions as can be; raises nothing of theirs."""
    tickets = source.turns.take(asked)
    with interruptible(None):  # it is written: everybody must hear of it
        for written in [ticket.answer for ticket in tickets if ticket.answer is not None]:
            for one in written.done if written.is_new else ():
                _notify(source, one.change, one.change.is_everything)
    return [Outcome(ticket.answer and ticket.answer.done, ticket.error) for ticket in tickets]


def write_waiting(source: SqliteSource, tickets: Sequence[Ticket[Asked, Written]]) -> None:
    """Write those who wait, in one transaction if that is possible, else each in its own; raises nothing."""
    with source.connections.write_lock:
        if source.connections.behind is not None:
            source.connections.behind.give_up()
        small = [ticket for ticket in tickets if not ticket.asked.is_large]
        is_done = len(small) > 1 and _write_group(source, small)
        for ticket in tickets:
            if is_done and not ticket.asked.is_large:
                continue
            try:
                with interruptible(ticket.asked.interrupt), reporting(ticket.asked.report):
                    ticket.answer, ticket.error = _write_alone(source, ticket.asked), None
            except BaseException as error:  # it is raised where the commit was asked for
                ticket.answer, ticket.error = None, error


def _write_group(source: SqliteSource, tickets: Sequence[Ticket[Asked, Written]]) -> bool:
    """Whether all are written or refused; if not nothing is written."""
    try:
        connection = source.connections.writer()
        if source.connections.is_read_only:
            return False
        with interruptible(None), source.connections.inside(connection):
            try:
                connection.execute("BEGIN IMMEDIATE")
                before = source.connections.before_writing(connection)
                for ticket in tickets:
                    _write_one_of(source, connection, ticket)
                connection.execute("COMMIT")
                _keep_orders(source, connection, before, [one.answer for one in tickets if one.answer is not None])
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
    except (sqlite3.Error, TableError):
        return False
    return True


def _write_one_of(source: SqliteSource, connection: sqlite3.Connection, ticket: Ticket[Asked, Written]) -> None:
    """One of a group; what it is refused for undoes nothing of the others."""
    connection.execute("SAVEPOINT one")
    try:
        ticket.answer, ticket.error = _write_inside(source, connection, ticket.asked), None
    except sqlite3.Error:
        raise
    except Exception as error:  # it is raised where the commit was asked for
        connection.execute("ROLLBACK TO one")
        ticket.answer, ticket.error = None, error
    connection.execute("RELEASE one")


def _write_alone(source: SqliteSource, asked: Asked) -> Written:
    """One commit in a transaction of its own. The source is locked."""
    connection = source.connections.writer()
    if source.connections.is_read_only:
        raise ReadOnlyError(mark(f"{source.path.name} was opened for reading only"))
    try:
        return _write(source, connection, asked)
    except sqlite3.OperationalError as error:
        check_interrupt()
        if not _BROKEN_REFERENCE.match(str(error)):
            raise translated(error, source.path) from error
        return _write_unenforced(source, connection, asked)
    except sqlite3.Error as error:
        raise translated(error, source.path) from error


def _write(source: SqliteSource, connection: sqlite3.Connection, asked: Asked, is_enforced: bool = True) -> Written:
    """One transaction."""
    try:
        with stoppable(connection), source.connections.inside(connection):
            connection.execute("BEGIN IMMEDIATE")
            before = source.connections.before_writing(connection)
            written = _write_inside(source, connection, asked, is_enforced)
            if written.is_new:
                _finish(source, connection, asked.parts)
                _keep_orders(source, connection, before, [written])
            return written
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _write_inside(
    source: SqliteSource, connection: sqlite3.Connection, asked: Asked, is_enforced: bool = True
) -> Written:
    """One commit within a transaction."""
    known = ledger.find(connection, asked.id, asked.parts)
    if known is not None:
        return Written(known, False)
    if asked.check is not None:
        asked.check.before()
    done = _write_parts(source, connection, asked.parts, is_enforced)
    kept = asked.check.after(done) if asked.check is not None else None
    ledger.remember(connection, asked.id, asked.parts, done, kept)
    if source.taken_note - source.forgotten_note >= ledger.FORGET_EVERY:
        # Should this be rolled back they are handed out once more some day, which does no harm.
        source.forgotten_note = source.taken_note
        ledger.forget_notes(connection, source.forgotten_note)
    return Written(done, True, _written_columns(source, connection, asked.parts, done))


def _keep_orders(
    source: SqliteSource, connection: sqlite3.Connection, before: Before | None, written: Sequence[Written]
) -> None:
    """Orders of rows that do not follow from what was written still hold."""
    columns = [one.columns for one in written if one.is_new]
    if before is not None and columns and None not in columns:
        source.connections.after_writing(connection, before, set().union(*columns))  # type: ignore[arg-type]


def _write_parts(source: SqliteSource, connection: sqlite3.Connection, parts: Sequence[Part],
                 is_enforced: bool) -> Done:
    """Each part's keys afterwards; where other rows were written too, everything of its table may be another."""
    before, direct, keys = connection.total_changes, 0, []
    for number, part in enumerate(parts):
        with in_part(number):
            work = work_on(source, connection, part.table)
            direct -= work.direct
            keys.append(work.run(part.changes))
            direct += work.direct
    for number, part in enumerate(() if is_enforced else parts):
        with in_part(number):
            work_on(source, connection, part.table).check_references(part.changes)
    has_side_effects = connection.total_changes - before > direct
    return tuple(_committed(part, some, has_side_effects) for part, some in zip(parts, keys, strict=True))


def _written_columns(source: SqliteSource, connection: sqlite3.Connection, parts: Sequence[Part],
                     done: Done) -> set[Used] | None:
    """The columns that were written; None when rows came, went or may have changed otherwise."""
    changes = [change for part in parts for change in part.changes]
    if any(one.change.is_everything for one in done) or not all(isinstance(change, Update) for change in changes):
        return None
    shapes = source.shapes(connection)
    if any(RESOLVING.search(shapes.need(part.table).sql) for part in parts):
        return None
    return {(part.table, name) for part in parts for change in part.changes for name in change.values}


def _committed(part: Part, keys: Sequence[Key], has_side_effects: bool) -> Committed:
    change = change_between(part.table, part.changes, keys)
    if has_side_effects:
        change = TableChange(part.table, change.inserted, change.updated, change.deleted, is_everything=True)
    return Committed(tuple(keys), change)


def _finish(source: SqliteSource, connection: sqlite3.Connection, parts: Sequence[Part]) -> None:
    """Commit; references are checked here."""
    try:
        connection.execute("COMMIT")
    except sqlite3.IntegrityError as error:
        for number, part in enumerate(parts):
            with in_part(number):
                work_on(source, connection, part.table).check_references(part.changes)
        raise ConstraintError(mark("a row refers to one that does not exist, or is still referred to")) from error


def _write_unenforced(source: SqliteSource, connection: sqlite3.Connection, asked: Asked) -> Written:
    """Write to a file whose foreign keys SQLite itself cannot follow; the whole ones are checked here."""
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        return _write(source, connection, asked, is_enforced=False)
    except sqlite3.Error as error:
        check_interrupt()
        raise translated(error, source.path) from error
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _notify(source: SqliteSource, change: TableChange, has_side_effects: bool) -> None:
    """Tell the table's listeners and those of tables that refer to it; views, and with triggers or cascades every
    table, may have changed too."""
    source.listeners.notify(change)
    referring = [] if has_side_effects else _referring(source, change)
    for other in source.listeners.tables():
        if other != change.table and (has_side_effects or not source.table(other).schema.is_editable):
            source.listeners.notify(TableChange(other, is_everything=True))
    for other_change in referring:
        source.listeners.notify(other_change)


def _referring(source: SqliteSource, change: TableChange) -> list[TableChange]:
    if not (change.updated or change.deleted) or not source.listeners.tables():
        return []
    with source.connections.reader() as reader:
        shapes = source.shapes(reader.connection)

        def schema_of(name: str) -> Schema | None:
            shape = shapes.find(name)
            return shape and shape.schema

        return source.listeners.referring(change, schema_of)
