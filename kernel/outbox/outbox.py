"""The outbox of one source: what waits, what was refused, and which real keys temporary ones became."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from kernel.disposer import Disposer
from kernel.outbox.entry import Done, Dropped, Entry, Refused, Waiting, as_temporary, is_temporary
from kernel.outbox.journal import Journal
from kernel.tables.change import TEMPORARY, Change, Delete, Insert, Key, Part, Update
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
        self._lock = threading.RLock()
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

    def refresh(self) -> bool:
        """Take in what other processes did; whether there was anything.

        Raises:
            JournalError: the file cannot be read.
        """
        with self._lock:
            is_anew, bodies = self._journal.read_new()
            if is_anew:
                self._forget()
            for body in bodies:
                self._take(decode(body, Entry))
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
            values = tuple(
                {name: row.get(name) for name in change.values} if isinstance(change, Update) and
                (row := seen(table, tuple(change.key))) else {}
                for table, change in changes
            )  # fmt: skip
            return [Waiting(id, tuple(parts), values, tuple(keys), time.time())]

        self._write(make)
        return self._waiting[id]

    def replace(self, old: Waiting, id: str, parts: Sequence[Part], seen: Sequence[dict[str, Any]]) -> None:
        """Put a commit in the place of a waiting or refused one."""
        self._write(lambda: [Waiting(id, tuple(parts), tuple(seen), old.keys, old.at, old.id)])

    def note(self, entry: Done | Refused | Dropped) -> None:
        """Keep what became of a commit. What is settled goes with the first edit that waits after it."""
        self._write(lambda: [entry] if entry.id in self._waiting else [])

    def real(self, schema_of: SchemaOf, part: Part) -> Part:
        """The part with the real keys of rows that were sent meanwhile, in keys and in references."""
        with self._lock:
            return Part(part.table, tuple(self._real(schema_of, part.table, change) for change in part.changes))

    def real_key(self, table: str, key: Key) -> Key:
        """The key that a temporary one became; the key itself when it did not."""
        with self._lock:
            return self._keys.get((table, tuple(key)), tuple(key))

    def on_change(self, listener: Callable[[], None]) -> Disposer:
        """Call ``listener`` whenever something was added or settled here, from any thread."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _real(self, schema_of: SchemaOf, table: str, change: Change) -> Change:
        schema = schema_of(table)
        values = {} if isinstance(change, Delete) else dict(change.values)
        for reference in schema.references if schema is not None else ():
            wanted = tuple(values.get(name) for name in reference.via)
            found = self._keys.get((reference.table, wanted))
            if found is not None:
                values.update(zip(reference.via, found, strict=False))
        if isinstance(change, Insert):
            return Insert(values)
        key = self._keys.get((table, tuple(change.key)), tuple(change.key))
        version = "" if key != tuple(change.key) else change.version
        return Update(key, version, values) if isinstance(change, Update) else Delete(key, version)

    def _write(self, make: Callable[[], Iterable[Entry]]) -> None:
        with self._lock:
            with self._journal.locked():
                self.refresh()
                entries = list(make())
                if not self._waiting and entries and self._journal.path.exists():
                    self._journal.clear()
                    self._forget(keeps_keys=True)
                if entries:
                    self._journal.append([encode(entry) for entry in entries])
            for entry in entries:
                self._take(entry)
        for listener in list(self._listeners):
            listener()

    def _take(self, entry: Entry) -> None:
        self.state += 1
        if isinstance(entry, Waiting):
            self._temporary = max([self._temporary, *(TEMPORARY - value[0] for value in entry.keys
                                                      if len(value) == 1 and is_temporary(value[0]))])  # fmt: skip
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
        tables = [part.table for part in gone.parts for _ in part.changes]
        for table, temporary, key in zip(tables, gone.keys, real, strict=True):
            if temporary != key and len(temporary) == 1 and is_temporary(temporary[0]):
                self._keys[table, temporary] = key

    def _forget(self, keeps_keys: bool = False) -> None:
        self.state += 1
        self._waiting: dict[str, Waiting] = {}
        self._refused: dict[str, Refused] = {}
        if not keeps_keys:
            self._keys: dict[tuple[str, Key], Key] = {}
            self._temporary = 0


def _key_of(change: Change, schema: Schema | None, number: int) -> Key:
    """The row's key; a temporary one for an insert whose key the database makes."""
    if not isinstance(change, Insert):
        return tuple(change.key)
    key = schema.key if schema is not None else ()
    given = tuple(change.values.get(name) for name in key)
    return as_temporary(number) if not given or None in given else given


def with_version(change: Change, version: str) -> Change:
    """The change for another version of its row."""
    return change if isinstance(change, Insert) else msgspec.structs.replace(change, version=version)
