"""Tables of an app that live on a source server, over a :class:`kernel.wire.link.Link`.

With a cache, what was seen last is remembered: a window paints before the network answers, and offline it shows
the last rows. Light to import; asyncio starts with the link's first call.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kernel.disposer import Disposer
from kernel.nearest import did_you_mean
from kernel.tables.change import Committed, Key, Part, TableChange
from kernel.tables.contract import Check, Report
from kernel.tables.error import SourceError, TableError, UnavailableError, UnknownTableError
from kernel.tables.remote_memory import Memory, RecordStore
from kernel.tables.remote_table import RemoteTable
from kernel.tables.schema import Schema
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.outbox.outbox import Outbox
    from kernel.tables.remote_offline import OfflineEdits
    from kernel.wire.link import Link

#: Seconds that a read may take.
READ_S = 30.0


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
        if self.edits is not None:
            self.edits.close()
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
            raise TableError(mark("a commit at a server cannot be looked at from inside"))
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
            raise SourceError(mark(f"the source '{self._place['source']}' is closed"))
