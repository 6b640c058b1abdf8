"""One line of the audit, and what a commit notes for it. Plain data."""

from __future__ import annotations

import datetime
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from kernel.tables.block import Block, LargeBlob
from kernel.tables.change import Change, Committed, Delete, Insert, Key, Part
from kernel.wire import value as wire_value


class Entry(msgspec.Struct, frozen=True, gc=False):
    """What was done to one row, or what was refused.

    Attributes:
        table, key: The row; after an insert its new key.
        action: ``insert``, ``update``, ``delete`` or ``refused``.
        before, after: Column → value; of an update the columns that it changed, else all that there were. A commit
            that added very many rows leaves out their values.
        reason: Why it was refused.
    """

    table: str
    key: Key
    action: str
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    reason: str = ""


class Note(msgspec.Struct, frozen=True):
    """What a commit keeps with its id until the audit has taken it: who, when (UTC), where, what."""

    at: str
    person: str
    is_verified: bool
    origin: str
    app: str
    source: str
    entries: tuple[Entry, ...]

    def encode(self) -> bytes:
        """As it is kept."""
        return wire_value.encode(self)


def decode_note(content: bytes) -> Note:
    """A note that was kept."""
    return wire_value.decode(content, Note)


def now() -> str:
    """The time in UTC, to the millisecond, as the audit has it."""
    return at_time(time.time())


def at_time(seconds: float) -> str:
    """A moment as the audit has it; ``seconds`` since the epoch."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")


def rows_of(block: Block) -> dict[Key, dict[str, Any]]:
    """Key → row."""
    return {key: block.row(index) for index, key in enumerate(block.keys)}


def entries_of(
    parts: Sequence[Part],
    done: Sequence[Committed],
    before: Mapping[str, Mapping[Key, dict[str, Any]]],
    after: Mapping[str, Mapping[Key, dict[str, Any]]],
    *,
    is_brief: bool = False,
) -> tuple[Entry, ...]:
    """What a commit did, row by row.

    Args:
        parts, done: The commit and its answer.
        before, after: Table → key → row, of the rows that it touched.
        is_brief: Say of added rows no more than their keys.
    """
    return tuple(
        Entry(part.table, key, "insert")
        if is_brief and isinstance(change, Insert)
        else _entry(part.table, change, key, before.get(part.table, {}), after.get(part.table, {}))
        for part, one in zip(parts, done, strict=True)
        for change, key in zip(part.changes, one.keys, strict=True)
    )


def _entry(
    table: str, change: Change, key: Key, before: Mapping[Key, dict[str, Any]], after: Mapping[Key, dict[str, Any]]
) -> Entry:
    if isinstance(change, Insert):
        return Entry(table, key, "insert", {}, after.get(key, change.values))
    old = before.get(tuple(change.key), {})
    if isinstance(change, Delete):
        return Entry(table, tuple(change.key), "delete", old)
    new = after.get(key, {**old, **change.values})
    changed = [name for name in new if name not in old or not _is_same(old[name], new[name])]
    return Entry(table, tuple(change.key), "update", {name: old.get(name) for name in changed},
                 {name: new[name] for name in changed})  # fmt: skip


def _is_same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


def as_text(values: Mapping[str, Any]) -> str:
    """Columns as JSON for people: dates and decimals as texts, files by their size."""
    return msgspec.json.encode(_plain(dict(values)), enc_hook=str).decode()


def key_text(key: Sequence[Any]) -> str:
    """A key as text: its values as JSON, ``[17]``."""
    return msgspec.json.encode(_plain(key), enc_hook=str).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(_plain(name)): _plain(item) for name, item in value.items()}
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, LargeBlob):
        return f"{value.size} bytes"
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    return value
