"""One table's part of a commit to PostgreSQL: rows locked in key order, versions checked, statements made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

from kernel.tables.block import Block
from kernel.tables.cell import Cell, cells_of, encoded, without_large
from kernel.tables.change import Change, Committed, Delete, Insert, Key, Part, TableChange, Update
from kernel.tables.error import ConflictError, ConstraintError, ReadOnlyError
from kernel.tables.order import exact_key
from kernel.tables.outcome import change_between, check_values
from kernel.tables.postgres.block import BlockReader
from kernel.tables.postgres.connection import Connection
from kernel.tables.postgres.name import quote
from kernel.tables.postgres.plan import Plan, among
from kernel.tables.postgres.refusal import explain
from kernel.tables.postgres.shapes import Shapes
from kernel.tables.query import Query
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.tables.postgres.source import PostgresSource

#: Rows locked in one statement.
_CHUNK = 5_000


class Statement(NamedTuple):
    """SQL that writes one row, and its parameters."""

    sql: str
    parameters: list[Any]


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
        names = self.schema.key
        self._key_codecs = [self.shape.codecs[name] for name in names]
        pairs = zip(map(quote, names), self._key_codecs, strict=True)
        self._where = " WHERE " + " AND ".join(f"{name} = %s::{codec.cast}" for name, codec in pairs)
        read = ", ".join(codec.read.format(quote(name)) for name, codec in zip(names, self._key_codecs, strict=True))
        self._returning = f" RETURNING {read}"
        self._prepared: dict[tuple[Any, ...], tuple[str, tuple[Cell, ...]]] = {}

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
            is_there, gone = key in versions, mark("the row was deleted by somebody else")
            current = _chosen(block, [key for _, key in wrong if key in versions])
            raise ConflictError(
                mark("the row was changed by somebody else") if is_there else gone, current=current, index=index
            )

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

    def statement(self, change: Change, index: int) -> Statement | None:
        """What writes one change and answers its row's key; None when there is nothing to write.

        Raises:
            UnknownColumnError, ReadOnlyError, ConstraintError: see the contract.
        """
        if isinstance(change, Delete):
            sql = f"DELETE FROM {self.shape.relation.sql}{self._where}{self._returning}"
            return Statement(sql, self._key_parameters(change.key))
        change = without_large(change)
        sql, cells = self._prepared.get((type(change), *change.values)) or self._prepare(change, index)
        values = encoded(cells, change.values.values(), index)
        if isinstance(change, Insert):
            return Statement(sql, values)
        return Statement(sql, values + self._key_parameters(change.key)) if values else None

    def key_of(self, change: Change, rows: Sequence[Sequence[Any]] | None, index: int) -> Key:
        """The key of a change's row from what its statement answered, None where there was none.

        Raises:
            ConstraintError: the change was not taken.
        """
        if rows is None:
            return tuple(change.key)  # type: ignore[union-attr]
        if len(rows) != 1:
            raise ConstraintError(
                mark("the database did not take the change"), index=index,
                hint=mark("a trigger may refuse it"),
            )
        if isinstance(change, Delete):
            return tuple(change.key)
        return tuple([codec.decode(value) for codec, value in zip(self._key_codecs, rows[0], strict=True)])

    def _prepare(self, change: Insert | Update, index: int) -> tuple[str, tuple[Cell, ...]]:
        """The SQL for changes of this kind and these columns, all of which may be written."""
        check_values(self.schema, change, index)
        codecs = self.shape.codecs
        marks = [f"%s::{codecs[name].cast}" for name in change.values]
        if isinstance(change, Insert):
            columns = f"({', '.join(map(quote, change.values))}) VALUES ({', '.join(marks)})"
            sql = f"INSERT INTO {self.shape.relation.sql} {columns if marks else 'DEFAULT VALUES'}{self._returning}"
        else:
            pairs = zip(map(quote, change.values), marks, strict=True)
            assigned = ", ".join(f"{name} = {mark}" for name, mark in pairs)
            sql = f"UPDATE {self.shape.relation.sql} SET {assigned}{self._where}{self._returning}"
        made = self._prepared[type(change), *change.values] = sql, cells_of(self.schema, codecs, change.values)
        return made

    def _key_parameters(self, key: Key) -> list[Any]:
        return [codec.key_parameter(value) for codec, value in zip(self._key_codecs, key, strict=True)]

    def _has_side_effects(self, changes: Sequence[Change]) -> bool:
        """Whether other rows may have been written: by triggers of people, rules, or cascades."""
        is_removal = any(not isinstance(change, Insert) for change in changes)
        row = self._connection.execute(
            "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = %s AND NOT tgisinternal AND tgenabled <> 'D'"
            " AND NOT starts_with(tgname, 'espalier_feed')) OR (%s AND EXISTS (SELECT FROM pg_constraint"
            " WHERE confrelid = %s AND contype = 'f'"
            " AND (confdeltype IN ('c', 'n', 'd') OR confupdtype IN ('c', 'n', 'd'))))",
            [self.shape.relation.oid, is_removal, self.shape.relation.oid]).fetchone()
        return bool(row and row[0])


def _chosen(block: Block, keys: Sequence[Key]) -> Block:
    places = [block.keys.index(key) for key in keys]
    return Block(0, {name: [values[place] for place in places] for name, values in block.columns.items()},
                 [block.keys[place] for place in places], [block.versions[place] for place in places])
