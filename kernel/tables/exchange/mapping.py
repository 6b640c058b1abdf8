"""Which column of a file goes into which column of a table, and what happens to rows that are there already."""

from __future__ import annotations

import re
from typing import NamedTuple

from kernel.tables.error import TableError, UnknownColumnError
from kernel.tables.path import unknown_column
from kernel.tables.schema import Column, Schema, title_of
from kernel.words import mark


class Mode(NamedTuple):
    """What happens to a row of the file: ``adds`` new ones, ``updates`` those whose key is there already."""

    name: str
    title: str
    doc: str
    adds: bool
    updates: bool


MODES: tuple[Mode, ...] = (
    Mode("add", "Add all rows", "Every row of the file becomes a new row.", True, False),
    Mode("merge", "Add new rows, update the others",
         "A row whose key is in the table already is updated, every other is added.", True, True),
    Mode("update", "Only update rows", "Rows whose key is in the table are updated, the others are left out.",
         False, True),
)  # fmt: skip


class Pair(NamedTuple):
    """A column of the file and the table's column that takes its values."""

    given: str
    column: str


def suggested(given: Schema, into: Schema) -> list[Pair]:
    """The pairs whose names or headings are alike; a column of the table is used once."""
    free = {column.name: column for column in into.columns if not column.is_generated}
    pairs: list[Pair] = []
    for alike in (_is_same, _is_like):
        taken = {pair.given for pair in pairs}
        for column in given.columns:
            found = next((one for one in free.values() if alike(column.name, one)), None)
            if found is not None and column.name not in taken:
                del free[found.name]
                pairs.append(Pair(column.name, found.name))
    order = [column.name for column in given.columns]
    return sorted(pairs, key=lambda pair: order.index(pair.given))


def mode_of(name: str) -> Mode:
    """The mode of that name.

    Raises:
        TableError: there is none.
    """
    for mode in MODES:
        if mode.name == name:
            return mode
    raise TableError(mark(f"there is no mode {name}"), hint=mark(f"known: {', '.join(mode.name for mode in MODES)}"))


def check_pairs(pairs: list[Pair], given: Schema, into: Schema, mode: Mode) -> None:
    """Refuse pairs that cannot work.

    Raises:
        UnknownColumnError, TableError: a name is wrong, a column is filled twice or calculated, or the key is missing.
    """
    if not pairs:
        raise TableError(mark("no column of the file goes into a column of the table"),
                         hint=mark(f"the table has {', '.join(column.name for column in into.columns)}"))
    for pair in pairs:
        if given.column(pair.given) is None:
            raise unknown_column(given, pair.given)
        column = into.column(pair.column)
        if column is None:
            raise unknown_column(into, pair.column)
        if column.is_generated:
            raise TableError(mark(f"{pair.column} is calculated and cannot be filled"))
    filled = [pair.column for pair in pairs]
    twice = next((name for name in filled if filled.count(name) > 1), None)
    if twice:
        raise TableError(mark(f"two columns of the file go into {twice}"), hint=mark("leave one of them out"))
    missing = [name for name in into.key if name not in filled]
    if mode.updates and (missing or not into.key):
        names = ", ".join(missing) or "no key"
        raise UnknownColumnError(mark(f"rows cannot be found again: the file does not fill {names}"),
                                 hint=mark("only “add” works without the table's key"))


def _is_same(name: str, column: Column) -> bool:
    return name == column.name


def _is_like(name: str, column: Column) -> bool:
    return _bare(name) in {_bare(column.name), _bare(column.label or title_of(column.name))}


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
