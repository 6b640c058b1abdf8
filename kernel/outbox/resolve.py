"""What the person decides about an edit that came back: from the refusal to what clashes, and on to the next try."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kernel.outbox.entry import Refused, Waiting
from kernel.tables.change import Change, Delete, Insert, Part, Update
from kernel.tables.merge import Clash, Merge, is_mergeable


def merge_of_refused(entry: Waiting, refused: Refused) -> Merge:
    """The changes of the part that was refused beside the rows as the server told them; needs no server."""
    part, current = entry.parts[refused.part], refused.current
    merge = Merge(list(part.changes), [], [], [], [], range(len(part.changes)))
    places = {tuple(key): place for place, key in enumerate(current.keys)} if current is not None else {}
    first = sum(len(one.changes) for one in entry.parts[: refused.part])
    for index, change in enumerate(part.changes):
        if isinstance(change, Insert):
            continue
        place = places.get(tuple(change.key))
        if place is None or current is None:
            if index == refused.index:
                (merge.done if isinstance(change, Delete) else merge.gone).append(index)
            continue
        theirs, version, seen = current.row(place), current.versions[place], entry.seen[first + index]
        if isinstance(change, Delete):
            changed = tuple(name for name, value in seen.items() if name in theirs and theirs[name] != value)
            merge.clashes.append(Clash(index, change, seen, theirs, version, changed))
            continue
        columns = tuple(name for name, value in change.values.items() if not is_mergeable(name, value, seen, theirs))
        if columns:
            merge.clashes.append(Clash(index, change, seen, theirs, version, columns))
        else:
            merge.changes[index] = Update(change.key, version, change.values)
            merge.merged.append(tuple(change.key))
    return merge


def resolved(
    entry: Waiting, refused: Refused, merge: Merge, chosen: Sequence[tuple[int, Change]], id: str
) -> Waiting | None:
    """The entry as the person decided it; None when nothing is left of it.

    Args:
        entry, refused: What came back.
        merge: What was decided.
        chosen: Places and changes of the refused part.
        id: What the new entry is called.
    """
    first = sum(len(one.changes) for one in entry.parts[: refused.part])
    last = first + len(entry.parts[refused.part].changes)
    theirs = {clash.index: clash.theirs for clash in merge.clashes}
    places = [first + place for place, _ in chosen]
    seen = [theirs.get(place, entry.seen[first + place]) for place, _ in chosen]
    changes = tuple(change for _, change in chosen)
    parts = [Part(part.table, changes) if number == refused.part else part for number, part in enumerate(entry.parts)]
    parts = [part for part in parts if part.changes]
    if not parts:
        return None
    return msgspec.structs.replace(
        entry,
        id=id,
        parts=tuple(parts),
        seen=(*entry.seen[:first], *seen, *entry.seen[last:]),
        keys=(*entry.keys[:first], *(entry.keys[place] for place in places), *entry.keys[last:]),
        replaces=entry.id,
    )
