"""Sending what waits: in order, each once. What others changed meanwhile in other columns is merged."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from kernel.outbox.entry import Done, Dropped, Refused, Waiting
from kernel.outbox.fold import with_change
from kernel.outbox.outbox import Outbox, with_version
from kernel.tables.block import Block
from kernel.tables.change import Committed, Delete, Insert, Part, Update
from kernel.tables.error import (
    ConflictError,
    ConstraintError,
    InterruptedCallError,
    LockedError,
    SourceError,
    TableError,
    UnavailableError,
)
from kernel.tables.merge import is_mergeable
from kernel.tables.remote_commit import new_id

Commit = Callable[[Sequence[Part], str], tuple[Committed, ...]]
#: Merges of one entry before it is given to the person: the row changes faster than it can be sent.
MOST_MERGES = 8
#: What says nothing of the edit: it waits on.
_NOT_NOW = (UnavailableError, LockedError, SourceError, InterruptedCallError)


def replay(outbox: Outbox, commit: Commit) -> list[tuple[Waiting, tuple[Committed, ...]]]:
    """Send everything that waits; answers what was written.

    Args:
        outbox: What waits; refused entries stay in it.
        commit: Sends parts under an id.

    Raises:
        UnavailableError, LockedError, SourceError, InterruptedCallError: the server went away again, or cannot write
            now; the rest waits on.
        JournalError: what was done cannot be noted. It will be sent again, and the server knows its id.
    """
    written = []
    with _turn(outbox):
        outbox.refresh()
        while (entry := outbox.next()) is not None:
            done = _send(outbox, entry, commit)
            if done is not None:
                written.append((entry, done))
    return written


def _send(outbox: Outbox, entry: Waiting, commit: Commit) -> tuple[Committed, ...] | None:
    """The answer, or None when the entry was refused, or others had done already what it does."""
    tries = 0
    while tries < MOST_MERGES:
        parts = [outbox.real(part) for part in entry.parts]
        if tuple(parts) != entry.parts:
            # NOTE: kept before it is sent: the server must get the very same commit when it is sent again.
            kept = _replaced(outbox, msgspec.structs.replace(entry, parts=tuple(parts)))
            if kept is None:
                return None
            entry = kept
        if not outbox.is_whole(entry):
            outbox.note(Refused(entry.id, "a row that it belongs to was given up before it was written"))
            return None
        try:
            done = commit(parts, entry.id)
        except _NOT_NOW:
            raise
        except ConflictError as error:
            merged = _without_done(entry, error) or _merged(entry, error)
            if merged is None:
                outbox.note(Refused(entry.id, error.message, error.part, error.index, error.current))
                return None
            tries += len(merged.keys) == len(entry.keys)
            if not merged.keys:
                outbox.note(Dropped(entry.id))
                return None
            kept = _replaced(outbox, merged)
            if kept is None:
                return None
            entry = kept
            continue
        except ConstraintError as error:
            outbox.note(Refused(entry.id, error.message, error.part, error.index))
            return None
        except TableError as error:
            outbox.note(Refused(entry.id, error.message))
            return None
        outbox.note(Done(entry.id, done))
        return done
    outbox.note(Refused(entry.id, "the row changes too often to be written"))
    return None


def _replaced(outbox: Outbox, entry: Waiting) -> Waiting | None:
    """Keep the entry under a new id in its own place; None when the person gave it up meanwhile."""
    id = new_id()
    outbox.replace(entry, id, entry.parts, entry.seen, entry.keys)
    return next((one for one in outbox.shown if one.id == id), None)


def _without_done(entry: Waiting, error: ConflictError) -> Waiting | None:
    """The entry without the delete that somebody else did already, where that is what the conflict is about."""
    change = entry.parts[error.part].changes[error.index]
    if not isinstance(change, Delete) or tuple(change.key) in error.current.keys:  # noqa: SIM118 - a list
        return None
    index = sum(len(part.changes) for part in entry.parts[: error.part]) + error.index
    left = with_change(entry, entry.id, index, None, {})
    return left if left is not None else msgspec.structs.replace(entry, parts=(), seen=(), keys=())


def _merged(entry: Waiting, error: ConflictError) -> Waiting | None:
    """The entry for the rows as they are now, where nobody else changed what this one changes; else None."""
    part = entry.parts[error.part]
    changes = list(part.changes)
    first = sum(len(one.changes) for one in entry.parts[: error.part])
    places = {tuple(key): place for place, key in enumerate(error.current.keys)}
    has_merged = False
    for index, change in enumerate(changes):
        if isinstance(change, Insert) or (place := places.get(tuple(change.key))) is None:
            continue
        if not _is_mergeable(change, entry.seen[first + index], error.current, place):
            return None
        changes[index] = with_version(change, error.current.versions[place])
        has_merged = True
    if not has_merged or isinstance(changes[error.index], Insert) or changes[error.index] is part.changes[error.index]:
        return None
    parts = list(entry.parts)
    parts[error.part] = Part(part.table, tuple(changes))
    return msgspec.structs.replace(entry, parts=tuple(parts))


def _is_mergeable(change: Update | Delete, seen: dict[str, Any], current: Block, place: int) -> bool:
    """Whether every changed column still has the value that the person saw, or the new one already; of a delete,
    whether the whole row is as they saw it."""
    row = current.row(place)
    if isinstance(change, Delete):
        return bool(row) and all(name in seen and seen[name] == now for name, now in row.items())
    return all(is_mergeable(name, value, seen, row) for name, value in change.values.items())


@contextlib.contextmanager
def _turn(outbox: Outbox) -> Iterator[None]:
    """One process at a time sends; the others wait and find nothing left."""
    place = outbox.path.with_suffix(".sending")
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
