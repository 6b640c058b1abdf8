"""Edits of tables that an app marks ``offline``: they wait in the outbox while the server is away.

Until they are written the rows are shown as they will be: new ones before all others, changed ones in their place.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from kernel.outbox.entry import Waiting
from kernel.outbox.fold import fold_in
from kernel.outbox.outbox import Outbox
from kernel.outbox.overlay import Overlay, overlay_of
from kernel.outbox.replay import replay
from kernel.tables.change import Change, Committed, Insert, Key, Part, TableChange
from kernel.tables.check import heading
from kernel.tables.error import ConstraintError, InterruptedCallError, LockedError, SourceError, UnavailableError
from kernel.tables.interrupt import current
from kernel.tables.outcome import change_between, check_values, in_part
from kernel.tables.remote_commit import new_id
from kernel.tables.schema import Schema
from kernel.words import mark

#: Seconds until what cannot be written now is tried again while the server is there; doubled each time.
PAUSE_S, MOST_PAUSE_S = 2.0, 60.0


class Place(Protocol):
    """What is needed of a remote source."""

    def send(self, parts: Sequence[Part], id: str) -> tuple[Committed, ...]:
        """Commit at the server."""

    def remembered_schema(self, table: str) -> Schema | None:
        """A table's schema, without network."""

    def remembered_row(self, table: str, key: Key) -> dict[str, Any]:
        """What is remembered of a row."""

    def tell(self, change: TableChange) -> None:
        """Tell the listeners of a table."""

    def is_away(self) -> bool:
        """Whether the server is known to be away."""


class OfflineEdits:
    """The outbox of one remote source at work.

    Args:
        place: The source.
        outbox: Its outbox.
        tables: The tables whose edits may wait; None = all.
    """

    def __init__(self, place: Place, outbox: Outbox, tables: frozenset[str] | None) -> None:
        self._place = place
        self.outbox = outbox
        self._tables = tables
        self._gate = threading.Lock()
        self._is_sending = self._is_wanted = self._is_closed = False
        self._pause_s = PAUSE_S
        self._timer: threading.Timer | None = None
        #: What views were told of that waits. Another process's edits come in beside one's own, too.
        self._known_entries = {entry.id: entry for entry in outbox.shown}
        #: Table → the outbox's state, what waited for the table then, and its rows' keys.
        self._overlays: dict[str, tuple[int, Overlay, set[Key]]] = {}

    def takes(self, table: str) -> bool:
        """Whether edits of the table may wait."""
        return self._tables is None or table in self._tables

    def overlay(self, table: str) -> Overlay:
        """What waits for the table, also when its edits may not wait any more."""
        return self._known(table)[1]

    def pending(self, table: str) -> set[Key]:
        """The keys of the table's rows that wait, those that go among them; a set that is not to be changed."""
        return self._known(table)[2]

    def _known(self, table: str) -> tuple[int, Overlay, set[Key]]:
        state, known = self.outbox.state, self._overlays.get(table)
        if known is None or known[0] != state:
            overlay = overlay_of(table, self.outbox.shown)
            known = self._overlays[table] = state, overlay, overlay.keys | overlay.deleted
        return known

    def commit(self, parts: Sequence[Part], id: str) -> tuple[Committed, ...]:
        """Write now, or keep until the server is back: the answer then has temporary keys.

        Raises:
            TableError: what the server, or the schema, says against it.
            JournalError: it can neither be sent nor kept.
        """
        parts = [self.outbox.real(part) for part in parts]
        if self.outbox.refused:
            return self._commit_beside_refused(parts, id or new_id())
        return self._commit(parts, id or new_id())

    def _commit(self, parts: Sequence[Part], id: str) -> tuple[Committed, ...]:
        if not self.outbox.waiting and not self._place.is_away():
            try:
                return self._place.send(parts, id)
            except UnavailableError:
                if (interrupt := current()) is not None and interrupt.is_set:
                    raise  # the person gave it up: it is not to be written later
        done = self._keep(parts, id)
        if not self._place.is_away():
            self.send_soon()
        return done

    def _commit_beside_refused(self, parts: Sequence[Part], id: str) -> tuple[Committed, ...]:
        """Edits of rows whose older edit came back go into that one, which is tried again; the others go first, so
        that nothing is done when they are refused.

        NOTE: written on their own they would go over what others wrote, which is hidden by the older edit.
        """
        folds = fold_in([entry for entry, _ in self.outbox.refused], parts, self.seen, new_id)
        if not folds.puts:
            return self._commit(parts, id)
        written = [part for part in folds.rest if part.changes]
        keys = iter([key for one in (self._commit(written, id) if written else ()) for key in one.keys])
        for old, new in folds.puts:
            self.outbox.put(old, new)
        is_folded = iter(folds.is_folded)
        done = []
        for part in parts:
            own = [tuple(change.key) if next(is_folded) and not isinstance(change, Insert) else next(keys)
                   for change in part.changes]  # fmt: skip
            done.append(Committed(tuple(own), change_between(part.table, part.changes, own)))
        for one in done:
            self._place.tell(one.change)
        if not self._place.is_away():
            self.send_soon()
        return tuple(done)

    # -- sending --------------------------------------------------------------------------------------------------

    def send_soon(self) -> None:
        """Send what waits, in a thread; also what another process left."""
        if self.outbox.path.exists() and not self._is_closed:
            threading.Thread(target=self.send, name="espalier-outbox", daemon=True).start()

    def close(self) -> None:
        """Try nothing again."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()

    def send(self) -> None:
        """Send what waits, until nothing is left or the server is away again; one thread at a time, and what comes
        meanwhile is sent by it too."""
        with self._gate:
            self._is_wanted = True
            if self._is_sending:
                return
            self._is_sending = True
        try:
            while self._is_asked():
                self._send_all()
        except BaseException:
            with self._gate:
                self._is_sending = False
            raise

    def _is_asked(self) -> bool:
        with self._gate:
            self._is_sending, self._is_wanted = self._is_wanted, False
            return self._is_sending

    def _send_all(self) -> None:
        before = self.outbox.shown
        written: list[Waiting] = []
        try:
            written = [entry for entry, _ in replay(self.outbox, self._place.send)]
            self._pause_s = PAUSE_S
        except (UnavailableError, LockedError, SourceError, InterruptedCallError):
            self._try_later()  # with the next edit, or when the server is back, or after a while
        finally:
            now = self.outbox.shown
            self._known_entries = {entry.id: entry for entry in now}
            self._tell_settled([*before, *written, *now])

    def _try_later(self) -> None:
        if self._is_closed or self._place.is_away():
            return
        self._timer = threading.Timer(self._pause_s, self.send)
        self._timer.daemon = True
        self._timer.start()
        self._pause_s = min(self._pause_s * 2, MOST_PAUSE_S)

    def take_news(self) -> bool:
        """Show what another process added or sent; whether there was anything.

        Raises:
            JournalError: the outbox cannot be read.
        """
        if not self.outbox.has_news():
            return False
        self.outbox.refresh()
        before, now = self._known_entries, {entry.id: entry for entry in self.outbox.shown}
        self._known_entries = now
        added = [entry for id, entry in now.items() if id not in before]
        settled = [entry for id, entry in before.items() if id not in now]
        for entry in added:
            self._tell_added(entry)
        self._tell_settled(settled)
        if added or settled:
            self.outbox.tell()
        return bool(added or settled)

    def _tell_added(self, entry: Waiting) -> list[Committed]:
        """Tell the rows of an entry that waits from now on."""
        done, keys = [], list(entry.keys)
        for part in entry.parts:
            mine, keys = keys[: len(part.changes)], keys[len(part.changes) :]
            done.append(Committed(tuple(mine), change_between(part.table, part.changes, mine)))
        for one in done:
            self._place.tell(one.change)
        return done

    def _keep(self, parts: Sequence[Part], id: str) -> tuple[Committed, ...]:
        for number, part in enumerate(parts):
            schema = self._place.remembered_schema(part.table)
            with in_part(number):
                for index, change in enumerate(part.changes):
                    _check(schema, change, index)
        entry = self.outbox.add(id, parts, self.seen, self._place.remembered_schema)
        self._known_entries = {**self._known_entries, entry.id: entry}
        return tuple(self._tell_added(entry))

    def seen(self, table: str, key: Key) -> dict[str, Any]:
        """What is known of a row here, with the edits that wait."""
        overlay = self.overlay(table)
        row = self._place.remembered_row(table, key)
        return {**row, **overlay.updated.get(key, {}), **overlay.inserted.get(key, {})}

    def _tell_settled(self, entries: Sequence[Waiting]) -> None:
        """Rows of these entries are shown otherwise now: under their real keys, or as the server has them."""
        for table in dict.fromkeys(part.table for entry in entries for part in entry.parts):
            self._place.tell(_settled(table, entries, self.outbox.real_key))


def _settled(table: str, entries: Sequence[Waiting], real_key: Callable[[str, Key], Key]) -> TableChange:
    inserted: list[Key] = []
    updated: list[Key] = []
    deleted: list[Key] = []
    for entry in entries:
        tables = [part.table for part in entry.parts for _ in part.changes]
        for key in (key for name, key in zip(tables, entry.keys, strict=True) if name == table):
            real = real_key(table, key)
            if real == key:
                updated.append(key)
            else:
                deleted.append(key)
                inserted.append(real)
    return TableChange(table, *(tuple(dict.fromkeys(keys)) for keys in (inserted, updated, deleted)))


def _check(schema: Schema | None, change: Change, index: int) -> None:
    """What can be told without the server.

    Raises:
        ConstraintError, ReadOnlyError, UnknownColumnError: the values cannot stand in their columns.
    """
    if schema is None:
        return
    check_values(schema, change, index)
    for column in schema.columns if isinstance(change, Insert) else ():
        is_missing = column.is_required and not column.has_default and not column.is_generated
        if is_missing and change.values.get(column.name) is None:
            raise ConstraintError(mark(f"{heading(column)} must not be empty"), column=column.name, index=index)
