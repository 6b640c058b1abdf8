"""Columns of a table read from its file's pages: three times as fast as SQLite hands them out, and just as exact.

SQLite keeps the locks, finds the pages of a damaged file out and reads every part that is refused here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kernel.tables.sqlite.cells import Cells
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
        are_texts: Whether all of them hold texts, bytes and null alone, and null where a row has none.
    """

    def __init__(self, leaves: Leaves, places: Sequence[int], are_texts: bool = False) -> None:
        self._leaves = leaves
        self._places = places
        self._are_texts = are_texts

    def codes(self, codings: Sequence[Any], first: int, last: int,
              has_numbers: bool) -> tuple[np.ndarray, list[np.ndarray]] | None:
        """The numbers of the rows from ``first`` to ``last`` and the raw codes of each column; None: not this way."""
        if not all(coding.takes_stored for coding in codings):
            return None
        try:
            cells = self._leaves.cells(first, last)
            numbers = cells.numbers() if has_numbers else np.empty(0, np.int64)
            return numbers, [self._codes(coding, cells, place) if len(cells) else np.empty(0, np.uint64)
                             for coding, place in zip(codings, self._places, strict=True)]
        except (MisfitError, OSError):
            return None

    def _codes(self, coding: Any, cells: Cells, place: int) -> np.ndarray:
        if self._are_texts and hasattr(coding, "stored_rows"):
            return coding.stored_rows(cells, place)
        return coding.stored_codes(cells.column(place))


def find_stored(connections: Connections, reader: Reader, plan: Plan, codings: Sequence[Any]) -> StoredColumns | None:
    """The columns of the codings, None when one is not stored in the rows or cannot be coded from what is."""
    if not codings or not all(coding.takes_stored for coding in codings):
        return None
    found = find_places(connections, reader, plan, [coding.column for coding in codings])
    if found is None:
        return None
    texts = reader.known.once(f"texts {plan.shape.schema.name}", lambda report: Kept(_texts(reader, plan), 1))
    return StoredColumns(*found, all(coding.column in texts for coding in codings))


def find_places(connections: Connections, reader: Reader, plan: Plan,
                columns: Sequence[str]) -> tuple[Leaves, list[int]] | None:
    """The table's leaves, and which of the stored columns some are by their SQL; None when they are not to be had."""
    table = plan.shape.schema.name
    known = reader.known.once(f"stored {table}", lambda report: Kept(_places(reader, table), 1))
    if any(column not in known for column in columns):
        return None
    leaves = find_leaves(connections, reader, table)
    return None if leaves is None else (leaves, [known[column] for column in columns])


def _texts(reader: Reader, plan: Plan) -> frozenset[str]:
    """SQL of the columns that turn numbers into texts (https://sqlite.org/datatype3.html, 3.1), without a default."""
    rows = reader.connection.execute("SELECT * FROM pragma_table_xinfo(?)", (plan.shape.schema.name,)).fetchall()
    return frozenset(f"t0.{quote(row[1])}" for row in rows if row[4] is None and "INT" not in row[2].upper()
                     and any(word in row[2].upper() for word in ("CHAR", "CLOB", "TEXT")))


def _places(reader: Reader, table: str) -> dict[str, int]:
    """SQL of a stored column → which one it is. What may stand for the row's number is none."""
    rows = [row for row in reader.connection.execute("SELECT * FROM pragma_table_xinfo(?)", (table,))
            if row[6] in _STORED]
    return {f"t0.{quote(row[1])}": place for place, row in enumerate(rows)
            if not (row[5] and row[2].upper() == "INTEGER")}
