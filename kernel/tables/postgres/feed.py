"""Telling listeners what changed: own commits at once, others' writes when :meth:`Feed.poll` looks.

Without triggers others' writes are seen by the counters that PostgreSQL keeps of every table, which lag some seconds
behind and tell no rows. With triggers (``feed = "triggers"``) each writing statement sends a notification as it
commits, with the keys of its rows where they are few.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import psycopg

from kernel.tables.change import TableChange
from kernel.tables.error import ReadOnlyError, TableError
from kernel.tables.listener import leads_to
from kernel.tables.postgres import catalogue
from kernel.tables.postgres.connection import Connection
from kernel.tables.postgres.introspect import Relation
from kernel.tables.postgres.trigger import CHANNEL, Told, make_triggers, read_told, told_key
from kernel.tables.schema import Schema

if TYPE_CHECKING:
    from kernel.tables.postgres.source import PostgresSource

#: Notifications of one table in a look from which on everything may be another.
_MOST_TOLD = 50


class Feed:
    """Who is told what.

    Args:
        source: Whose listeners are told.
        has_triggers: Hear of others by triggers rather than by counters.
    """

    def __init__(self, source: PostgresSource, has_triggers: bool) -> None:
        self._source = source
        self._has_triggers = has_triggers
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        #: The tables that have triggers, with what these tell; every part of them with the whole.
        self._triggered: dict[int, str] = {}
        self._wholes: dict[int, int] = {}
        self._seen: dict[int, tuple[Any, ...]] = {}
        self._own: dict[int, list[int]] = {}
        self._relations: dict[str, Relation] = {}

    def begin(self) -> None:
        """Make the triggers where they are wanted, and begin to hear.

        Raises:
            ReadOnlyError: this user may not make them.
        """
        self._source.read(self._reshaped)
        self._source.read(self._trigger_new if self._has_triggers else self._count)

    def heed(self) -> None:
        """Hear from now on if anybody listens, else no more: what nobody fetches is kept by the server."""
        if not self._has_triggers:
            return
        with self._lock:
            if not self._source.listeners.tables():
                self._stop_listening()
            elif self._connection is None:
                with contextlib.suppress(TableError):  # the next look tries again, and tells that all may be another
                    self._listen()

    def tell(self, change: TableChange, has_side_effects: bool) -> None:
        """Tell everybody of a commit of this source."""
        source = self._source
        source.memory.clear()
        referring = []
        if source.listeners.tables():
            shapes = source.read(lambda connection: {
                name: source.shapes(connection).find(name) for name in source.shapes(connection).relations})

            def schema_of(name: str) -> Schema | None:
                shape = shapes.get(name)
                return shape and shape.schema

            self._count_own(shapes[change.table].relation.oid, change)
            referring = [] if has_side_effects else source.listeners.referring(change, schema_of)
            others = [name for name in source.listeners.tables() if name != change.table and (
                has_side_effects or not getattr(schema_of(name), "is_editable", False))]
            referring += [TableChange(name, is_everything=True) for name in others]
        source.listeners.notify(change)
        for other in referring:
            source.listeners.notify(other)

    def poll(self) -> bool:
        """See :meth:`PostgresSource.poll`."""
        self._source.check_open()
        with self._lock:
            if self._source.listeners.tables():
                changes = self._notified() if self._has_triggers else self._all_of(self._counted())
                whole = {change.table for change in changes if change.is_everything}
                changes += self._all_of(set(self._source.read(self._reshaped)) - whole)
            else:
                changes = []
        if changes:
            self._source.memory.clear()
            for change in (*changes, *self._referring(changes)):
                self._source.listeners.notify(change)
        return bool(changes)

    def close(self) -> None:
        """Hear no more."""
        with self._lock:
            self._stop_listening()

    def _counted(self) -> list[str]:
        """The tables whose counters moved further than this source's own commits explain, and views."""
        relations, changed = self._source.read(self._count)
        return self._with_views(relations, changed)

    def _reshaped(self, connection: Connection) -> list[str]:
        """The tables that anybody listens to and that are gone, back, or have other columns since the last look."""
        before, now = self._relations, self._source.shapes(connection).relations
        if now is before:
            return []
        self._relations = now
        return [name for name in self._source.listeners.tables() if before.get(name) != now.get(name)]

    def _with_views(self, relations: dict[str, Relation], changed: Collection[int]) -> list[str]:
        """The changed tables that anybody listens to, and if there are changed ones at all all views."""
        return [name for name in self._source.listeners.tables() if changed and name in relations and (
            relations[name].oid in changed or relations[name].kind not in ("r", "p"))]

    def _all_of(self, tables: Collection[str]) -> list[TableChange]:
        return [TableChange(name, is_everything=True) for name in tables]

    def _referring(self, changes: Collection[TableChange]) -> list[TableChange]:
        """What is to be told of tables whose references lead to changed ones; new rows alone change nothing there."""
        source = self._source
        whole = {change.table for change in changes if change.is_everything}
        changed = whole | {change.table for change in changes if change.updated or change.deleted}
        others = [name for name in source.listeners.tables() if name not in whole]
        if not changed or not others:
            return []

        def find(connection: Connection) -> list[str]:
            shapes = source.shapes(connection)

            def schema_of(name: str) -> Schema | None:
                shape = shapes.find(name)
                return shape and shape.schema

            return [name for name in others if any(leads_to(name, other, schema_of) for other in changed)]

        return [TableChange(name, has_changed_references=True) for name in source.read(find)]

    def _count(self, connection: Connection) -> tuple[dict[str, Relation], set[int]]:
        """All tables, and those of them whose counters have moved since the last look."""
        relations = dict(self._source.shapes(connection).relations)
        oids = [relation.oid for relation in relations.values() if relation.kind in ("r", "p", "m")]
        changed: set[int] = set()
        for oid, *counters in connection.execute(catalogue.WRITES, [oids]).fetchall():
            before = self._seen.get(oid)
            self._seen[oid] = tuple(counters)
            if before is None:
                continue
            own = self._own.get(oid, [0, 0, 0])
            moved = [int(now) - int(then) for now, then in zip(counters[:3], before[:3], strict=True)]
            explained = [min(step, mine) if step > 0 else 0 for step, mine in zip(moved, own, strict=True)]
            self._own[oid] = [mine - step for mine, step in zip(own, explained, strict=True)]
            if counters[3] != before[3] or moved != explained:
                changed.add(oid)
        return relations, changed

    def _count_own(self, oid: int, change: TableChange) -> None:
        with self._lock:
            own = self._own.setdefault(oid, [0, 0, 0])
            moved = len(set(change.inserted) & set(change.deleted))
            own[0] += len(change.inserted) - moved
            own[1] += len(change.updated)
            own[2] += len(change.deleted) - moved

    def _notified(self) -> list[TableChange]:
        """What others' notifications tell, and views."""
        source = self._source
        own = source.connections.pids()
        try:
            connection = self._connection
            if connection is None or connection.closed:
                self._stop_listening()
                self._listen()
                return self._all_of(source.listeners.tables())  # what came meanwhile is lost: all may be another
            told = [read_told(one.payload) for one in connection.notifies(timeout=0) if one.pid not in own]
        except psycopg.OperationalError:
            self._stop_listening()
            return []
        new = source.read(self._trigger_new)
        by_table: dict[int, list[Told]] = {oid: [] for oid in new}
        for one in told:
            if one is not None:
                by_table.setdefault(self._wholes.get(one.t, one.t), []).append(one)
        return source.read(lambda connection: self._changes(connection, by_table, new)) if by_table else []

    def _changes(self, connection: Connection, by_table: dict[int, list[Told]], new: Collection[int]
                 ) -> list[TableChange]:
        """What is told of the tables that anybody listens to."""
        shapes = self._source.shapes(connection)
        changes = []
        for name in self._with_views(shapes.relations, by_table):
            shape = shapes.find(name)
            told = by_table.get(shape.relation.oid, []) if shape is not None else []
            found = [one.change(shape) for one in told] if shape is not None and len(told) <= _MOST_TOLD else []
            is_known = found and shapes.relations[name].oid not in new and not any(one.is_everything for one in found)
            changes += found if is_known else self._all_of([name])
        return changes

    def _listen(self) -> None:
        connection = self._source.connections.connect()
        try:
            connection.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as error:
            self._source.connections.let_go(connection)
            raise self._source.connections.translated(error, is_gone=True) from error
        self._connection = connection

    def _stop_listening(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._source.connections.let_go(connection)

    def _trigger_new(self, connection: Connection) -> list[int]:
        """Make triggers where the schema has tables without; answers which tables these are.

        Raises:
            ReadOnlyError: this user may not make them; it is not tried again before the schema changes once more.
        """
        relations = self._source.shapes(connection, True).relations.values()
        wanted = {one.oid: told_key(one) for one in relations if one.kind in ("r", "p")}
        new = [oid for oid, key in wanted.items() if self._triggered.get(oid) != key]
        if not new:
            return []
        self._triggered = wanted
        try:
            self._wholes = make_triggers(connection, relations)
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction) as error:
            raise ReadOnlyError(
                "this user may not make the triggers that tell of changes",
                hint='leave out feed = "triggers", or have the owner of the tables open the source once') from error
        return new
