"""Tables of an app that live on a source server, over a :class:`kernel.wire.link.Link`.

With a cache, what was seen last is remembered: a window paints before the network answers, and offline it shows
the last rows. Light to import; asyncio starts with the link's first call.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kernel.disposer import Disposer
from kernel.nearest import did_you_mean
from kernel.tables.block import Block
from kernel.tables.change import Change, Committed, Key, Part, TableChange
from kernel.tables.contract import Check, Estimate, Listener, Report
from kernel.tables.error import SourceError, TableError, UnavailableError, UnknownTableError
from kernel.tables.query import Query
from kernel.tables.remote_feed import Feed
from kernel.tables.remote_memory import Memory, RecordStore
from kernel.tables.remote_waiting import NOTHING, WaitingRows, waiting_rows
from kernel.tables.schema import Schema

if TYPE_CHECKING:
    from kernel.outbox.outbox import Outbox
    from kernel.tables.remote_offline import OfflineEdits
    from kernel.wire.link import Link

#: Seconds that a read may take.
READ_S = 30.0
#: More rows than are ever remembered.
_ALL = 1 << 31


class RemoteSource:
    """The tables of one source of an app.

    Args:
        link: The server.
        app: The app's name.
        source: The source's name in ``app.toml``; empty = its only one.
        cache: Keeps what was seen last, :class:`kernel.cache.Cache`; None remembers nothing.
        server: The server's name, to tell the memories of two servers apart.
        outbox: Where edits wait while the server is away, and the tables for which they may (None = all).
    """

    def __init__(
        self,
        link: Link,
        app: str,
        source: str = "",
        cache: RecordStore | None = None,
        server: str = "",
        outbox: tuple[Outbox, frozenset[str] | None] | None = None,
    ) -> None:
        self._link = link
        self._place = {"app": app, "source": source}
        self._memory = Memory(cache, f"{server or getattr(link, 'address', '')}/{app}/{source}")
        self._tables: dict[str, RemoteTable] = {}
        self._lock = threading.Lock()
        self._is_closed = False
        self._unfollow: Disposer | None = None
        self.edits: OfflineEdits | None = None
        if outbox is not None:
            from kernel.tables.remote_offline import OfflineEdits

            self.edits = OfflineEdits(self, *outbox)

    def table_names(self) -> list[str]:
        """See :meth:`kernel.tables.contract.Source.table_names`; offline, the names of last time."""
        try:
            names = self.ask("table.names", {}, list[str])
        except UnavailableError:
            names = self._memory.read("", "names", list[str])
            if names is None:
                raise
            return names
        self._memory.write("", "names", names)
        return names

    def table(self, name: str) -> RemoteTable:
        """See :meth:`kernel.tables.contract.Source.table`. A table that was seen before is there without network.

        Raises:
            UnknownTableError: the server has no such table.
            UnavailableError: the server is away and the table was never seen.
        """
        with self._lock:
            self._check_open()
            table = self._tables.get(name)
        if table is None:
            made = RemoteTable(self, self._link, name, self._memory)
            if made.remembered_schema() is None:
                self._check_known(name, made)
            with self._lock:
                table = self._tables.setdefault(name, made)
        return table

    def remembered_table(self, name: str) -> RemoteTable | None:
        """The table if it was seen before, so that it is there without network."""
        with self._lock:
            table = self._tables.get(name)
            if table is None and not self._is_closed:
                made = RemoteTable(self, self._link, name, self._memory)
                if made.remembered_schema() is not None:
                    table = self._tables[name] = made
        return table

    def _check_known(self, name: str, table: RemoteTable) -> None:
        try:
            _ = table.schema
        except UnknownTableError as error:
            hint = error.hint or did_you_mean(name, self.table_names())
            raise UnknownTableError(error.message, hint=hint) from error

    def close(self) -> None:
        """See :meth:`kernel.tables.contract.Source.close`; the link stays open, it is the caller's."""
        with self._lock:
            self._is_closed = True
            tables = list(self._tables.values())
            self._tables.clear()
        for table in tables:
            table.close()
        if self._unfollow is not None:
            self._unfollow()
        self._memory.flush()

    def ask(self, command: str, args: dict[str, Any], type: Any, timeout_s: float = READ_S) -> Any:
        """The server's answer, with the errors that a table near by would raise.

        Raises:
            TableError: what the table says.
            UnavailableError: the server is away, or too slow.
        """
        from kernel.wire.code import table_error_of
        from kernel.wire.error import RemoteError

        self._check_open()
        self._follow()
        try:
            return self._link.call(command, self._place | args, timeout_s=timeout_s, type=type)
        except RemoteError as error:
            raise table_error_of(error) from error

    def follow(self, command: str, args: dict[str, Any], report: Report) -> int:
        """The number that a long command ends with; what it tells on the way is reported. Raises as :meth:`ask`."""
        from kernel.tables.progress import answer_of

        with contextlib.closing(self.pieces(command, args)) as pieces:
            return answer_of(pieces, report)

    def pieces(self, command: str, args: dict[str, Any]) -> Iterator[bytes]:
        """The pieces of a long answer as they come; raises as :meth:`ask`."""
        from kernel.wire.code import table_error_of
        from kernel.wire.error import RemoteError

        self._check_open()
        try:
            with contextlib.closing(self._link.stream(command, self._place | args)) as pieces:
                yield from pieces
        except RemoteError as error:
            raise table_error_of(error) from error

    def topic(self, table: str) -> str:
        """The topic of a table's events."""
        return f"table:{self._place['app']}/{self._place['source']}/{table}"

    def commit(self, parts: Sequence[Part], *, id: str = "", check: Check | None = None) -> tuple[Committed, ...]:
        """See :meth:`kernel.tables.contract.Source.commit`.

        Every commit has an id. When the connection is lost before the answer is there it is sent again, for a moment:
        the server does what it has done already only once.

        Raises:
            UnavailableError: the server is away; the message tells whether something may have been saved.
        """
        if check is not None:
            raise TableError("a commit at a server cannot be looked at from inside")
        if self.edits is not None and all(self.edits.takes(part.table) for part in parts):
            return self.edits.commit(parts, id)
        return self.send(parts, id)

    # What the edits that wait need of the source

    def send(self, parts: Sequence[Part], id: str) -> tuple[Committed, ...]:
        """Commit at the server; raises as :meth:`commit`."""
        from kernel.tables.remote_commit import COMMIT_S, commit
        from kernel.tables.remote_upload import PIECE, upload

        def large(parts: Sequence[Part], id: str) -> tuple[Committed, ...]:
            piece = min(PIECE, self._link.limits.frame // 2)
            return upload(self._tell, self.pieces, parts, id, piece, COMMIT_S)

        return commit(self.ask, parts, id, large=large)

    def _tell(self, command: str, args: dict[str, Any], type: Any, timeout_s: float) -> Any:
        """As :meth:`ask`, for commands about no source."""
        from kernel.wire.code import table_error_of
        from kernel.wire.error import RemoteError

        self._check_open()
        try:
            return self._link.call(command, args, timeout_s=timeout_s, type=type)
        except RemoteError as error:
            raise table_error_of(error) from error

    def remembered_schema(self, table: str) -> Schema | None:
        """A table's schema as it was seen last, without network."""
        found = self.remembered_table(table)
        return found.remembered_schema() if found is not None else None

    def remembered_row(self, table: str, key: Key) -> dict[str, Any]:
        """What is remembered of a row."""
        return self._memory.row(table, tuple(key))

    def tell(self, change: TableChange) -> None:
        """Tell the listeners of a table of a change that is only known here."""
        table = self._tables.get(change.table)
        if table is not None:
            table.tell(change)

    def is_away(self) -> bool:
        """Whether the server is known to be away."""
        return self._link.state == "offline"

    def _follow(self) -> None:
        """Send what waits whenever the server is there; called with the first question, so that a start waits not."""
        if self.edits is not None and self._unfollow is None:
            edits = self.edits
            self._unfollow = lambda: None
            self._unfollow = self._link.on_state(lambda state: edits.send_soon() if state == "online" else None)

    def _check_open(self) -> None:
        if self._is_closed:
            raise SourceError(f"the source '{self._place['source']}' is closed")


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
        return estimate

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
        return count

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
        if edits is None:
            return set()
        overlay = edits.overlay(self._name)
        return overlay.keys | overlay.deleted

    def tell(self, change: TableChange) -> None:
        """Tell the listeners of a change that is only known here."""
        self._feed.tell(change)

    def _waiting(self, query: Query) -> WaitingRows:
        """The edits that wait, for one query."""
        edits, schema = self._source.edits, self._schema or self._old_schema
        if edits is None or schema is None or not edits.takes(self._name):
            return NOTHING
        return waiting_rows(edits.overlay(self._name), query, schema)

    def close(self) -> None:
        """Hear no more events."""
        self._feed.close()

    def _ask(self, command: str, args: dict[str, Any], type: Any, timeout_s: float = READ_S) -> Any:
        return self._source.ask(command, {"table": self._name, **args}, type, timeout_s)

    def _heard(self, change: TableChange) -> None:
        if change.is_everything:
            self._schema = None
