"""What every source's commit does alike: checks of values beforehand, the sum of changes afterwards."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from kernel.tables.change import Change, Delete, Insert, Key, TableChange
from kernel.tables.check import heading, problem_of
from kernel.tables.error import ConflictError, ConstraintError, ReadOnlyError, TableError
from kernel.tables.path import unknown_column
from kernel.tables.schema import Column, Reference, Schema, title_of
from kernel.words import mark

#: Keys in one event; beyond it everything is told to be fetched again.
MOST_KEYS = 5_000


def change_between(table: str, changes: Sequence[Change], keys: Sequence[Key]) -> TableChange:
    """What a commit did, from its changes and each row's key afterwards."""
    inserted: list[Key] = []
    updated: list[Key] = []
    deleted: list[Key] = []
    for change, key in zip(changes, keys, strict=True):
        if isinstance(change, Insert):
            inserted.append(key)
        elif isinstance(change, Delete):
            deleted.append(key)
        elif tuple(change.key) == key:
            updated.append(key)
        else:
            deleted.append(tuple(change.key))
            inserted.append(key)
    return TableChange(table, *(tuple(dict.fromkeys(some)) for some in (inserted, updated, deleted)))


def bounded(change: TableChange) -> TableChange:
    """The change; when it names more rows than anybody wants to hear of one by one, "everything"."""
    if len(change.inserted) + len(change.updated) + len(change.deleted) <= MOST_KEYS:
        return change
    return TableChange(change.table, is_everything=True, has_changed_references=change.has_changed_references)


def check_values(schema: Schema, change: Change, index: int) -> None:
    """Refuse values that cannot stand in their columns, whatever the source.

    Raises:
        UnknownColumnError, ReadOnlyError, ConstraintError: see the contract.
    """
    if isinstance(change, Delete):
        return
    for name, value in change.values.items():
        column = schema.column(name)
        if column is None:
            raise unknown_column(schema, name)
        if column.is_generated:
            raise ReadOnlyError(mark("{column} is calculated and cannot be edited").format(column=heading(column)))
        problem = problem_of(column, value)
        if problem:
            raise ConstraintError(problem, column=name, index=index)


@contextlib.contextmanager
def in_part(number: int) -> Iterator[None]:
    """Within the block errors of a commit name that part of it."""
    try:
        yield
    except (ConflictError, ConstraintError) as error:
        error.part = number
        raise


def check_same(is_same: bool) -> None:
    """Refuse an id that comes again with other changes.

    Raises:
        TableError: it does.
    """
    if not is_same:
        raise TableError("a commit with this id wrote other changes before", hint="every commit needs an id of its own")


def taken_error(columns: Sequence[Column], index: int) -> ConstraintError:
    """Another row has the values of these columns, which must be each row's own; none = the key."""
    names = tuple(column.name for column in columns)
    named = " and ".join(map(heading, columns)) or "key"
    message = mark("There is already a row with that {named}").format(named=named)
    return ConstraintError(message, column=names[0] if names else "", index=index, names=names, is_taken=True)


def missing_error(reference: Reference, wanted: Sequence[object], index: int) -> ConstraintError:
    """A row refers to one that is not there; ``wanted``: the values that lead to it."""
    title = title_of(reference.name)
    message = mark("{title} {value} does not exist").format(title=title, value=wanted[0])
    if len(wanted) > 1:
        pairs = zip(reference.columns, wanted, strict=True)
        values = " and ".join(f"{title_of(name)} {value}" for name, value in pairs)
        message = mark("There is no {title} with {values}").format(title=title, values=values)
    return ConstraintError(message, column=reference.via[0], index=index, names=reference.via)


def used_message(row: str, count: int, table: str) -> str:
    """Why a row cannot go while others refer to it."""
    one, many = mark("{row} is still used by 1 row of {table}"), mark("{row} is still used by {count} rows of {table}")
    return (one if count == 1 else many).format(row=row, count=count, table=title_of(table))
