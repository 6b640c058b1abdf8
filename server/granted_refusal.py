"""What a person is told when the source refuses a change: nothing of rows and columns out of sight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kernel.tables.change import Change, Delete, Insert, Part
from kernel.tables.check import heading
from kernel.tables.error import ConstraintError, ForbiddenError, TableError
from kernel.tables.query import Query
from server.granted_query import View, under


def told(error: ConstraintError, view: View, parts: Sequence[Part], is_used_told: bool, table: Any) -> TableError:
    """The error as the person gets it.

    Args:
        error: The source's.
        view: The table of the part that was refused, as the person has it.
        parts: The whole commit.
        is_used_told: Whether the person reads all rows of ``error.used_by``.
        table: That table in the source, where nothing of the commit is written any more.
    """
    at = {"index": error.index, "part": error.part}
    if error.used_by and not is_used_told:
        return ConstraintError("the row is still used", **at)
    mine = {column.name for column in view.mine.columns}
    if not mine.issuperset((*error.names, *([error.column] if error.column else []))):
        return ConstraintError("the table refuses these values", hint="ask whoever looks after the app", **at)
    if not error.is_taken or not view.sight.rows("read") or _is_in_sight(error, view, parts, table):
        return error
    columns = [column for column in view.mine.columns if column.name in error.names]
    named = " and ".join(heading(column).lower() for column in columns)
    return ForbiddenError(f"you may not give a row of {view.whole.name} this {named or 'key'}")


def _is_in_sight(error: ConstraintError, view: View, parts: Sequence[Part], table: Any) -> bool:
    """Whether the person sees the row that has the values, or gave them to another row of the same commit."""
    change = parts[error.part].changes[error.index]
    wanted = _values(error, change, view, table)
    if wanted is None:
        return False
    others = (one for one in _written(view.whole.name, parts) if one is not change)
    if any([one.values.get(name) for name in error.names] == wanted for one in others):
        return True
    test = " and ".join(f"col({name!r}) == taken.n{place}" for place, name in enumerate(error.names))
    values = {f"taken.n{place}": value for place, value in enumerate(wanted)}
    return bool(error.names) and table.count(under(view, Query(filter=test, parameters=values))) > 0


def _values(error: ConstraintError, change: Change, view: View, table: Any) -> list[Any] | None:
    """What the change gives the columns; None when that is not known."""
    if isinstance(change, Delete):
        return None
    missing = tuple(name for name in error.names if name not in change.values)
    if missing and isinstance(change, Insert):
        return None
    known = dict(change.values)
    if missing and not isinstance(change, Insert):
        block = table.fetch(under(view, Query(keys=(tuple(change.key),), columns=missing)), 0, 1)
        if not len(block):
            return None
        known |= block.row(0)
    return [known[name] for name in error.names]


def _written(name: str, parts: Sequence[Part]) -> Iterator[Any]:
    for part in parts:
        for change in part.changes if part.table == name else ():
            if not isinstance(change, Delete):
                yield change
