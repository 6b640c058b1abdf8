"""Edits of tables that an app marks ``offline``: they wait in the outbox while the server is away.

Until they are written the rows are shown as they will be: new ones before all others, changed ones in their place.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from kernel.outbox.entry import Waiting
from kernel.outbox.outbox import Outbox
from kernel.outbox.overlay import Overlay, overlay_of
from kernel.outbox.replay import replay
from kernel.tables.change import Change, Committed, Insert, Key, Part, TableChange
from kernel.tables.check import heading
from kernel.tables.error import ConstraintError, LockedError, UnavailableError
from kernel.tables.outcome import change_between, check_values, in_part
from kernel.tables.remote_commit import new_id
from kernel.tables.schema import Schema


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
        self._lock = threading.Lock()
        self._is_sending = self._is_wanted = False
        #: Table → the outbox's state, and what waited for the table then.
        self._overlays: dict[str, tuple[int, Overlay]] = {}

    def takes(self, table: str) -> bool:
        """Whether edits of the table may wait."""
        return self._tables is None or table in self._tables

    def overlay(self, table: str) -> Overlay:
        """What waits for the table."""
        if not self.takes(table):
            return Overlay({}, {}, set())
        state, known = self.outbox.state, self._overlays.get(table)
        if known is None or known[0] != state:
            known = self._overlays[table] = state, overlay_of(table, self.outbox.shown)
        return known[1]

    def commit(self, parts: Sequence[Part], id: str) -> tuple[Committed, ...]:
        """Write now, or keep until the server is back: the answer then has temporary keys.

        Raises:
            TableError: what the server, or the schema, says against it.
            JournalError: it can neither be sent nor kept.
        """
        id = id or new_id()
        parts = [self.outbox.real(self._place.remembered_schema, part) for part in parts]
        if not self.outbox.waiting and not self._place.is_away():
            with contextlib.suppress(UnavailableError):  # kept then
                return self._place.send(parts, id)
        done = self._keep(parts, id)
        if not self._place.is_away():
            self.send_soon()
        return done

    def send_soon(self) -> None:
        """Send what waits, in a thread."""
        if self.outbox.waiting:
            threading.Thread(target=self.send, name="espalier-outbox", daemon=True).start()

    def send(self) -> None:
        """Send what waits, until nothing is left or the server is away again; one thread at a time."""
        with self._lock:
            self._is_wanted = True
            if self._is_sending:
                return  # the thread that sends tries once more: it may have seen the end of what waited already
            self._is_sending = True
        while self._has_to_send():
            before = self.outbox.shown
            try:
                replay(self.outbox, self._place.send, self._place.remembered_schema)
            except (UnavailableError, LockedError):
                continue  # tried again when the server is back, or with the next edit
            except BaseException:
                self._is_sending = False
                raise
            finally:
                self._tell_settled(before)

    def _has_to_send(self) -> bool:
        with self._lock:
            self._is_sending, self._is_wanted = self._is_wanted, False
            return self._is_sending

    def take_news(self) -> None:
        """Another process may have added or sent something."""
        before = self.outbox.shown
        if self.outbox.refresh():
            self._tell_settled([*before, *self.outbox.shown])

    def _keep(self, parts: Sequence[Part], id: str) -> tuple[Committed, ...]:
        for number, part in enumerate(parts):
            schema = self._place.remembered_schema(part.table)
            with in_part(number):
                for index, change in enumerate(part.changes):
                    _check(schema, change, index)
        entry = self.outbox.add(id, parts, self._seen, self._place.remembered_schema)
        done, keys = [], list(entry.keys)
        for part in parts:
            mine, keys = keys[: len(part.changes)], keys[len(part.changes) :]
            done.append(Committed(tuple(mine), change_between(part.table, part.changes, mine)))
        for one in done:
            self._place.tell(one.change)
        return tuple(done)

    def _seen(self, table: str, key: Key) -> dict[str, Any]:
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
            raise ConstraintError(f"{heading(column)} must not be empty", column=column.name, index=index)
