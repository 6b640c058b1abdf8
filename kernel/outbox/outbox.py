"""The outbox of one source: what waits, what was refused, and which real keys temporary ones became."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from kernel.disposer import Disposer
from kernel.outbox.entry import Done, Dropped, Entry, Refused, Waiting, as_temporary
from kernel.outbox.fold import flat, with_change
from kernel.outbox.journal import Journal, JournalError
from kernel.tables.change import TEMPORARY, Change, Delete, Insert, Key, Part, Update, is_temporary
from kernel.tables.schema import Schema
from kernel.wire.value import decode, encode

SchemaOf = Callable[[str], Schema | None]


class Outbox:
    """The edits of one source that were not sent yet. Safe from any thread, and shared by processes.

    Args:
        path: Its file; made with the first edit.
    """

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
        #: NOTE: whoever writes holds the first for as long as the disk takes; what is shown needs the second alone.
        self._writing, self._lock = threading.RLock(), threading.RLock()
        self._listeners: list[Callable[[], None]] = []
        #: Rises with everything that is added or settled.
        self.state = 0
        self._forget()
        self.refresh()

    @property
    def waiting(self) -> list[Waiting]:
        """What waits to be sent, in order."""
        with self._lock:
            return [entry for id, entry in self._waiting.items() if id not in self._refused]

    def next(self) -> Waiting | None:
        """What is sent next: the first that waits, but for those about rows whose own edit came back."""
        with self._lock:
            blocked = {number for id in self._refused for number in _made_by(self._waiting[id])}
            for id, entry in self._waiting.items():
                if id in self._refused:
                    continue
                if not (blocked and self._needed(entry) & blocked):
                    return entry
                blocked |= _made_by(entry)
        return None

    @property
    def refused(self) -> list[tuple[Waiting, Refused]]:
        """What the person has to choose about, in order."""
        with self._lock:
            return [(self._waiting[id], refused) for id, refused in self._refused.items()]

    @property
    def shown(self) -> list[Waiting]:
        """All edits that are not written, in order, with real keys where they are known."""
        with self._lock:
            return list(self._waiting.values())

    @property
    def path(self) -> Path:
        """Its file."""
        return self._journal.path

    def has_news(self) -> bool:
        """Whether its file may hold what was not read, as far as its size and place say; reads nothing."""
        return self._journal.has_news()

    def tell(self) -> None:
        """Tell the listeners that something was added or settled."""
        for listener in list(self._listeners):
            listener()

    def refresh(self) -> bool:
        """Take in what other processes did; whether there was anything.

        Raises:
            JournalError: the file cannot be read.
        """
        with self._writing:
            mark = self._journal.mark
            is_anew, bodies = self._journal.read_new()
            try:
                entries = [decode(body, Entry) for body in bodies]
            except (msgspec.DecodeError, ValueError) as error:
                # NOTE: as if nothing was read, so that nothing is added behind what is not understood.
                self._journal.forget(*mark)
                raise JournalError(f"the outbox {self.path} was written by another version of Espalier: {error}",
                                   hint="open the app with that version; nothing of it is lost") from error  # fmt: skip
            with self._lock:
                if is_anew:
                    self._forget()
                for entry in entries:
                    self._take(entry)
            return is_anew or bool(bodies)

    def add(
        self, id: str, parts: Sequence[Part], seen: Callable[[str, Key], dict[str, Any]], schema_of: SchemaOf
    ) -> Waiting:
        """Keep a commit, on the disk when this returns.

        Args:
            id: The commit's id; it may have been sent already.
            parts: What it writes.
            seen: Table and key → the row as the person sees it.
            schema_of: A table's schema.

        Raises:
            JournalError: it cannot be kept.
        """

        def make() -> list[Entry]:
            changes = [(part.table, change) for part in parts for change in part.changes]
            keys, number = [], self._temporary
            for table, change in changes:
                number += isinstance(change, Insert)
                keys.append(_key_of(change, schema_of(table), number))
            values = tuple(_seen_of(change, seen, table, schema_of(table)) for table, change in changes)
            return [Waiting(id, tuple(parts), values, tuple(keys), time.time())]

        self._write(make)
        return self._waiting[id]

    def replace(
        self, old: Waiting, id: str, parts: Sequence[Part], seen: Sequence[dict[str, Any]],
        keys: Sequence[Key] | None = None,
    ) -> None:  # fmt: skip
        """Put a commit in the place of a waiting or refused one; ``keys`` are its rows', those of the old one if None.

        Nothing happens when the old one was settled meanwhile, by another process.
        """
        own = old.keys if keys is None else tuple(keys)
        self.put(old, Waiting(id, tuple(parts), tuple(seen), own, old.at, old.id))

    def put(self, old: Waiting, new: Waiting | None) -> None:
        """Put an entry in the place of another one, or drop that with what stands on it when it is None."""
        if new is None:
            self.drop(old)
        else:
            self._write(lambda: [new] if old.id in self._waiting else [])

    def drop(self, entry: Waiting) -> None:
        """Give an entry up, with the later changes of the rows that it would have made."""

        def make() -> list[Entry]:
            if entry.id not in self._waiting:
                return []
            gone = {key for (_, change), key in zip(flat(entry), entry.keys, strict=True)
                    if isinstance(change, Insert) and any(map(is_temporary, key))}  # fmt: skip
            found: list[Entry] = [Dropped(entry.id)]
            for other in self._waiting.values():
                if other.id != entry.id and (rest := _without(other, gone)) is not other:
                    found.append(Dropped(other.id) if rest is None else rest)
            return found

        self._write(make)

    def note(self, entry: Done | Refused | Dropped) -> None:
        """Keep what became of a commit. What is settled goes with the first edit that waits after it."""
        self._write(lambda: [entry] if entry.id in self._waiting else [])

    def real(self, part: Part) -> Part:
        """The part with the real keys of rows that were sent meanwhile, in keys and in references."""
        with self._lock:
            return Part(part.table, tuple(self._real(part.table, change) for change in part.changes))

    def is_whole(self, entry: Waiting) -> bool:
        """Whether nothing in it stands for a row that is not written: such numbers are never sent."""
        with self._lock:
            return not self._needed(entry)

    def real_key(self, table: str, key: Key) -> Key:
        """The key that a temporary one became; the key itself when it did not."""
        with self._lock:
            return self._real_key(table, key)

    def on_change(self, listener: Callable[[], None]) -> Disposer:
        """Call ``listener`` whenever something was added or settled here, from any thread."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _real(self, table: str, change: Change) -> Change:
        values = {} if isinstance(change, Delete) else {
            name: self._numbers.get(value, value) if is_temporary(value) else value
            for name, value in change.values.items()
        }  # fmt: skip
        if isinstance(change, Insert):
            return Insert(values)
        key = self._real_key(table, change.key)
        version = "" if key != tuple(change.key) else change.version
        return Update(key, version, values) if isinstance(change, Update) else Delete(key, version)

    def _real_key(self, table: str, key: Key) -> Key:
        found = self._keys.get((table, tuple(key)))
        return found or tuple(self._numbers.get(value, value) if is_temporary(value) else value for value in key)

    def _needed(self, entry: Waiting) -> set[int]:
        """The temporary numbers of other entries' rows that it names and that have no real key yet."""
        found: set[int] = set()
        for _, change in flat(entry):
            named = () if isinstance(change, Insert) else change.key
            values = () if isinstance(change, Delete) else change.values.values()
            found.update(value for value in (*named, *values) if is_temporary(value))
        return {number for number in found if number in self._made and number not in self._numbers}

    def _write(self, make: Callable[[], Iterable[Entry]]) -> None:
        with self._writing:
            with self._journal.locked():
                self.refresh()
                entries = list(make())
                if not self._waiting and entries and self._journal.path.exists():
                    self._journal.clear()
                    with self._lock:
                        self._forget(keeps_keys=True)
                if entries:
                    self._journal.append([encode(entry) for entry in entries])
            with self._lock:
                for entry in entries:
                    self._take(entry)
        self.tell()

    def _take(self, entry: Entry) -> None:
        self.state += 1
        if isinstance(entry, Waiting):
            made = _made_by(entry)
            self._made |= made
            self._temporary = max([self._temporary, *(TEMPORARY - value for value in made)])
            if entry.replaces:
                self._refused.pop(entry.replaces, None)
                self._waiting = {(entry.id if id == entry.replaces else id): (entry if id == entry.replaces else one)
                                 for id, one in self._waiting.items()}  # fmt: skip
            else:
                self._waiting[entry.id] = entry
        elif isinstance(entry, Refused):
            self._refused[entry.id] = entry
        else:
            gone = self._waiting.pop(entry.id, None)
            self._refused.pop(entry.id, None)
            if gone is not None and isinstance(entry, Done):
                self._learn_keys(gone, entry)

    def _learn_keys(self, gone: Waiting, done: Done) -> None:
        real = [key for one in done.answer for key in one.keys]
        for (table, change), before, key in zip(flat(gone), gone.keys, real, strict=True):
            if before == key:
                continue
            if any(map(is_temporary, before)):
                self._keys[table, before] = key
                if len(before) == len(key):
                    self._numbers.update({old: new for old, new in zip(before, key, strict=True) if is_temporary(old)})
            elif isinstance(change, Update):
                self._rename(table, before, key)

    def _rename(self, table: str, before: Key, key: Key) -> None:
        """A row has another key by an edit that was written: what waits for it belongs to its new key.

        NOTE: only what waits by now: another row may get the old key later.
        """
        for id, entry in self._waiting.items():
            if not any(name == table and own == before for (name, _), own in zip(flat(entry), entry.keys, strict=True)):
                continue
            parts = tuple(
                Part(part.table, tuple(_moved(change, before, key) for change in part.changes))
                if part.table == table else part
                for part in entry.parts
            )  # fmt: skip
            keys = tuple(key if name == table and own == before else own
                         for (name, _), own in zip(flat(entry), entry.keys, strict=True))  # fmt: skip
            self._waiting[id] = msgspec.structs.replace(entry, parts=parts, keys=keys)

    def _forget(self, keeps_keys: bool = False) -> None:
        self.state += 1
        self._waiting: dict[str, Waiting] = {}
        self._refused: dict[str, Refused] = {}
        if not keeps_keys:
            #: Table and temporary key → real key; temporary number → real one; all temporary numbers that were made.
            self._keys: dict[tuple[str, Key], Key] = {}
            self._numbers: dict[int, Any] = {}
            self._made: set[int] = set()
            self._temporary = 0


def _key_of(change: Change, schema: Schema | None, number: int) -> Key:
    """The row's key; a temporary one for an insert whose key the database makes."""
    if not isinstance(change, Insert):
        return tuple(change.key)
    key = schema.key if schema is not None else ()
    given = tuple(change.values.get(name) for name in key)
    return as_temporary(number) if not given or None in given else given


def _made_by(entry: Waiting) -> set[int]:
    """The temporary numbers that an entry's new rows have as their keys alone."""
    return {key[0] for (_, change), key in zip(flat(entry), entry.keys, strict=True)
            if isinstance(change, Insert) and len(key) == 1 and is_temporary(key[0])}  # fmt: skip


def _seen_of(
    change: Change, seen: Callable[[str, Key], dict[str, Any]], table: str, schema: Schema | None
) -> dict[str, Any]:
    if isinstance(change, Insert):
        return {}
    row = seen(table, tuple(change.key))
    if isinstance(change, Update):
        return {name: row.get(name) for name in change.values} if row else {}
    return {name: value for name, value in row.items() if schema is None or schema.column(name) is not None}


def _without(entry: Waiting, gone: set[Key]) -> Waiting | None:
    """The entry without the changes of these rows; None when nothing is left, the entry itself when it has none."""
    from kernel.tables.remote_commit import new_id

    left: Waiting | None = entry
    for index in range(len(entry.keys) - 1, -1, -1):
        if entry.keys[index] in gone and left is not None:
            left = with_change(left, new_id(), index, None, {})
    return left if left is None or left is entry else msgspec.structs.replace(left, replaces=entry.id)


def _moved(change: Change, before: Key, key: Key) -> Change:
    """A change of the row that had the key ``before``, for the key that it has now."""
    if isinstance(change, Insert) or tuple(change.key) != before:
        return change
    return Update(key, "", change.values) if isinstance(change, Update) else Delete(key, "")


def with_version(change: Change, version: str) -> Change:
    """The change for another version of its row."""
    return change if isinstance(change, Insert) else msgspec.structs.replace(change, version=version)
