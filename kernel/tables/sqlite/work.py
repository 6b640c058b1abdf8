"""One table's part of a commit, inside its transaction: versions checked, rows written, references followed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kernel.tables.block import Block
from kernel.tables.change import Change, Delete, Insert, Key, Update
from kernel.tables.error import ConflictError, ConstraintError, ReadOnlyError, TableError
from kernel.tables.query import Query
from kernel.tables.reporting import tell
from kernel.tables.sqlite.block import read_block
from kernel.tables.sqlite.constraint import explain, find_broken
from kernel.tables.sqlite.plan import Plan
from kernel.tables.sqlite.row_writer import RowWriter
from kernel.tables.sqlite.stop import check_interrupt
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.tables.sqlite.source import SqliteSource

#: A constraint that says what to do with a row in its way (https://sqlite.org/lang_conflict.html).
RESOLVING = re.compile(r"\bON\s+CONFLICT\b", re.IGNORECASE)
#: Rows whose versions are read in one statement, and rows written between two looks whether that is still wanted.
_CHUNK = 250


def work_on(source: SqliteSource, connection: sqlite3.Connection, table: str) -> Work:
    """What writes to a table: the same one until the transaction that this thread is inside of ends.

    Raises:
        TableError: there is no such table, or it cannot be written to.
    """
    kept = source.connections.kept(connection)
    if (Work, table) not in kept:
        kept[Work, table] = Work(source, connection, table)
    return kept[Work, table]


class Work:
    """Writes to one table; ``direct`` counts the rows that it wrote itself."""

    def __init__(self, source: SqliteSource, connection: sqlite3.Connection, name: str) -> None:
        shapes = source.shapes(connection)
        self.shape = shapes.need(name)
        self.schema = self.shape.schema
        if not self.schema.is_editable:
            raise ReadOnlyError(self.schema.read_only_reason)
        self._connection = connection
        self._shapes = shapes
        self._plan = Plan(connection, self.shape, shapes.find, source.encoding, {})
        # NOTE: ON CONFLICT REPLACE would delete another row without a word. OR ABORT holds for the statements of the
        # table's triggers as well, so it is only written where it is needed.
        otherwise = " OR ABORT" if RESOLVING.search(self.shape.sql) else ""
        self._writer = RowWriter(connection, self.shape, self._plan, otherwise)
        connection.execute("PRAGMA defer_foreign_keys = ON")

    @property
    def direct(self) -> int:
        """Rows written so far."""
        return self._writer.count

    def run(self, changes: Sequence[Change]) -> list[Key]:
        """Apply the changes in order; each one's key afterwards."""
        self._check_versions(changes)
        keys = []
        for index, change in enumerate(changes):
            if not index % _CHUNK:
                check_interrupt()
                tell(index / len(changes))
            try:
                keys.append(self._writer.write(change, index))
            except sqlite3.IntegrityError as error:
                raise explain(error, self._connection, self.schema, self._shapes, change, index) from error
            except (sqlite3.DataError, OverflowError, sqlite3.InterfaceError, sqlite3.ProgrammingError) as error:
                raise ConstraintError(mark(f"a value cannot be stored: {error}"), index=index) from error
        return keys

    def check_references(self, changes: Sequence[Change]) -> None:
        """Check what SQLite cannot: references out of the written rows and into the deleted ones."""
        for index, change in enumerate(changes):
            found = find_broken(self._connection, self.schema, self._shapes, change, index)
            if found:
                raise found

    def _check_versions(self, changes: Sequence[Change]) -> None:
        wrong = []
        current = []
        for index, key, version in self._unsure(changes):
            block = self._read((key,), None, " LIMIT 2")
            if len(block) > 1:
                raise TableError(mark("several rows have that key, so none of them can be edited alone"))
            if not len(block) or (version and block.versions[0] != version):
                wrong.append((index, not len(block)))
                current.append(block)
        if wrong:
            index, is_gone = wrong[0]
            gone, changed = mark("the row was deleted by somebody else"), mark("the row was changed by somebody else")
            raise ConflictError(gone if is_gone else changed, current=_joined(current), index=index)

    def _unsure(self, changes: Sequence[Change]) -> Iterator[tuple[int, Key, str]]:
        """Place, key and version of the rows that must be looked at one by one: all but those that are sure to be
        there once and as they were."""
        named: dict[Key, tuple[int, Update | Delete]] = {}
        for index, change in enumerate(changes):
            if not isinstance(change, Insert):
                named.setdefault(tuple(change.key), (index, change))
        wanted = list(named)
        for start in range(0, len(wanted), _CHUNK):
            check_interrupt()
            some = wanted[start : start + _CHUNK]
            known: dict[Key, str] = {}
            if len(some) > 1:
                block = self._read(some, (), "")
                known = dict(zip(block.keys, block.versions, strict=True))
                if len(block) != len(known) or len(known) != len(some):
                    known = {}  # texts that are one key to the database, or rows that are gone
            for key in some:
                index, change = named[key]
                if key not in known or (change.version and change.version != known[key]):
                    yield index, key, change.version

    def _read(self, keys: Sequence[Sequence[Any]], columns: tuple[str, ...] | None, tail: str) -> Block:
        query = Query(keys=tuple(map(tuple, keys)), columns=columns)
        where, parameters = self._plan.condition(query)
        return read_block(self._connection, self._plan, query, where + tail, parameters, 0)


def _joined(blocks: list[Block]) -> Block:
    columns = {name: [value for block in blocks for value in block.columns[name]] for name in blocks[0].columns}
    return Block(0, columns, [key for block in blocks for key in block.keys],
                 [version for block in blocks for version in block.versions])
