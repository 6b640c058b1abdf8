"""A newer edit of a row whose older one came back: both become one, so that the person is asked once about what they
meant last. Pure: data in, data out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from kernel.outbox.entry import Waiting
from kernel.tables.change import Change, Delete, Insert, Key, Part, Update


class Folds(NamedTuple):
    """What becomes of a commit some of whose rows have an older edit that came back.

    Attributes:
        rest: For each part what has nothing to do with them.
        puts: Entry → what takes its place, None when nothing is left of it.
        is_folded: For each change of all parts, in order: whether it went into one of these.
    """

    rest: list[Part]
    puts: list[tuple[Waiting, Waiting | None]]
    is_folded: list[bool]


def fold_in(
    refused: Sequence[Waiting], parts: Sequence[Part], seen: Callable[[str, Key], dict[str, Any]],
    make_id: Callable[[], str],
) -> Folds:  # fmt: skip
    """Put the changes of rows whose older edit of the same columns came back into that one.

    Args:
        refused: What came back.
        parts: The newer commit.
        seen: Table and key → the row as the person sees it.
        make_id: Gives each new entry its id.
    """
    now: dict[str, Waiting | None] = {entry.id: entry for entry in refused}
    is_folded: list[bool] = []
    rest: list[Part] = []
    for part in parts:
        left: list[Change] = []
        for change in part.changes:
            found = _older(now, part.table, change)
            is_folded.append(found is not None)
            if found is None or isinstance(change, Insert):
                left.append(change)
            else:
                id, index = found
                entry = now[id]
                assert entry is not None
                now[id] = _folded(entry, index, change, seen(part.table, tuple(change.key)), make_id())
        rest.append(Part(part.table, tuple(left)))
    puts = [(entry, new if new is None else msgspec.structs.replace(new, replaces=entry.id))
            for entry in refused if (new := now[entry.id]) is not entry]  # fmt: skip
    return Folds(rest, puts, is_folded)


def _older(entries: dict[str, Waiting | None], table: str, change: Change) -> tuple[str, int] | None:
    """The newest insert of the row among the entries, or update of the same columns: whose entry, and where."""
    if isinstance(change, Insert):
        return None
    for id, entry in reversed(entries.items()):
        changes = flat(entry) if entry is not None else []
        for index in range(len(changes) - 1, -1, -1):
            name, old = changes[index]
            if entry is None or name != table or entry.keys[index] != tuple(change.key) or isinstance(old, Delete):
                continue
            if isinstance(old, Insert) or isinstance(change, Delete) or change.values.keys() & old.values.keys():
                return id, index
    return None


def flat(entry: Waiting) -> list[tuple[str, Change]]:
    """All changes of an entry with their tables."""
    return [(part.table, change) for part in entry.parts for change in part.changes]


def with_change(entry: Waiting, id: str, index: int, change: Change | None, seen: dict[str, Any]) -> Waiting | None:
    """The entry with another change at ``index``, or without it; None when nothing is left of it.

    Args:
        entry: The entry.
        id: What the new one is called.
        index: Counted over all parts.
        change: What stands there now; None = nothing.
        seen: What the person saw of the columns that it changes.
    """
    parts: list[Part] = []
    at = 0
    for part in entry.parts:
        changes: list[Change] = []
        for old in part.changes:
            if at != index:
                changes.append(old)
            elif change is not None:
                changes.append(change)
            at += 1
        if changes:
            parts.append(Part(part.table, tuple(changes)))
    if not parts:
        return None
    rest = [index] if change is None else []
    all_seen = [seen if place == index else one for place, one in enumerate(entry.seen) if place not in rest]
    keys = [key for place, key in enumerate(entry.keys) if place not in rest]
    return Waiting(id, tuple(parts), tuple(all_seen), tuple(keys), entry.at, entry.id)


def _folded(entry: Waiting, index: int, change: Update | Delete, seen: dict[str, Any], id: str) -> Waiting | None:
    """The entry with a newer change of the same row put into it; None when nothing is left of it."""
    old, before = flat(entry)[index][1], entry.seen[index]
    if isinstance(change, Delete):
        return with_change(entry, id, index, None if isinstance(old, Insert) else Delete(old.key, old.version), before)
    if isinstance(old, Insert):
        return with_change(entry, id, index, Insert({**old.values, **change.values}), {})
    assert isinstance(old, Update)
    values = {**old.values, **change.values}
    known = {name: seen[name] for name in change.values if name in seen}
    return with_change(entry, id, index, Update(old.key, old.version, values), {**known, **before})
