"""Commits that can be taken back: what undoes a commit, read beside it, and the list of what was done.

:func:`commit_recorded` writes as ``Table.commit`` does and answers the inverse changes too, which name the rows'
versions after it: an undo over a row that somebody changed since is refused by the source. No Qt here.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from kernel.tables.block import LargeBlob
from kernel.tables.by_key import blocks_of
from kernel.tables.change import Change, Committed, Delete, Insert, Key, Update
from kernel.tables.contract import Table
from kernel.tables.error import TableError, UnavailableError
from kernel.tables.interrupt import interruptible
from kernel.tables.query import Query
from kernel.tables.reporting import stretch, tell
from kernel.tables.schema import Schema

#: Cells that one history keeps at most, each with its value before and after.
MOST_CELLS = 4_000_000
#: Bytes of a text or a file that count as one cell.
BYTES_PER_CELL = 100

Place = tuple[Key, str]
#: (place of the table, key, version) of a row → its key and version by now.
Renames = dict[tuple[Any, Key, str], Place]


class Step(NamedTuple):
    """What takes a commit back.

    Attributes:
        changes: In the order in which they must be written.
        before: For each change the key and version that its row had before the commit; None for a new row.
        size: Cells that it keeps.
        is_partial: Whether the source wrote other rows too (a trigger, a cascade), which no undo takes back.
        seen: For each change what stands in its columns until it is written, in the order of its values.
    """

    changes: tuple[Change, ...]
    before: tuple[Place | None, ...]
    size: int
    is_partial: bool = False
    seen: tuple[tuple[Any, ...], ...] = ()

    def seen_of(self, at: int) -> dict[str, Any]:
        """Column → what stands there until the change is written; nothing of rows that come or go."""
        change = self.changes[at]
        return dict(zip(change.values, self.seen[at], strict=True)) if isinstance(change, Update) else {}


def commit_recorded(table: Table, changes: Sequence[Change], most: int = MOST_CELLS) -> tuple[Committed, Step | None]:
    """Write all the changes or none; the step back is None when it would keep more than ``most`` cells.

    Raises:
        TableError: see ``Table.commit``; what was written is never reported as an error.
    """
    schema = table.schema
    try:
        with stretch(0.0, 0.2):
            rows = _rows_before(table, schema, changes, most)
    except UnavailableError:
        rows = None  # the commit itself says what that means for it: it may wait for the server
    with stretch(0.2, 0.8):
        committed = table.commit(changes)
    if rows is None:
        return committed, None
    try:
        with interruptible(None), stretch(0.8, 1.0):  # it is written, whoever waits
            versions = _versions(table, [key for key, one in zip(committed.keys, changes, strict=True)
                                         if not isinstance(one, Delete)])
    except TableError:
        return committed, None
    step = _inverse(schema, changes, committed, rows, versions)
    tell(1.0)
    return committed, step if step is not None and step.size <= most else None


def _rows_before(
    table: Table, schema: Schema, changes: Sequence[Change], most: int
) -> dict[Key, tuple[str, dict[str, Any]]] | None:
    """Key → (version, values that the commit will change); None when that is too much to keep."""
    stored = tuple(column.name for column in schema.columns if not column.is_generated)
    updated = {name for one in changes if isinstance(one, Update) for name in one.values}
    updates = tuple(name for name in stored if name in updated)
    wanted = ((updates, [tuple(one.key) for one in changes if isinstance(one, Update)]),
              (stored, [tuple(one.key) for one in changes if isinstance(one, Delete)]))  # fmt: skip
    rows: dict[Key, tuple[str, dict[str, Any]]] = {}
    size = 0
    for columns, keys in wanted:
        for block in _blocks(table, keys, columns):
            for index, (key, version) in enumerate(zip(block.keys, block.versions, strict=True)):
                rows[tuple(key)] = version, block.row(index)
            size += sum(size_of(values) for values in block.columns.values())
            if size > most:
                return None
    return rows


def _versions(table: Table, keys: Sequence[Key]) -> dict[Key, str]:
    some = tuple(name for name in table.schema.key if table.schema.column(name) is not None)
    return {
        tuple(key): version
        for block in _blocks(table, list(dict.fromkeys(map(tuple, keys))), some)
        for key, version in zip(block.keys, block.versions, strict=True)
    }


def _blocks(table: Table, keys: Sequence[Key], columns: tuple[str, ...]) -> Iterable[Any]:
    return blocks_of(table, Query(columns=columns), keys)


def _inverse(schema: Schema, changes: Sequence[Change], committed: Committed,
             rows: dict[Key, tuple[str, dict[str, Any]]], versions: dict[Key, str]) -> Step | None:  # fmt: skip
    back: list[Change] = []
    before: list[Place | None] = []
    seen: list[tuple[Any, ...]] = []
    now = {key: dict(values) for key, (_, values) in rows.items()}
    origin = {key: (key, version) for key, (version, _) in rows.items()}
    for change, after in zip(changes, committed.keys, strict=True):
        after = tuple(after)
        if isinstance(change, Insert):
            back.append(Delete(after, versions.get(after, "")))
            before.append(None)
            seen.append(())
            now[after] = dict(change.values)
            continue
        key = tuple(change.key)
        if key not in now:
            return None
        values = now.pop(key)
        before.append(origin.get(key))
        if isinstance(change, Delete):
            back.append(Insert(_restorable(schema, values)))
            seen.append(())
            continue
        old = {name: values.get(name) for name in change.values if not isinstance(values.get(name), LargeBlob)}
        back.append(Update(after, versions.get(after, ""), old))
        seen.append(tuple(map(change.values.get, old)))
        now[after] = {**values, **change.values}
        origin[after] = origin.get(key)
    size = sum(1 + size_of(getattr(one, "values", {}).values()) for one in back)
    for part in (back, before, seen):
        part.reverse()
    return Step(tuple(back), tuple(before), size, committed.change.is_everything, tuple(seen))


def _restorable(schema: Schema, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items()
            if (column := schema.column(name)) is not None and not column.is_generated}  # fmt: skip


def size_of(values: Iterable[Any]) -> int:
    """How many cells the values count as; long texts and files count as several."""
    return sum(1 + (len(value) // BYTES_PER_CELL if isinstance(value, str | bytes) else 0) for value in values)


def renames(entry: Entry, committed: Committed, step: Step | None, places: Sequence[int] | None = None,
            merged: Iterable[Key] = ()) -> Renames:  # fmt: skip
    """Which rows have another key or version than before the edit, after its step was written.

    Args:
        entry: The edit.
        committed: What was written.
        step: The way back from that.
        places: Which changes of the entry's step were written; None = all.
        merged: Rows that somebody else changed too. Older edits of them must not take the new version for the one
            that they know.
    """
    assert entry.step is not None
    known = {tuple(one.key): one.version for one in step.changes if not isinstance(one, Insert)} if step else {}
    found: Renames = {}
    others = set(map(tuple, merged))
    before_of = entry.step.before if places is None else [entry.step.before[place] for place in places]
    for before, key in zip(before_of, committed.keys, strict=True):
        after = (tuple(key), known.get(tuple(key), ""))
        if before is not None and before != after and after[1] and after[0] not in others:
            found[(entry.place, *before)] = after
    return found


class Entry:
    """One edit of the person: ``place`` says which table, ``step`` takes it back (or does it again once undone).

    Attributes:
        state: ``done``, ``undone``, or ``gone`` when it can be neither undone nor done again; ``reason`` says why.
    """

    def __init__(self, place: Any, table: str, title: str, step: Step | None) -> None:
        self.place, self.table, self.title, self.step = place, table, title, step
        self.when = time.time()
        self.state, self.reason = ("done", "") if step is not None else ("gone", "its rows could not be kept")

    def lose(self, reason: str) -> None:
        """Forget how to take it back."""
        self.step, self.state, self.reason = None, "gone", reason


class Journal:
    """What was done, oldest first; a new edit ends what could be done again.

    Args:
        most_cells: The oldest steps are forgotten beyond it.
        most_entries: Entries that are listed.
    """

    def __init__(self, most_cells: int = MOST_CELLS, most_entries: int = 1000) -> None:
        self.entries: list[Entry] = []
        self._most_cells, self._most_entries = most_cells, most_entries
        #: (place, key, version) of a row → the same row by now, where an undo gave it another key or version.
        self._renamed: Renames = {}

    def add(self, entry: Entry) -> None:
        """Note an edit."""
        for other in self.entries:
            if other.state == "undone":
                other.lose("something else was done since")
        self.entries.append(entry)
        self._bound()

    def next_undo(self) -> Entry | None:
        """The edit that is taken back next."""
        return next((entry for entry in reversed(self.entries) if entry.state == "done"), None)

    def next_redo(self) -> Entry | None:
        """The edit that is done again next: the one that was undone last."""
        return next((entry for entry in self.entries if entry.state == "undone"), None)

    def changes_of(self, entry: Entry) -> list[Change]:
        """The changes of its step, with the keys and versions that their rows have by now."""
        return [self._renewed(entry.place, change) for change in entry.step.changes] if entry.step else []

    def turn(self, entry: Entry, step: Step | None, renamed: Renames) -> None:
        """The entry's step was written, and ``step`` is the way back: undone becomes done, done undone.

        Args:
            entry: The entry.
            step: What the commit's own inverse is.
            renamed: See :func:`renames`.
        """
        self._renamed.update(renamed)
        if step is None:
            entry.lose("its rows could not be kept")
        else:
            entry.step, entry.state = step, "undone" if entry.state == "done" else "done"
        self._bound()

    def _renewed(self, place: Any, change: Change) -> Change:
        if isinstance(change, Insert):
            return change
        at: Place = (tuple(change.key), change.version)
        seen: set[Place] = set()
        while at not in seen and (found := self._renamed.get((place, *at))) is not None:
            seen.add(at)
            at = found
        return Delete(*at) if isinstance(change, Delete) else Update(*at, change.values)

    def _bound(self) -> None:
        size = sum(entry.step.size for entry in self.entries if entry.step is not None)
        for entry in self.entries[:-1]:
            if size <= self._most_cells:
                break
            if entry.step is not None:
                size -= entry.step.size
                entry.lose("too long ago to be kept")
        del self.entries[: -self._most_entries]
        if not any(entry.step is not None for entry in self.entries):
            self._renamed.clear()


def name_of(changes: Sequence[Change]) -> str:
    """What to call an edit that nobody named: ``Edit 3 rows``, ``New row``, ``Delete 2 rows``."""
    kinds = {type(change) for change in changes}
    verb = {Insert: "New", Delete: "Delete", Update: "Edit"}[kinds.pop()] if len(kinds) == 1 else "Change"
    return f"{verb} {'row' if len(changes) == 1 else f'{len(changes):,} rows'}"
