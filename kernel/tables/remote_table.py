"""One table of an app that lives on a source server; made by :class:`kernel.tables.remote.RemoteSource`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.disposer import Disposer
from kernel.tables.block import Block
from kernel.tables.change import Change, Committed, Key, Part, TableChange
from kernel.tables.contract import Estimate, Listener, Report
from kernel.tables.error import UnavailableError
from kernel.tables.query import Query
from kernel.tables.remote_feed import Feed
from kernel.tables.remote_memory import Memory
from kernel.tables.remote_waiting import NOTHING, WaitingRows, waiting_rows
from kernel.tables.schema import Schema

if TYPE_CHECKING:
    from kernel.tables.remote import RemoteSource
    from kernel.wire.link import Link

#: More rows than are ever remembered.
_ALL = 1 << 31


class RemoteTable:
    """One table of a :class:`RemoteSource`; besides the contract it can tell what it remembers.

    The ``remembered`` calls never use the network and answer within a millisecond or so.
    """

    def __init__(self, source: RemoteSource, link: Link, name: str, memory: Memory) -> None:
        self._source = source
        self._name = name
        self._memory = memory
        self._schema: Schema | None = None
        self._old_schema: Schema | None = None
        self._link = link
        self._feed = Feed(link, source.topic(name), name, self._heard)

    @property
    def schema(self) -> Schema:
        """See :class:`kernel.tables.contract.Table`; asked once, and again after the connection was away."""
        if self._schema is None:
            try:
                self._schema = self._source.ask("table.schema", {"table": self._name}, Schema)
            except UnavailableError:
                remembered = self.remembered_schema()
                if remembered is None:
                    raise
                return remembered
            if self._schema != self._old_schema:
                self._memory.write(self._name, "schema", self._schema)
                self._old_schema = self._schema
        return self._schema

    def count(self, query: Query) -> int:
        """See :meth:`kernel.tables.contract.Table.count`; offline, the count of last time."""
        try:
            count = self._ask("table.count", {"query": query}, int)
        except UnavailableError:
            remembered = self.remembered_count(query)
            if remembered is None:
                raise
            return remembered
        self._memory.remember_count(self._name, query, count)
        return count + len(self._waiting(query).new)

    def estimate(self, query: Query) -> Estimate:
        """See :meth:`kernel.tables.contract.Table.estimate`; offline, the count of last time."""
        try:
            estimate = self._ask("table.estimate", {"query": query}, Estimate)
        except UnavailableError:
            remembered = self.remembered_count(query)
            if remembered is None:
                raise
            return Estimate(remembered)
        # A window that is closed before the exact count has come opens with this one; see ``prepare``.
        if estimate.is_exact or self.remembered_count(query) is None:
            self._memory.remember_count(self._name, query, estimate.count)
        return msgspec.structs.replace(estimate, count=estimate.count + len(self._waiting(query).new))

    def prepare(self, query: Query, report: Report) -> int:
        """See :meth:`kernel.tables.contract.Table.prepare`; offline, the count of last time."""
        try:
            count = self._source.follow("table.prepare", {"table": self._name, "query": query}, report)
        except UnavailableError:
            remembered = self.remembered_count(query)
            if remembered is None:
                raise
            return remembered
        self._memory.remember_count(self._name, query, count)
        return count + len(self._waiting(query).new)

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """See :meth:`kernel.tables.contract.Table.fetch`; offline, the rows of last time."""
        stop = max(start, stop)
        waiting = self._waiting(query)
        first, last = waiting.stored(start, stop)
        try:
            block = self._ask("table.fetch", {"query": query, "start": first, "stop": last}, Block)
        except UnavailableError:
            remembered = self.remembered(query, start, stop)
            if remembered is None:
                raise
            return remembered
        self._memory.remember_block(self._name, query, first, last, block)
        return waiting.over(block, start, stop)

    def locate(self, query: Query, key: Key) -> int | None:
        """See :meth:`kernel.tables.contract.Table.locate`; offline, among the rows of last time when all are known."""
        waiting = self._waiting(query)
        if tuple(key) in waiting.new:
            return waiting.new.index(tuple(key))
        try:
            found = self._ask("table.locate", {"query": query, "key": key}, int | None)
        except UnavailableError:
            block = self._known_rows(query)
            if block is None:
                raise
            return block.keys.index(tuple(key)) if tuple(key) in block.keys else None
        return None if found is None else found + len(waiting.new)

    def commit(self, changes: Sequence[Change]) -> Committed:
        """See :meth:`kernel.tables.contract.Table.commit`; raises as :meth:`RemoteSource.commit`."""
        return self._source.commit([Part(self._name, tuple(changes))])[0]

    def history(self, key: Key) -> Block:
        """What the server's audit has of a row, newest first; see :mod:`kernel.tables.row_history`.

        Raises:
            ForbiddenError: the person may not know it.
        """
        return self._ask("table.history", {"key": key}, Block)

    def subscribe(self, listener: Listener) -> Disposer:
        """See :meth:`kernel.tables.contract.Table.subscribe`; after a reconnect "everything" is reported."""
        return self._feed.subscribe(listener)

    def on_state(self, listener: Callable[[str], None]) -> Disposer:
        """Tell ``listener`` the connection's state now and on every change, from any thread."""
        return self._link.on_state(listener)

    def remembered_schema(self) -> Schema | None:
        """The schema as it was seen last, or None."""
        if self._schema is None and self._old_schema is None:
            self._old_schema = self._memory.read(self._name, "schema", Schema)
        return self._schema or self._old_schema

    def remembered_count(self, query: Query) -> int | None:
        """The query's count as it was seen last, with the edits that wait, or None."""
        count = self._memory.count(self._name, query)
        return None if count is None else self._waiting(query).count(count)

    def remembered(self, query: Query, start: int, stop: int) -> Block | None:
        """Rows of the query as they were seen last, with the edits that wait; None when these rows were not seen."""
        waiting = self._waiting(query)
        known = self._memory.known(self._name, query)
        if known is None or (stop > len(known[0]) and not known[1]):
            known = self._remembered_by_key(query, waiting.new) or known
        return None if known is None else waiting.offline(*known, start, stop)

    def _known_rows(self, query: Query) -> Block | None:
        """All rows of the query, when all of them are remembered."""
        known = self._memory.known(self._name, query)
        return self._waiting(query).offline(*known, 0, _ALL) if known is not None and known[1] else None

    def _remembered_by_key(self, query: Query, new: Sequence[Key]) -> tuple[Block, bool] | None:
        """The rows of a query by keys, out of what other queries have shown."""
        schema = self.remembered_schema()
        if query.keys is None or query.filter or query.group or query.aggregates or query.computed or schema is None:
            return None
        paths = query.columns if query.columns is not None else [column.name for column in schema.columns]
        stored = [key for key in map(tuple, query.keys) if key not in new]
        block = self._memory.rows(self._name, stored, paths)
        return None if block is None else (block, True)

    @property
    def pending_keys(self) -> set[Key]:
        """The rows that are shown with edits that the server does not have yet."""
        edits = self._source.edits
        return edits.pending(self._name) if edits is not None else set()

    def pending_text(self, key: Key, query: Query) -> str:
        """What is said of a row that waits for the server; empty of others."""
        edits, schema = self._source.edits, self._schema or self._old_schema
        overlay = edits.overlay(self._name) if edits is not None else None
        if not overlay or schema is None or key not in {*overlay.keys, *overlay.deleted}:
            return ""
        if key not in overlay.inserted:
            return "deleted here, waits for the server" if key in overlay.deleted else "changed, waits for the server"
        from kernel.outbox.overlay import unsure_rows

        is_unsure = query.keys is None and key in unsure_rows(overlay, query, schema)
        return f"new, waits for the server{', which will tell whether it passes the filter' if is_unsure else ''}"

    @property
    def can_wait(self) -> bool:
        """Whether edits may wait while the server is away."""
        return self._source.edits is not None and self._source.edits.takes(self._name)

    def tell(self, change: TableChange) -> None:
        """Tell the listeners of a change that is only known here."""
        self._feed.tell(change)

    def _waiting(self, query: Query) -> WaitingRows:
        """The edits that wait, for one query."""
        edits, schema = self._source.edits, self._schema or self._old_schema
        if edits is None or schema is None:
            return NOTHING
        return waiting_rows(edits.overlay(self._name), query, schema, edits.seen, self._source.remembered_schema)

    def close(self) -> None:
        """Hear no more events."""
        self._feed.close()

    def _ask(self, command: str, args: dict[str, Any], type: Any) -> Any:
        return self._source.ask(command, {"table": self._name, **args}, type)

    def _heard(self, change: TableChange) -> None:
        if change.is_everything:
            self._schema = None
