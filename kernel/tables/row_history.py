"""The history of one row: who changed which column when, from what to what; newest first."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from kernel.tables.block import Block
from kernel.tables.change import Insert, Key, Update
from kernel.tables.history import Entry
from kernel.tables.schema import Schema, title_of

#: Most commits of a row that are shown.
MOST = 500
#: What became of the row where that is no edit of a column.
_VERBS = {"insert": "new row", "delete": "deleted"}


class Line(msgspec.Struct, frozen=True):
    """One column of one change.

    Attributes:
        at: When, in local time.
        person: Who; ``?`` behind a name that nobody verified.
        column: The column's heading; of a row that came or went, that.
        before, after: The values as texts.
    """

    at: datetime.datetime
    person: str
    column: str
    before: str
    after: str


def lines_of_audit(block: Block, schema: Schema) -> list[Line]:
    """The lines of what a server's audit has of a row, newest first."""
    found: list[Line] = []
    for index in range(len(block)):
        row = block.row(index)
        at = row["at"].replace(tzinfo=datetime.UTC).astimezone().replace(tzinfo=None, microsecond=0)
        who = row["person"] + ("" if row["is_verified"] else "?")
        before, after = (msgspec.json.decode(row[side]) for side in ("before", "after"))
        found += _lines(at, who, row["action"], before, after, schema)
    return found


def lines_of_edits(entries: Iterable[Entry], place: Any, key: Key, now: Mapping[str, Any] | None,
                   schema: Schema) -> list[Line]:  # fmt: skip
    """The lines of what one window did to a row and still knows, newest first.

    Args:
        entries: The window's edits, oldest first.
        place: The row's table, as the entries have it.
        key: The row's key.
        now: The row as it is; None when it is gone.
        schema: Its table's schema.
    """
    found: list[Line] = []
    later = dict(now or {})
    for entry in reversed(list(entries)):
        if entry.place is not place or entry.step is None or entry.state != "done":
            continue
        at = datetime.datetime.fromtimestamp(entry.when).replace(microsecond=0)
        for back in entry.step.changes:
            if isinstance(back, Insert) or tuple(back.key) != tuple(key):
                continue
            if isinstance(back, Update):
                after = {name: later.get(name) for name in back.values}
                found += _lines(at, "you", "update", back.values, after, schema)
                later.update(back.values)
            else:
                found += _lines(at, "you", "insert", {}, later, schema)
    return found


def _lines(at: datetime.datetime, who: str, action: str, before: Mapping[str, Any], after: Mapping[str, Any],
           schema: Schema) -> list[Line]:  # fmt: skip
    if action in _VERBS:
        values = {name: value for name, value in (after or before).items() if value is not None}
        text = ", ".join(f"{_title(schema, name)}: {_text(value)}" for name, value in values.items())
        return [Line(at, who, _VERBS[action], *(("", text) if action == "insert" else (text, "")))]
    return [Line(at, who, _title(schema, name), _text(before.get(name)), _text(value)) for name, value in after.items()]


def _title(schema: Schema, name: str) -> str:
    column = schema.column(name)
    return (column.label if column is not None else "") or title_of(name)


def _text(value: Any) -> str:
    return "empty" if value is None or value == "" else str(value)
