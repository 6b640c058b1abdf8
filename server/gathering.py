"""Changes of one table gathered for a moment, so that many commits are few events."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kernel.tables.change import Key, TableChange
from kernel.tables.outcome import MOST_KEYS, bounded

#: Within so many seconds the first few changes of a channel go at once, each for itself; the rest at the end as one.
GATHER_S, AT_ONCE = 0.05, 4
_INSERTED, _UPDATED, _DELETED = "inserted", "updated", "deleted"
#: What was known of a row and what happened then → what is known; empty = nothing happened to it.
_THEN = {
    (_INSERTED, _UPDATED): _INSERTED,
    (_INSERTED, _DELETED): "",
    (_UPDATED, _DELETED): _DELETED,
    (_DELETED, _INSERTED): _UPDATED,
}


class Sum:
    """Changes added up, key by key."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._keys: dict[Key, str] = {}
        self._is_everything = False
        self._has_changed_references = False

    def add(self, change: TableChange) -> None:
        """What happened next."""
        self._is_everything |= change.is_everything
        self._has_changed_references |= change.has_changed_references
        # A row whose key changed is deleted with the old and inserted with the new one.
        for what, keys in ((_DELETED, change.deleted), (_INSERTED, change.inserted), (_UPDATED, change.updated)):
            for key in keys:
                known = self._keys.get(key)
                told = what if known is None else _THEN.get((known, what), what)
                if told:
                    self._keys[key] = told
                else:
                    del self._keys[key]

    def change(self) -> TableChange | None:
        """The whole as one change; None when nothing is left of it."""
        is_everything = self._is_everything or len(self._keys) > MOST_KEYS
        if not (self._keys or is_everything or self._has_changed_references):
            return None
        keys = {what: tuple(key for key, told in self._keys.items() if told == what) for what in _KINDS}
        if len(self._keys) > MOST_KEYS:
            keys = {}
        return TableChange(self._table, **keys, is_everything=is_everything,
                           has_changed_references=self._has_changed_references)  # fmt: skip


_KINDS = (_INSERTED, _UPDATED, _DELETED)


class Gathered:
    """One channel's changes on their way; safe from any thread.

    Args:
        publish: Sends one event; None = fetch again.
        later: ``later(seconds, callback)``.
    """

    def __init__(
        self,
        publish: Callable[[TableChange | None], None],
        later: Callable[[float, Callable[[], None]], None],
    ) -> None:
        self._publish = publish
        self._later = later
        self._lock = threading.Lock()
        self._sum: Sum | None = None
        #: Events of the moment that has begun; 0 = none has.
        self._count = 0

    def add(self, change: TableChange | None) -> None:
        """Send a change now, or with those that come within a moment; None overtakes them."""
        change = change and bounded(change)
        with self._lock:
            if change is None:
                self._sum = None
            elif self._sum is not None or self._count >= AT_ONCE:
                self._sum = self._sum or Sum(change.table)
                self._sum.add(change)
                return
            self._publish(change)
            self._count += 1
            is_first = self._count == 1
        if is_first:
            self._later(GATHER_S, self._end)

    def _end(self) -> None:
        """The moment is over: send what was gathered, which begins another."""
        with self._lock:
            gathered, self._sum = self._sum, None
            change = gathered.change() if gathered is not None else None
            self._count = AT_ONCE if gathered is not None else 0
            if change is not None:
                self._publish(change)
        if gathered is not None:
            self._later(GATHER_S, self._end)
