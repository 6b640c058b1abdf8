"""Commits to PostgreSQL tables: one transaction, rows locked in key order, versions checked, all or nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

from kernel.tables.block import Block, LargeBlob
from kernel.tables.change import Change, Committed, Delete, Insert, Key, Part, TableChange, Update
from kernel.tables.check import fit, heading
from kernel.tables.contract import Check
from kernel.tables.error import ConflictError, ConstraintError, ReadOnlyError, UnavailableError
from kernel.tables.interrupt import interruptible
from kernel.tables.order import exact_key
from kernel.tables.outcome import change_between, check_values, in_part
from kernel.tables.postgres.block import BlockReader
from kernel.tables.postgres.connection import Connection, check_interrupt
from kernel.tables.postgres.fate import Written, WrittenPart, find_out
from kernel.tables.postgres.ledger import Ledger
from kernel.tables.postgres.name import quote
from kernel.tables.postgres.plan import Plan, among
from kernel.tables.postgres.refusal import explain, is_refusal
from kernel.tables.postgres.sequence import has_removals, write_order
from kernel.tables.postgres.shapes import Shapes
from kernel.tables.query import Query

if TYPE_CHECKING:
    from kernel.tables.postgres.source import PostgresSource

#: Rows locked in one statement.
_CHUNK = 5_000
#: Tries of a transaction that PostgreSQL ended because of another one's.
_TRIES = 2
Done = tuple[Committed, ...]


class Asked(NamedTuple):
    """One commit as it was asked for; ``is_patient`` when a change whose reference is missing waits for later ones."""

    parts: tuple[Part, ...]
    id: str
    check: Check | None
    is_patient: bool = False


class _ImpatientError(Exception):
    """A reference is missing that a later change may bring."""


class Waiting(NamedTuple):
    """A change that waits for others: its part, its place there, and what PostgreSQL said."""

    number: int
    index: int
    error: psycopg.Error


def commit(source: PostgresSource, parts: Sequence[Part], id: str = "", check: Check | None = None) -> Done:
    """Write all parts or none; see :meth:`kernel.tables.contract.Source.commit`."""
    if source.connections.is_read_only:
        raise ReadOnlyError(f"{source.connections.name} was opened for reading only")
    asked = Asked(tuple(parts), id, check)
    left = _TRIES
    while True:
        try:
            done, is_new = _transaction(source, asked)
            break
        except _ImpatientError:
            asked = asked._replace(is_patient=True)
        except psycopg.errors.TransactionRollback as error:  # a deadlock, or another wrote the same rows
            left -= 1
            if not left:
                raise source.connections.translated(error) from error
        except psycopg.errors.InsufficientPrivilege as error:
            raise ReadOnlyError(f"there is no permission for that change: {error.diag.message_primary}") from error
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
                    raise UnavailableError("the connection broke, and nothing was written", hint="try again") from error
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
    keys = _PartsWriter(connection, writers, asked).run()
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


class _PartsWriter:
    """Writes the changes of all parts; those that PostgreSQL refuses for others' sake are tried again after these."""

    def __init__(self, connection: Connection, writers: dict[str, TableWriter], asked: Asked) -> None:
        self._connection = connection
        self._writers = writers
        self._parts = asked.parts
        self._keys: list[list[Key]] = [[()] * len(part.changes) for part in asked.parts]
        self._is_alone = sum(len(part.changes) for part in asked.parts) == 1
        self._is_patient = not self._is_alone and (
            asked.is_patient or has_removals(asked.parts, lambda name: writers[name].schema))

    def run(self) -> list[list[Key]]:
        """Each change's key afterwards, part by part."""
        waiting: list[Waiting] = []
        checked: set[int] = set()
        for number, index in write_order(self._parts, lambda name: self._writers[name].schema):
            check_interrupt()
            part = self._parts[number]
            with in_part(number):
                if number not in checked and not isinstance(part.changes[index], Insert):
                    waiting = self._again(waiting)
                    self._writers[part.table].check_versions(part.changes)
                    checked.add(number)
                check_values(self._writers[part.table].schema, without_large(part.changes[index]), index)
            waiting += self._write(number, index)
        while waiting:
            left = self._again(waiting)
            if len(left) == len(waiting):
                raise self._explained(left[0])
            waiting = left
        return self._keys

    def _again(self, waiting: list[Waiting]) -> list[Waiting]:
        return [left for one in waiting for left in self._write(one.number, one.index)]

    def _write(self, number: int, index: int) -> list[Waiting]:
        """Write one change; what waits then."""
        part = self._parts[number]
        try:
            with self._connection.transaction() if self._is_patient else contextlib.nullcontext():
                self._keys[number][index] = self._writers[part.table].write(part.changes[index], index)
        except psycopg.Error as error:
            failed = Waiting(number, index, error)
            if isinstance(error, psycopg.errors.ForeignKeyViolation) and not self._is_alone:
                if self._is_patient:
                    return [failed]
                raise _ImpatientError from error
            if not is_refusal(error):
                raise
            raise self._explained(failed) from error
        except ConstraintError as error:
            error.part = number
            raise
        return []

    def _explained(self, failed: Waiting) -> ConstraintError:
        part = self._parts[failed.number]
        found = self._writers[part.table].explained(failed.error, part.changes[failed.index], failed.index)
        found.part = failed.number
        return found


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


class TableWriter:
    """Writes to one table inside a transaction."""

    def __init__(self, source: PostgresSource, connection: Connection, name: str) -> None:
        self._source = source
        self._connection = connection
        self._shapes: Shapes = source.shapes(connection)
        self.shape = self._shapes.need(name)
        self.schema = self.shape.schema
        if not self.schema.is_editable:
            raise ReadOnlyError(self.schema.read_only_reason)

    def explained(self, error: psycopg.Error, change: Change, index: int) -> ConstraintError:
        """The error to show for one of PostgreSQL's; nothing of the transaction is left then."""
        if self._connection.info.transaction_status:
            self._connection.execute("ROLLBACK")
        shapes = self._source.shapes(self._connection, True)  # the constraint may be new
        return explain(error, self._connection, shapes, shapes.find(self.schema.name) or self.shape, change, index)

    def committed(self, part: Part, keys: Sequence[Key]) -> Committed:
        """The answer for a part; where other rows may have been written too, everything may be another."""
        change = change_between(part.table, part.changes, keys)
        if self._has_side_effects(part.changes):
            change = TableChange(part.table, change.inserted, change.updated, change.deleted, is_everything=True)
        return Committed(tuple(keys), change)

    def lock(self, changes: Sequence[Change]) -> None:
        """Lock the rows that changes are about, where they are there."""
        keys = [tuple(change.key) for change in changes if not isinstance(change, Insert)]
        self._locked(dict.fromkeys(keys))

    def check_versions(self, changes: Sequence[Change]) -> None:
        """Lock the rows, and see that they are as the changes name them.

        Raises:
            ConflictError: one is not.
        """
        wanted = {tuple(change.key): index for index, change in reversed(list(enumerate(changes)))
                  if not isinstance(change, Insert)}
        if not wanted:
            return
        block = self._locked(wanted)
        versions = dict(zip(block.keys, block.versions, strict=True))
        wrong = []
        for key, index in sorted(wanted.items(), key=lambda pair: pair[1]):
            version = changes[index].version  # type: ignore[union-attr]
            if key not in versions or (version and version != versions[key]):
                wrong.append((index, key))
        if wrong:
            index, key = wrong[0]
            verb = "changed" if key in versions else "deleted"
            current = _chosen(block, [key for _, key in wrong if key in versions])
            raise ConflictError(f"the row was {verb} by somebody else", current=current, index=index)

    def _locked(self, keys: Iterable[Key]) -> Block:
        """The rows, locked in the order of their keys, so that two commits do not wait for each other."""
        plan = Plan(self._shapes, self.shape, Query(), self._source.letters(self._connection))
        reader = BlockReader(plan)
        sent = {key: plan.key_parameters(key) for key in sorted(keys, key=exact_key)}
        known = [key for key, parameters in sent.items() if None not in parameters]
        order = ", ".join(term.sql for term in plan.ties())
        rows: dict[Key, Any] = {}
        for start in range(0, len(known), _CHUNK):
            where, bound = among(plan.key_columns(), [sent[key] for key in known[start : start + _CHUNK]])
            sql = reader.selection.statement(f" WHERE {where} ORDER BY {order} FOR UPDATE OF t0")
            found = self._connection.execute(sql, [*reader.selection.parameters, *bound]).fetchall()
            rows |= {reader.key(row): row for row in found}
        return reader.block(list(rows.values()), 0)

    def write(self, change: Change, index: int) -> Key:
        """Write one change; its key afterwards.

        Raises:
            psycopg.Error: PostgreSQL refuses it.
        """
        table = self.shape.relation.sql
        names = [quote(name) for name in self.schema.key]
        returning = ", ".join(self.shape.codecs[name].read.format(quote(name)) for name in self.schema.key)
        values = {} if isinstance(change, Delete) else self._sent(change.values, index)
        columns = ", ".join(map(quote, values))
        marks = [f"%s::{self.shape.codecs[name].cast}" for name in values]
        if isinstance(change, Insert):
            what = f"({columns}) VALUES ({', '.join(marks)})" if values else "DEFAULT VALUES"
            return self._write(f"INSERT INTO {table} {what} RETURNING {returning}", list(values.values()), index)
        own = [self.shape.codecs[name] for name in self.schema.key]
        where = " AND ".join(f"{name} = %s::{codec.cast}" for name, codec in zip(names, own, strict=True))
        key = [codec.key_parameter(value) for codec, value in zip(own, change.key, strict=True)]
        if isinstance(change, Delete):
            self._write(f"DELETE FROM {table} WHERE {where} RETURNING {returning}", key, index)
            return tuple(change.key)
        if not values:
            return tuple(change.key)
        assigned = ", ".join(f"{quote(name)} = {mark}" for name, mark in zip(values, marks, strict=True))
        sql = f"UPDATE {table} SET {assigned} WHERE {where} RETURNING {returning}"
        return self._write(sql, [*values.values(), *key], index)

    def _write(self, sql: str, parameters: list[Any], index: int) -> Key:
        rows = self._connection.execute(sql, parameters).fetchall()
        if len(rows) != 1:
            raise ConstraintError("the database did not take the change", index=index, hint="a trigger may refuse it")
        codecs = [self.shape.codecs[name] for name in self.schema.key]
        return tuple(codec.decode(value) for codec, value in zip(codecs, rows[0], strict=True))

    def _sent(self, values: dict[str, Any], index: int) -> dict[str, Any]:
        sent = {}
        for name, value in values.items():
            column = self.schema.column(name)
            if column is None or isinstance(value, LargeBlob):
                continue
            try:
                sent[name] = self.shape.codecs[name].encode(fit(column, value))
            except ValueError as error:
                raise ConstraintError(f"{heading(column)} {error}", column=name, index=index) from error
        return sent

    def _has_side_effects(self, changes: Sequence[Change]) -> bool:
        """Whether other rows may have been written: by triggers of people, rules, or cascades."""
        is_removal = any(not isinstance(change, Insert) for change in changes)
        row = self._connection.execute(
            "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = %s AND NOT tgisinternal AND tgenabled <> 'D'"
            " AND tgname <> 'espalier_feed') OR (%s AND EXISTS (SELECT FROM pg_constraint WHERE confrelid = %s"
            " AND contype = 'f' AND (confdeltype IN ('c', 'n', 'd') OR confupdtype IN ('c', 'n', 'd'))))",
            [self.shape.relation.oid, is_removal, self.shape.relation.oid]).fetchone()
        return bool(row and row[0])


def _chosen(block: Block, keys: Sequence[Key]) -> Block:
    places = [block.keys.index(key) for key in keys]
    return Block(0, {name: [values[place] for place in places] for name, values in block.columns.items()},
                 [block.keys[place] for place in places], [block.versions[place] for place in places])


def without_large(change: Change) -> Change:
    """The change without stand-ins for large blobs, which leave the stored ones alone."""
    if isinstance(change, Update):
        values = {name: value for name, value in change.values.items() if not isinstance(value, LargeBlob)}
        return Update(change.key, change.version, values)
    return change


