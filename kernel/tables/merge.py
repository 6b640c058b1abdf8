"""What becomes of changes whose rows somebody else changed meanwhile: put together where each changed other columns,
told apart where both changed the same. Reads rows, writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from kernel.tables.by_key import blocks_of
from kernel.tables.change import Change, Delete, Insert, Key, Update
from kernel.tables.contract import Table
from kernel.tables.error import ConflictError
from kernel.tables.query import Query

#: The two sides of a clash, as decisions.
THEIRS, MINE = 0, 1
#: What the person chose for one clash: a side, or column → value.
Decision = int | dict[str, Any]
#: The place of a change → column → value that the person saw when they made it.
SeenOf = Callable[[int], Mapping[str, Any]]
#: A commit is put together so often with what others change meanwhile, before it is given up.
MOST_MERGES = 8


class Clash(NamedTuple):
    """A row that both sides changed.

    Attributes:
        index: The place of its change.
        change: An update or a delete.
        base: Column → value that the person saw.
        theirs: Column → value that is stored now; also the columns that name the row.
        version: The row's version now.
        columns: What both changed, in different ways; where the person's own change is a delete, what is another by
            now as far as it was seen.
    """

    index: int
    change: Update | Delete
    base: dict[str, Any]
    theirs: dict[str, Any]
    version: str
    columns: tuple[str, ...]


class Merge(NamedTuple):
    """Changes for rows as they are now.

    Attributes:
        changes: All of them, in order; those that clash or whose row is gone are as they were.
        clashes: What the person must decide.
        gone: Places of the changes whose rows were deleted: they cannot be written. A delete is not among them.
        done: Places of deletes that somebody else did already.
        merged: Rows that both sides changed in different columns.
        places: Where the changes stood in the commit that was asked for.
    """

    changes: list[Change]
    clashes: list[Clash]
    gone: list[int]
    done: list[int]
    merged: list[Key]
    places: Sequence[int]

    @property
    def is_clear(self) -> bool:
        """Whether nothing has to be decided."""
        return not self.clashes and not self.gone


class UndecidedError(ConflictError):
    """Rows were changed by somebody else in the same columns; nothing was written.

    Attributes:
        merge: What can be put together, and what must be decided.
    """

    def __init__(self, error: ConflictError, merge: Merge) -> None:
        super().__init__(error.message, current=error.current, index=error.index, part=error.part)
        self.merge = merge


def merge_of(
    table: Table, changes: Sequence[Change], seen_of: SeenOf, places: Sequence[int] | None = None
) -> Merge | None:
    """The changes beside the rows as they are now; None when a row is changed twice, so that it cannot be told.

    Args:
        table: Is read.
        changes: Of one commit that was refused.
        seen_of: What the person saw.
        places: Where the changes stood in the commit that was asked for; None = as they stand.

    Raises:
        TableError: the rows cannot be read.
    """
    keys = [tuple(change.key) for change in changes if not isinstance(change, Insert)]
    if len(set(keys)) < len(keys):
        return None
    where = places if places is not None else range(len(changes))
    names = dict.fromkeys(name for place, change in zip(where, changes, strict=True)
                          for name in _names_of(change, lambda place=place: seen_of(place)))  # fmt: skip
    paths = tuple(dict.fromkeys((*names, *(name for name in table.schema.label if table.schema.column(name)))))
    now: dict[Key, tuple[str, dict[str, Any]]] = {
        tuple(key): (block.versions[index], block.row(index))
        for block in blocks_of(table, Query(columns=paths), keys)
        for index, key in enumerate(block.keys)
    }
    merge = Merge(list(changes), [], [], [], [], where)
    for index, change in enumerate(changes):
        if not isinstance(change, Insert):
            _merge_row(merge, index, change, now.get(tuple(change.key)), seen_of)
    return merge


def _names_of(change: Change, seen: Callable[[], Mapping[str, Any]]) -> Iterable[str]:
    """The columns that are compared: those that are written, of a row that goes those that were seen."""
    return change.values if isinstance(change, Update) else seen() if isinstance(change, Delete) else ()


def _merge_row(
    merge: Merge, index: int, change: Update | Delete, now: tuple[str, dict[str, Any]] | None, seen_of: SeenOf
) -> None:
    if now is None:
        (merge.done if isinstance(change, Delete) else merge.gone).append(index)
        return
    version, theirs = now
    if not change.version or version == change.version:
        return
    base = dict(seen_of(merge.places[index]))
    if isinstance(change, Delete):
        changed = tuple(name for name, value in base.items() if name in theirs and theirs[name] != value)
        merge.clashes.append(Clash(index, change, base, theirs, version, changed))
        return
    columns = tuple(name for name, value in change.values.items() if not is_mergeable(name, value, base, theirs))
    if columns:
        merge.clashes.append(Clash(index, change, base, theirs, version, columns))
        return
    merge.changes[index] = Update(change.key, version, change.values)
    merge.merged.append(tuple(change.key))


def is_mergeable(name: str, value: Any, seen: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether nobody else gave the column another value than the person saw, or they gave it the person's own."""
    current = now.get(name)
    return current == value or (name in seen and current == seen[name])


def decided(merge: Merge, decisions: Sequence[Decision]) -> list[tuple[int, Change]]:
    """What is to be written: each change with its place in the commit that was asked for, without what the person left
    to the others.

    Args:
        merge: What was to be decided.
        decisions: For each clash, in order.
    """
    left_out = {*merge.gone, *merge.done}
    chosen: dict[int, Change | None] = {
        clash.index: _chosen(clash, decision) for clash, decision in zip(merge.clashes, decisions, strict=True)
    }
    found = []
    for index, change in enumerate(merge.changes):
        taken = chosen.get(index, change)
        if taken is not None and index not in left_out:
            found.append((merge.places[index], taken))
    return found


def _chosen(clash: Clash, decision: Decision) -> Change | None:
    change = clash.change
    if isinstance(change, Delete):
        return Delete(change.key, clash.version) if decision == MINE else None
    values = dict(change.values)
    if decision == THEIRS:
        values = {name: value for name, value in values.items() if name not in clash.columns}
    elif isinstance(decision, dict):
        values.update(decision)
        same = {name for name in clash.columns if values[name] == clash.theirs.get(name)}
        values = {name: value for name, value in values.items() if name not in same}
    return Update(change.key, clash.version, values) if values else None


class Written(NamedTuple):
    """A commit that was put together with what others changed.

    Attributes:
        answer: What the writing answered.
        places: Which of the changes that were asked for were written; deletes that others did are not among them.
        merged: Rows that others changed in other columns.
    """

    answer: Any
    places: Sequence[int]
    merged: list[Key]


def commit_merged(
    write: Callable[[Sequence[Change]], Any], table: Table, changes: Sequence[Change], seen_of: SeenOf
) -> Written:
    """Write the changes, put together with what others changed in other columns.

    Args:
        write: Writes all or none, as ``Table.commit``.
        table: Where the rows are read.
        changes: What to write.
        seen_of: What the person saw.

    Raises:
        UndecidedError: both changed the same columns, or a row is gone.
        TableError: what ``write`` raises.
    """
    merged: dict[Key, None] = {}
    places: Sequence[int] = range(len(changes))
    for _ in range(MOST_MERGES):
        try:
            return Written(write(changes), places, list(merged))
        except ConflictError as error:
            merge = merge_of(table, changes, seen_of, places)
            if merge is None:
                raise
            if not merge.is_clear:
                raise UndecidedError(error, merge) from error
            merged.update(dict.fromkeys(merge.merged))
            chosen = decided(merge, ())
            places, changes = [place for place, _ in chosen], [change for _, change in chosen]
    return Written(write(changes), places, list(merged))
