"""A commit watched from inside its transaction: what the audit notes of it, and what filtered channels hear."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from kernel.tables.by_key import blocks_of
from kernel.tables.change import Change, Committed, Delete, Insert, Key, Part, TableChange
from kernel.tables.contract import Source
from kernel.tables.query import Query
from server.audit_entry import Entry, Note, entries_of, now, rows_of
from server.channel import Channel, seen_change
from server.identity import Person
from server.onlooker import seen_by

#: Added rows in one commit above which their values are not noted: they stand in the table, and a later change or
#: deletion of such a row notes them as what was before.
MOST_NOTED = 5_000
#: Table → key → row.
Rows = dict[str, dict[Key, dict[str, Any]]]


class CommitRecord:
    """Implements :class:`kernel.tables.contract.Check`; refuses nothing.

    Args:
        source: The whole source.
        place: The names of the app and the source.
        person: Who commits.
        parts: What is to be written.
        channels: Table → the filtered channels that hear of it.
        tell: ``tell(change, channel → what it hears of it)``, called when everything is written.
        forget: Called with each such change when the commit is over, or begins anew.

    Attributes:
        note: What the audit is to know, once everything is written.
    """

    def __init__(
        self,
        source: Source,
        place: tuple[str, str],
        person: Person,
        parts: Sequence[Part],
        channels: dict[str, list[Channel]],
        tell: Callable[[TableChange, dict[str, TableChange | None]], None],
        forget: Callable[[TableChange], None],
    ) -> None:
        self._source, self._place, self._person = source, place, person
        self._parts, self._channels, self._tell, self._forget = parts, channels, tell, forget
        added = sum(isinstance(change, Insert) for part in parts for change in part.changes)
        self._is_brief = added > MOST_NOTED
        self._before: Rows = {}
        self._sights: dict[str, dict[str, set[Key]]] = {}
        self.note: Note | None = None
        self._done: tuple[Committed, ...] = ()

    def before(self) -> None:
        """See :class:`kernel.tables.contract.Check`; the commit may be tried a second time."""
        self.close()
        keys: dict[str, list[Key]] = {}
        for part in self._parts:
            keys.setdefault(part.table, []).extend(_keys_before(part))
        self._before = self._rows(keys)
        self._sights = {table: self._sight(table, some) for table, some in keys.items()}

    def after(self, done: tuple[Committed, ...]) -> bytes:
        """See :class:`kernel.tables.contract.Check`."""
        self._done = done
        keys: dict[str, list[Key]] = {}
        noted: dict[str, list[Key]] = {}
        for part, one in zip(self._parts, done, strict=True):
            keys.setdefault(part.table, []).extend(_keys_after(part, one))
            noted.setdefault(part.table, []).extend(_keys_after(part, one, has_added=not self._is_brief))
        after = self._rows(noted)
        sights = {table: self._sight(table, some) for table, some in keys.items()}
        for part, one in zip(self._parts, done, strict=True):
            old, new = self._sights.get(part.table, {}), sights.get(part.table, {})
            self._tell(one.change, {
                channel.name: seen_change(one.change, old.get(channel.name, set()), new.get(channel.name, set()))
                for channel in self._channels.get(part.table, ())
            })  # fmt: skip
        person = self._person
        entries = entries_of(self._parts, done, self._before, after, is_brief=self._is_brief)
        self.note = Note(now(), person.name, person.is_verified, person.origin, *self._place, entries)
        return self.note.encode()

    def close(self) -> None:
        """The commit is over, or not yet done after all: what was told of it is forgotten."""
        for one in self._done:
            self._forget(one.change)
        self._done, self.note = (), None

    def _rows(self, keys: dict[str, list[Key]]) -> Rows:
        return {
            table: {
                key: row
                for block in blocks_of(self._source.table(table), Query(), list(dict.fromkeys(some)))
                for key, row in rows_of(block).items()
            }
            for table, some in keys.items()
            if some
        }

    def _sight(self, table: str, keys: Iterable[Key]) -> dict[str, set[Key]]:
        """Channel → those of the keys whose rows it sees now."""
        channels = self._channels.get(table, ())
        return seen_by(self._source.table(table), channels, tuple(dict.fromkeys(keys))) if channels else {}


def _keys_before(part: Part) -> list[Key]:
    return [tuple(change.key) for change in part.changes if not isinstance(change, Insert)]


def _keys_after(part: Part, done: Committed, *, has_added: bool = True) -> list[Key]:
    left_out = Delete if has_added else (Delete, Insert)
    return [key for change, key in zip(part.changes, done.keys, strict=True) if not isinstance(change, left_out)]


def refusal(place: tuple[str, str], person: Person, parts: Sequence[Part], reason: str) -> Note:
    """What the audit is to know of something that was not granted: each change as it was asked for."""
    entries = [Entry(part.table, _key(change), "refused", {}, _values(change), reason)
               for part in parts for change in part.changes]  # fmt: skip
    entries = entries or [Entry(part.table, (), "refused", reason=reason) for part in parts]
    return Note(now(), person.name, person.is_verified, person.origin, *place, tuple(entries))


def _key(change: Change) -> Key:
    return () if isinstance(change, Insert) else tuple(change.key)


def _values(change: Change) -> dict[str, Any]:
    return {} if isinstance(change, Delete) else change.values
