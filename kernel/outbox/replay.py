"""Sending what waits: in order, each once. What others changed meanwhile in other columns is merged."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from kernel.outbox.entry import Done, Refused, Waiting
from kernel.outbox.outbox import Outbox, SchemaOf, with_version
from kernel.tables.block import Block
from kernel.tables.change import Committed, Part, Update
from kernel.tables.error import ConflictError, ConstraintError, LockedError, TableError, UnavailableError
from kernel.tables.remote_commit import new_id

Commit = Callable[[Sequence[Part], str], tuple[Committed, ...]]
#: Merges of one entry before it is given to the person: the row changes faster than it can be sent.
MOST_MERGES = 8


def replay(outbox: Outbox, commit: Commit, schema_of: SchemaOf) -> list[tuple[Waiting, tuple[Committed, ...]]]:
    """Send everything that waits; answers what was written.

    Args:
        outbox: What waits; refused entries stay in it.
        commit: Sends parts under an id.
        schema_of: A table's schema.

    Raises:
        UnavailableError, LockedError: the server went away again; the rest waits on.
        JournalError: what was done cannot be noted. It will be sent again, and the server knows its id.
    """
    written = []
    with _turn(outbox):
        outbox.refresh()
        while waiting := outbox.waiting:
            done = _send(outbox, waiting[0], commit, schema_of)
            if done is not None:
                written.append((waiting[0], done))
    return written


def _send(outbox: Outbox, entry: Waiting, commit: Commit, schema_of: SchemaOf) -> tuple[Committed, ...] | None:
    """The answer, or None when the entry was refused."""
    for _ in range(MOST_MERGES):
        parts = [outbox.real(schema_of, part) for part in entry.parts]
        if tuple(parts) != entry.parts:
            # NOTE: kept before it is sent: the server must get the very same commit when it is sent again.
            entry = _replaced(outbox, entry, parts)
        try:
            done = commit(parts, entry.id)
        except (UnavailableError, LockedError):
            raise
        except ConflictError as error:
            merged = _merged(entry, parts, error)
            if merged is None:
                outbox.note(Refused(entry.id, error.message, error.part, error.index, error.current))
                return None
            entry = _replaced(outbox, entry, merged)
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


def _replaced(outbox: Outbox, entry: Waiting, parts: Sequence[Part]) -> Waiting:
    id = new_id()
    outbox.replace(entry, id, parts, entry.seen)
    return next(one for one in outbox.shown if one.id == id)


def _merged(entry: Waiting, parts: Sequence[Part], error: ConflictError) -> list[Part] | None:
    """The parts for the rows as they are now, where nobody else changed what this one changes; else None."""
    changes = list(parts[error.part].changes)
    first = sum(len(part.changes) for part in parts[: error.part])
    keys: list[Any] = list(error.current.keys)
    has_merged = False
    for index, change in enumerate(changes):
        if not isinstance(change, Update) or tuple(change.key) not in keys:
            continue
        place = keys.index(tuple(change.key))
        if not _is_mergeable(change, entry.seen[first + index], error.current, place):
            return None
        changes[index] = with_version(change, error.current.versions[place])
        has_merged = True
    if not has_merged:
        return None
    merged = list(parts)
    merged[error.part] = Part(parts[error.part].table, tuple(changes))
    return merged


def _is_mergeable(change: Update, seen: dict[str, Any], current: Block, place: int) -> bool:
    """Whether every changed column still has the value that the person saw, or the new one already."""
    for name, value in change.values.items():
        now = current.columns.get(name, [None] * len(current))[place]
        if now != value and (name not in seen or now != seen[name]):
            return False
    return True


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
