"""Columns of a table read from its file's pages: three times as fast as SQLite hands them out, and just as exact.

SQLite keeps the locks, finds the pages of a damaged file out and reads every part that is refused here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kernel.tables.sqlite.connection import Connections, Reader
from kernel.tables.sqlite.known import Kept
from kernel.tables.sqlite.leaf import Leaves, find_leaves
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.part_row import MisfitError
from kernel.tables.sqlite.plan import Plan

#: What ``table_xinfo`` says of columns that are stored: usual ones, and generated ones that are.
_STORED = (0, 3)


class StoredColumns:
    """Some columns of a table.

    Args:
        leaves: The table's.
        places: Which of the stored columns they are, from 0.
    """

    def __init__(self, leaves: Leaves, places: Sequence[int]) -> None:
        self._leaves = leaves
        self._places = places

    def codes(self, codings: Sequence[Any], first: int, last: int,
              has_numbers: bool) -> tuple[np.ndarray, list[np.ndarray]] | None:
        """The numbers of the rows from ``first`` to ``last`` and the raw codes of each column; None: not this way."""
        if not all(coding.takes_stored for coding in codings):
            return None
        try:
            cells = self._leaves.cells(first, last)
            numbers = cells.numbers() if has_numbers else np.empty(0, np.int64)
            return numbers, [coding.stored_codes(cells.column(place)) if len(cells) else np.empty(0, np.uint64)
                             for coding, place in zip(codings, self._places, strict=True)]
        except (MisfitError, OSError):
            return None


def find_stored(connections: Connections, reader: Reader, plan: Plan, codings: Sequence[Any]) -> StoredColumns | None:
    """The columns of the codings, None when one is not stored in the rows or cannot be coded from what is."""
    if not codings or not all(coding.takes_stored for coding in codings):
        return None
    found = find_places(connections, reader, plan, [coding.column for coding in codings])
    return None if found is None else StoredColumns(*found)


def find_places(connections: Connections, reader: Reader, plan: Plan,
                columns: Sequence[str]) -> tuple[Leaves, list[int]] | None:
    """The table's leaves, and which of the stored columns some are by their SQL; None when they are not to be had."""
    table = plan.shape.schema.name
    known = reader.known.once(f"stored {table}", lambda report: Kept(_places(reader, table), 1))
    if any(column not in known for column in columns):
        return None
    leaves = find_leaves(connections, reader, table)
    return None if leaves is None else (leaves, [known[column] for column in columns])


def _places(reader: Reader, table: str) -> dict[str, int]:
    """SQL of a stored column → which one it is. What may stand for the row's number is none."""
    rows = [row for row in reader.connection.execute("SELECT * FROM pragma_table_xinfo(?)", (table,))
            if row[6] in _STORED]
    return {f"t0.{quote(row[1])}": place for place, row in enumerate(rows)
            if not (row[5] and row[2].upper() == "INTEGER")}
