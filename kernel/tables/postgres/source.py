"""A source over one PostgreSQL database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import psycopg

from kernel.tables.change import Committed, Part
from kernel.tables.contract import Check
from kernel.tables.error import UnknownTableError
from kernel.tables.listener import Listeners
from kernel.tables.postgres import catalogue
from kernel.tables.postgres.connection import Connection, Connections
from kernel.tables.postgres.feed import Feed
from kernel.tables.postgres.fold import letters_of, letters_sql
from kernel.tables.postgres.introspect import Relation, Shape, read_relations
from kernel.tables.postgres.memory import Entry, Memory, read_stamp
from kernel.tables.postgres.name import quote
from kernel.tables.postgres.pace import Pace
from kernel.tables.postgres.plan import Letters
from kernel.tables.postgres.shapes import Shapes
from kernel.tables.postgres.table import PostgresTable
from kernel.tables.schema import Schema

#: Seconds for which the schema is taken as it was when it was last looked at, where that is not asked for.
LOOK_S = 0.5
Answer = TypeVar("Answer")


class PostgresSource:
    """The tables of a PostgreSQL database; usable from any thread.

    Args:
        address: As libpq reads it: ``postgresql://user@host/database``; passwords come from where libpq finds them.
        password: Instead of what libpq finds.
        schemas: Whose tables are shown; those of the first by their own name, others as ``schema.name``.
        is_read_only: Refuse every commit.
        lock_s: How long to wait for another program's lock before LockedError, in seconds.
        statement_s: How long one statement may take, in seconds; 0 = as long as it likes.
        has_triggers: Hear of others' writes through triggers, which :mod:`kernel.tables.postgres.feed` makes.

    Raises:
        SourceError: the address is wrong, the server refuses the user, there is no such database or schema.
        UnavailableError: the server does not answer.
    """

    def __init__(self, address: str, *, password: str = "", schemas: Sequence[str] = ("public",),
                 is_read_only: bool = False, lock_s: float = 2.0, statement_s: float = 0.0,
                 has_triggers: bool = False) -> None:
        self.listeners = Listeners()
        self.memory = Memory()
        self.schemas = tuple(schemas)
        self.connections = Connections(address, password, is_read_only=is_read_only, lock_s=lock_s,
                                       statement_s=statement_s)
        self._lock = threading.RLock()
        self._tables: dict[str, PostgresTable] = {}
        self._relations: dict[str, Relation] = {}
        self._shapes: dict[str, Shape] = {}
        self._fingerprint = ""
        self._snapshot = ""
        self._looked = 0.0
        self._letters: dict[tuple[int, str], Entry] = {}
        self.pace = Pace()
        self.feed = Feed(self, has_triggers)
        try:
            self.read(lambda connection: self.shapes(connection, True))
            self.feed.begin()
        except BaseException:
            self.connections.close()
            raise

    def table_names(self) -> list[str]:
        """See :class:`kernel.tables.contract.Source`; PostgreSQL's own tables and parts of others are left out."""
        return self.read(lambda connection: list(self.shapes(connection, True).relations))

    def table(self, name: str) -> PostgresTable:
        """See :class:`kernel.tables.contract.Source`."""

        def work(connection: Connection) -> None:
            try:
                self.shapes(connection).need(name)
            except UnknownTableError:  # it may be new
                self.shapes(connection, True).need(name)

        self.read(work)
        with self._lock:
            return self._tables.setdefault(name, PostgresTable(self, name))

    def commit(self, parts: Sequence[Part], *, id: str = "", check: Check | None = None) -> tuple[Committed, ...]:
        """See :meth:`kernel.tables.contract.Source.commit`; ids are kept in the database itself (see ``ledger``).

        Before ``check`` looks, the rows that the parts change are locked.
        """
        from kernel.tables.postgres.commit import commit

        return commit(self, parts, id, check)

    def take_notes(self, take: Callable[[list[tuple[int, str, bytes]]], None], most: int = 1_000) -> bool:
        """Hand out number, commit id and note of the oldest commits with a note, then forget the notes.

        Whether there were any. When ``take`` fails, or the process ends before they are forgotten, they come again.
        """
        from kernel.tables.postgres.ledger import take_notes

        return self.read(lambda connection: take_notes(connection, self.schemas[0], take, most))

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """What ``work`` answers on a connection; see :meth:`Connections.run`."""
        return self.connections.run(work)

    def shapes(self, connection: Connection, is_strict: bool = False) -> Shapes:
        """The shapes of all tables, as the connection sees them.

        Args:
            connection: Reads those that are not known.
            is_strict: Look whether the schema has changed even if that was done a moment ago.
        """
        with self._lock:
            if is_strict or time.monotonic() - self._looked > LOOK_S:
                self._look(connection)
            return Shapes(connection, self._relations, self._shapes)

    def schema_of(self, connection: Connection, name: str) -> Schema | None:
        """The schema of the table of that name, None when there is none."""
        shape = self.shapes(connection).find(name)
        return shape and shape.schema

    def forget(self) -> None:
        """Read the schema anew when it is needed next."""
        with self._lock:
            self._fingerprint = self._snapshot = ""
            self._looked = 0.0
        self.memory.clear()

    def letters(self, connection: Connection) -> Letters:
        """What tells the characters beyond ASCII in a column; a column is read once, and again when it changed."""

        def find(shape: Shape, name: str) -> frozenset[str]:
            place = shape.relation.oid, name
            stamp = read_stamp(connection, [shape.relation.oid])
            known = self._letters.get(place)
            if known is not None and known.holds(stamp):
                return known.value
            sql = letters_sql(shape.codecs[name].sql.format(quote(name)), shape.relation.sql)
            begun = time.monotonic()
            found = letters_of(lambda known: [row[0] for row in connection.execute(sql, [known, known])])
            self._letters[place] = Entry(found, stamp, frozenset(), time.monotonic() - begun)
            return found

        return find

    def poll(self) -> bool:
        """Whether another program has written since the last call; if so all listeners are told.

        Cheap (one statement on the server's counters): call it on a timer while somebody looks.
        """
        return self.feed.poll()

    def check_open(self) -> None:
        """Raise SourceError when the source is closed."""
        self.connections.check_open()

    def close(self) -> None:
        """See :class:`kernel.tables.contract.Source`."""
        self.connections.close()
        self.feed.close()
        self.listeners.clear()
        self.memory.clear()

    def describe(self, problem: Exception) -> str:
        """A problem with this source in one sentence."""
        if isinstance(problem, psycopg.Error):
            problem = self.connections.translated(problem)
        return str(problem)

    def _look(self, connection: Connection) -> None:
        """Read the schema again if it is another than the one that is known."""
        row = connection.execute(catalogue.SNAPSHOT).fetchone()
        snapshot = row[0] if row else ""
        if snapshot != self._snapshot or not self._fingerprint:
            row = connection.execute(catalogue.FINGERPRINT, [list(self.schemas)]).fetchone()
            fingerprint = row[0] if row else ""
            if fingerprint != self._fingerprint:
                self._relations = read_relations(connection, self.schemas)
                self._shapes = {}
                self._fingerprint = fingerprint
                self.memory.clear()
            self._snapshot = snapshot
        self._looked = time.monotonic()
