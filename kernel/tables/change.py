"""Edits and what they did. Plain data, travels on the wire.

Edits of rows may be hundreds of thousands, and none can hold itself: Python never looks through them for garbage.
"""

from __future__ import annotations

from typing import Any

import msgspec

Key = tuple[Any, ...]
#: Numbers below it are keys of new rows that wait for their server; no database hands out such a number.
TEMPORARY = -(1 << 40)


def is_temporary(value: Any) -> bool:
    """Whether a key's value stands for a row that waits for its server: nobody is shown such a number."""
    return isinstance(value, int) and not isinstance(value, bool) and value < TEMPORARY


class Insert(msgspec.Struct, frozen=True, gc=False, tag="insert"):
    """A new row; columns left out take the table's defaults."""

    values: dict[str, Any]


class Update(msgspec.Struct, frozen=True, gc=False, tag="update"):
    """New values for some columns of one row; ``version`` is what the editor last saw (empty = do not check)."""

    key: Key
    version: str
    values: dict[str, Any]


class Delete(msgspec.Struct, frozen=True, gc=False, tag="delete"):
    """Remove one row; ``version`` as in :class:`Update`."""

    key: Key
    version: str


Change = Insert | Update | Delete


class TableChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """What changed in a table: keys of rows, or ``is_everything`` when they cannot be told.

    A row whose key itself changed is in ``deleted`` with the old and in ``inserted`` with the new key.
    With ``has_changed_references`` rows of other tables have changed that this one's references lead to: what is read
    through them (labels, ``customer.city``) may be another now.
    """

    table: str
    inserted: tuple[Key, ...] = ()
    updated: tuple[Key, ...] = ()
    deleted: tuple[Key, ...] = ()
    is_everything: bool = False
    has_changed_references: bool = False


class Part(msgspec.Struct, frozen=True):
    """The changes of one table within a commit over several."""

    table: str
    changes: tuple[Change, ...]


class Committed(msgspec.Struct, frozen=True):
    """The answer of a commit: each change's row key afterwards (a deleted row's old key), and the sum."""

    keys: tuple[Key, ...]
    change: TableChange
