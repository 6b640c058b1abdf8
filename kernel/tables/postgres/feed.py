"""Telling listeners what changed: own commits at once, others' writes when :meth:`Feed.poll` looks.

Without triggers others' writes are seen by the counters that PostgreSQL keeps of every table, which lag some seconds
behind and tell no rows. With triggers (``feed = "triggers"``) each writing statement sends a notification as it
commits; a trigger is made for every table of the source, and its function in their schema.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import psycopg

from kernel.tables.change import TableChange
from kernel.tables.error import ReadOnlyError
from kernel.tables.postgres import catalogue
from kernel.tables.postgres.connection import Connection
from kernel.tables.postgres.introspect import Relation
from kernel.tables.postgres.name import quote
from kernel.tables.schema import Schema

if TYPE_CHECKING:
    from kernel.tables.postgres.source import PostgresSource

_CHANNEL = "espalier_feed"
_FUNCTION = """
    CREATE OR REPLACE FUNCTION {schema}.espalier_feed() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('espalier_feed', TG_RELID::text); RETURN NULL; END $$
"""
_TRIGGER = """
    CREATE OR REPLACE TRIGGER espalier_feed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.espalier_feed()
"""


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
        self._seen: dict[int, tuple[Any, ...]] = {}
        self._own: dict[int, list[int]] = {}

    def begin(self) -> None:
        """Make the triggers where they are wanted, and begin to hear.

        Raises:
            ReadOnlyError: this user may not make them.
        """
        if not self._has_triggers:
            self._source.read(self._count)
            return
        self._source.read(self._make_triggers)
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
            changed = self._notified() if self._has_triggers else self._counted()
        if changed:
            self._source.memory.clear()
            for name in changed:
                self._source.listeners.notify(TableChange(name, is_everything=True))
        return bool(changed)

    def _counted(self) -> list[str]:
        """The tables whose counters moved further than this source's own commits explain, and views."""
        names = self._source.listeners.tables()
        if not names:
            return []
        relations, changed = self._source.read(self._count)
        if not changed:
            return []
        return [name for name in names if name in relations and (
            relations[name].oid in changed or relations[name].kind not in ("r", "p"))]

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

    def _notified(self) -> list[str]:
        """The tables of which others' notifications came, and views."""
        source = self._source
        own = source.connections.pids()
        oids: set[int] = set()
        try:
            connection = self._connection
            if connection is None or connection.closed:
                self._listen()
                return source.listeners.tables()  # what came meanwhile is lost: everything may be another
            oids = {int(one.payload) for one in connection.notifies(timeout=0) if one.pid not in own}
        except psycopg.OperationalError:
            self._connection = None
            return []
        if not oids:
            return []
        relations = source.read(lambda connection: dict(source.shapes(connection).relations))
        return [name for name in source.listeners.tables() if name in relations and (
            relations[name].oid in oids or relations[name].kind not in ("r", "p"))]

    def _listen(self) -> None:
        self._connection = self._source.connections.connect()
        self._connection.execute(f"LISTEN {_CHANNEL}")

    def _make_triggers(self, connection: Connection) -> None:
        shapes = self._source.shapes(connection)
        try:
            with connection.transaction():
                for schema in self._source.schemas:
                    tables = [one for one in shapes.relations.values()
                              if one.schema == schema and one.kind in ("r", "p")]
                    if tables:
                        connection.execute(_FUNCTION.format(schema=quote(schema)).replace("%%", "%"))
                    for relation in tables:
                        connection.execute(_TRIGGER.format(table=relation.sql, schema=quote(schema)).replace("%%", "%"))
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction) as error:
            raise ReadOnlyError(
                "this user may not make the triggers that tell of changes",
                hint='leave out feed = "triggers", or have the owner of the tables open the source once') from error
