"""What stands in an outbox: edits that wait, and what became of them. Plain data, kept on the disk."""

from __future__ import annotations

from typing import Any

import msgspec

from kernel.tables.block import Block
from kernel.tables.change import TEMPORARY, Committed, Key, Part


class Waiting(msgspec.Struct, frozen=True, tag="waiting"):
    """A commit that waits to be sent.

    Attributes:
        id: The commit's own id.
        parts: What it writes. Rows that wait themselves have temporary keys in it.
        seen: For each change of all parts, in order: the values that the person saw of the columns it changes; of a
            delete those of all columns that were known, of an insert nothing.
        keys: For each change, in order: the row's key, for an insert the temporary one.
        at: When, seconds since the epoch.
        replaces: The id of the entry whose place it takes; empty = it stands at the end.
    """

    id: str
    parts: tuple[Part, ...]
    seen: tuple[dict[str, Any], ...]
    keys: tuple[Key, ...]
    at: float
    replaces: str = ""


class Done(msgspec.Struct, frozen=True, tag="done"):
    """The server has written it: the answer, with the real keys."""

    id: str
    answer: tuple[Committed, ...]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The server will not write it so: the person has to choose.

    Attributes:
        message: Why, for the person.
        part, index: Which change is meant.
        current: Of a conflict the row as it is now; without rows when it was deleted; None otherwise.
    """

    id: str
    message: str
    part: int = 0
    index: int = 0
    current: Block | None = None


class Dropped(msgspec.Struct, frozen=True, tag="dropped"):
    """The person gave it up."""

    id: str


Entry = Waiting | Done | Refused | Dropped


def as_temporary(number: int) -> Key:
    """The temporary key of the ``number``-th inserted row, from 1: no database hands out such a number."""
    return (TEMPORARY - number,)
