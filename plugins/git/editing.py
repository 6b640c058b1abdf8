"""Edits of a repository's tables: each row as its editor saw it, or nothing is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plugins.api import (
    Block,
    Change,
    Committed,
    ConflictError,
    Delete,
    TableChange,
    TableProvider,
    Update,
    say,
    version_of,
)
from plugins.git.repository import Repository


def refuse_stale(table: TableProvider, changes: Sequence[Change]) -> None:
    """Refuse changes of rows that are others by now.

    Raises:
        ConflictError: a row is gone, or not as its editor saw it.
    """
    for index, change in enumerate(changes):
        if not isinstance(change, Update | Delete):
            continue
        place = table.find(change.key)
        if place is None:
            name = " ".join(map(str, change.key))
            raise ConflictError(say("{name} is not there any more", name=name), current=_block(table, []), index=index)
        row = list(table.rows(place, place + 1)[0])
        if change.version and change.version != version_of(row):
            message = say("{name} was changed meanwhile", name=" ".join(map(str, change.key)))
            raise ConflictError(message, current=_block(table, [row]), index=index)


def everything(table: TableProvider, repository: Repository, keys: Sequence[tuple[Any, ...]]) -> Committed:
    """The answer of a commit after which any row of any table of the repository may be another."""
    repository.tell()
    return Committed(tuple(keys), TableChange(table.schema.name, is_everything=True))


def _block(table: TableProvider, rows: Sequence[Sequence[Any]]) -> Block:
    names = [column.name for column in table.schema.columns]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    keys = [tuple(columns[name][place] for name in table.schema.key) for place in range(len(rows))]
    return Block(0, columns, keys, [version_of(row) for row in rows])
