"""Commits to a SQLite file: one transaction, versions checked inside it, nothing half written."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.tables.block import Block, LargeBlob
from kernel.tables.change import Change, Committed, Delete, Insert, Key, Part, TableChange, Update
from kernel.tables.check import fit, heading
from kernel.tables.contract import Check
from kernel.tables.error import ConflictError, ConstraintError, ReadOnlyError, TableError
from kernel.tables.interrupt import interruptible
from kernel.tables.outcome import change_between, check_values, in_part
from kernel.tables.query import Query
from kernel.tables.schema import Schema
from kernel.tables.sqlite import ledger
from kernel.tables.sqlite.block import read_block
from kernel.tables.sqlite.constraint import explain, find_broken
from kernel.tables.sqlite.known import Used
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.plan import Plan
from kernel.tables.sqlite.stop import check_interrupt, stoppable
from kernel.tables.sqlite.trouble import translated
from kernel.tables.sqlite.turn import Ticket

if TYPE_CHECKING:
    from kernel.tables.sqlite.connection import Before
    from kernel.tables.sqlite.source import SqliteSource

#: What SQLite says of a foreign key to a table that is missing or to columns that are not unique.
_BROKEN_REFERENCE = re.compile(r"foreign key mismatch|no such table: main\.")
#: A constraint that says what to do with a row in its way (https://sqlite.org/lang_conflict.html).
_RESOLVING = re.compile(r"\bON\s+CONFLICT\b", re.IGNORECASE)


Done = tuple[Committed, ...]


class Asked(NamedTuple):
    """One commit as it was asked for."""

    parts: tuple[Part, ...]
    id: str
    check: Check | None


class Written(NamedTuple):
    """Its answer, whether it was written now and not before, and the columns if nothing else was written."""

    done: Done
    is_new: bool
    columns: set[Used] | None = None


def commit(source: SqliteSource, parts: Sequence[Part], id: str = "", check: Check | None = None) -> Done:
    """Write all parts or none; see :meth:`kernel.tables.contract.Source.commit`."""
    written = source.turns.take(Asked(tuple(parts), id, check))
    with interruptible(None):  # it is written: everybody must hear of it
        for one in written.done if written.is_new else ():
            _notify(source, one.change, one.change.is_everything)
    return written.done


def write_waiting(source: SqliteSource, tickets: Sequence[Ticket[Asked, Written]]) -> None:
    """Write those who wait, in one transaction if that is possible, else each in its own; raises nothing."""
    with source.connections.write_lock:
        if len(tickets) > 1 and _write_group(source, tickets):
            return
        for ticket in tickets:
            try:
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
        raise ReadOnlyError(f"{source.path.name} was opened for reading only")
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
            work = _Work(source, connection, part.table)
            keys.append(work.run(part.changes))
            direct += work.direct
    for number, part in enumerate(() if is_enforced else parts):
        with in_part(number):
            _Work(source, connection, part.table).check_references(part.changes)
    has_side_effects = connection.total_changes - before > direct
    return tuple(_committed(part, some, has_side_effects) for part, some in zip(parts, keys, strict=True))


def _written_columns(source: SqliteSource, connection: sqlite3.Connection, parts: Sequence[Part],
                     done: Done) -> set[Used] | None:
    """The columns that were written; None when rows came, went or may have changed otherwise."""
    changes = [change for part in parts for change in part.changes]
    if any(one.change.is_everything for one in done) or not all(isinstance(change, Update) for change in changes):
        return None
    shapes = source.shapes(connection)
    if any(_RESOLVING.search(shapes.need(part.table).sql) for part in parts):
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
                _Work(source, connection, part.table).check_references(part.changes)
        raise ConstraintError("a row refers to one that does not exist, or is still referred to") from error


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
    if not source.listeners.tables():
        return []
    with source.connections.reader() as reader:
        shapes = source.shapes(reader.connection)

        def schema_of(name: str) -> Schema | None:
            shape = shapes.find(name)
            return shape and shape.schema

        return source.listeners.referring(change, schema_of)


class _Work:
    """One commit inside its transaction; ``direct`` counts the rows that it wrote itself."""

    def __init__(self, source: SqliteSource, connection: sqlite3.Connection, name: str) -> None:
        shapes = source.shapes(connection)
        self.shape = shapes.need(name)
        self.schema = self.shape.schema
        self.direct = 0
        self._connection = connection
        self._shapes = shapes
        self._plan = Plan(connection, self.shape, shapes.find, source.encoding, {})
        # NOTE: ON CONFLICT REPLACE would delete another row without a word. OR ABORT holds for the statements of the
        # table's triggers as well, so it is only written where it is needed.
        self._otherwise = " OR ABORT" if _RESOLVING.search(self.shape.sql) else ""
        if not self.schema.is_editable:
            raise ReadOnlyError(self.schema.read_only_reason)
        connection.execute("PRAGMA defer_foreign_keys = ON")

    def run(self, changes: Sequence[Change]) -> list[Key]:
        """Apply the changes in order; each one's key afterwards."""
        self._check_versions(changes)
        keys = []
        for index, change in enumerate(changes):
            check_values(self.schema, _without_large(change), index)
            try:
                keys.append(self._apply(change, index))
            except sqlite3.IntegrityError as error:
                raise explain(error, self._connection, self.schema, self._shapes, change, index) from error
            except (sqlite3.DataError, OverflowError, sqlite3.InterfaceError, sqlite3.ProgrammingError) as error:
                raise ConstraintError(f"a value cannot be stored: {error}", index=index) from error
        return keys

    def check_references(self, changes: Sequence[Change]) -> None:
        """Check what SQLite cannot: references out of the written rows and into the deleted ones."""
        for index, change in enumerate(changes):
            found = find_broken(self._connection, self.schema, self._shapes, change, index)
            if found:
                raise found

    def _check_versions(self, changes: Sequence[Change]) -> None:
        seen: set[Key] = set()
        wrong: list[tuple[int, bool]] = []
        current = []
        for index, change in enumerate(changes):
            if isinstance(change, Insert) or tuple(change.key) in seen:
                continue
            seen.add(tuple(change.key))
            block = self._row(change.key)
            if len(block) > 1:
                raise TableError("several rows have that key, so none of them can be edited alone")
            if not len(block) or (change.version and block.versions[0] != change.version):
                wrong.append((index, not len(block)))
                current.append(block)
        if wrong:
            index, is_gone = wrong[0]
            verb = "deleted" if is_gone else "changed"
            raise ConflictError(f"the row was {verb} by somebody else", current=_joined(current), index=index)

    def _row(self, key: Sequence[Any]) -> Block:
        query = Query(keys=(tuple(key),))
        where, parameters = self._plan.condition(query)
        return read_block(self._connection, self._plan, query, where + " LIMIT 2", parameters, 0)

    def _apply(self, change: Change, index: int) -> Key:
        table = quote(self.schema.name)
        names = [sql.removeprefix("t0.") for _, sql in self._plan.key_columns()]
        returning = f" RETURNING {', '.join(names)}"
        values = {} if isinstance(change, Delete) else self._stored(change.values, index)
        if isinstance(change, Insert):
            columns = f"({', '.join(map(quote, values))}) VALUES ({', '.join('?' * len(values))})"
            sql = f"INSERT{self._otherwise} INTO {table} {columns if values else 'DEFAULT VALUES'}{returning}"
            return self._write(sql, list(values.values()), index)
        where = f" WHERE {' AND '.join(f'{name} IS ?' for name in names)}"
        key = self._plan.stored_key(change.key)
        if isinstance(change, Delete):
            self._write(f"DELETE FROM {table}{where}{returning}", key, index)
            return tuple(change.key)
        if not values:
            return tuple(change.key)
        assigned = ", ".join(f"{quote(name)} = ?" for name in values)
        sql = f"UPDATE{self._otherwise} {table} SET {assigned}{where}{returning}"
        return self._write(sql, [*values.values(), *key], index)

    def _write(self, sql: str, parameters: list[Any], index: int) -> Key:
        rows = self._connection.execute(sql, parameters).fetchall()
        if len(rows) != 1:
            raise ConstraintError("the database did not take the change", index=index, hint="a trigger may refuse it")
        self.direct += 1
        codecs = [self.shape.codecs[name] for name in self.schema.key]
        return tuple(codec.key(value) for codec, value in zip(codecs, rows[0], strict=True))

    def _stored(self, values: dict[str, Any], index: int) -> dict[str, Any]:
        stored = {}
        for name, value in values.items():
            column = self.schema.column(name)
            if column is None or isinstance(value, LargeBlob):
                continue
            try:
                stored[name] = self.shape.codecs[name].encode(fit(column, value))
                if isinstance(stored[name], str):
                    stored[name].encode()
            except UnicodeEncodeError as error:
                message = f"{heading(column)} holds half a character, which cannot be stored"
                raise ConstraintError(message, column=name, index=index) from error
            except ValueError as error:
                raise ConstraintError(f"{heading(column)} {error}", column=name, index=index) from error
        return stored


def _without_large(change: Change) -> Change:
    """The change without stand-ins for large blobs, which leave the stored ones alone."""
    if isinstance(change, Update):
        values = {name: value for name, value in change.values.items() if not isinstance(value, LargeBlob)}
        return Update(change.key, change.version, values)
    return change


def _joined(blocks: list[Block]) -> Block:
    columns = {name: [value for block in blocks for value in block.columns[name]] for name in blocks[0].columns}
    return Block(0, columns, [key for block in blocks for key in block.keys],
                 [version for block in blocks for version in block.versions])
