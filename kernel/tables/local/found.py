"""The positions of the rows that a query's filter and keys let through, found as far as anybody wants them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from kernel.tables.error import InterruptedCallError, TableError
from kernel.tables.local.reading import Reader, Reading
from kernel.tables.local.scan import Rows, Scan
from kernel.tables.local.work import Work
from kernel.tables.query import Query
from kernel.words import mark


class Passing(Work):
    """Walks once over the rows that pass; derive and take them, stretch by stretch.

    Args:
        scan: Whose rows.
        reading: Of the query, with all readers of the derived work made already.
        test: Its filter's reader, None when there is none.
        positions: Only these, ascending; None: all.
    """

    def __init__(self, scan: Scan, reading: Reading, test: Reader | None, positions: Sequence[int] | None) -> None:
        super().__init__()
        self._test = test
        self._pending: Rows | None = None
        self.problem: Exception | None = None
        columns = tuple(reading.columns)
        clauses = reading.clauses()[0]
        self._begin = lambda: (scan.stretches(columns, clauses) if positions is None else
                               _chosen(scan, positions, columns))
        self._stretches = self._begin()
        self._last = -1

    def _step(self) -> None:
        rows = self._pending or self._next()
        if rows is None:
            self._end()
            self.part, self.is_done = 1.0, True
            return
        self._pending = rows
        if self._test is not None and len(rows):
            rows = rows.picked([place for place, value in enumerate(self._test(rows)) if value])
        if len(rows):
            self._take(rows)
        self._pending = None
        self.part = rows.part

    def _next(self) -> Rows | None:
        """The next stretch; once one cannot be read, what was found stays a part and is never taken for the whole."""
        if self.problem is not None:
            raise self.problem
        try:
            rows = next(self._stretches, None)
        except InterruptedCallError:  # of one who gave up: for the others the reading goes on behind what was taken
            self._stretches = (_behind(rows, self._last) for rows in self._begin())
            raise
        except Exception as problem:
            self.problem = problem
            raise
        if rows is not None and len(rows):
            self._last = rows.positions[-1]
        return rows

    def _take(self, rows: Rows) -> None:
        """Take rows that pass."""
        raise NotImplementedError

    def _end(self) -> None:
        """All rows were taken."""


class Found(Passing):
    """The positions of all rows that pass, in the table's order."""

    def __init__(self, scan: Scan, reading: Reading, test: Reader | None, positions: Sequence[int] | None) -> None:
        super().__init__(scan, reading, test, positions)
        self.positions: Any = array("q")

    def _take(self, rows: Rows) -> None:
        self.positions.extend(rows.positions)


def positions_of(scan: Scan, query: Query) -> list[int] | None:
    """The positions that ``query.keys`` allows, ascending; None when it allows all.

    Raises:
        TableError: the table has no way to find a row by its key.
    """
    if query.keys is None:
        return None
    found = {position for key in query.keys if (position := position_of(scan, tuple(key))) is not None}
    return sorted(found)


def position_of(scan: Scan, key: tuple[Any, ...]) -> int | None:
    """The position of the row with that key, or None."""
    if len(key) != len(scan.schema.key):
        raise TableError(mark(f"a key of {scan.schema.name} has {len(scan.schema.key)} parts, not {len(key)}"))
    if scan.schema.key == ("rowid",) and scan.schema.column("rowid") is None:
        number = key[0]
        is_number = isinstance(number, int | float | Decimal) and number == number
        if not is_number or not 1 <= number < 2**63 or number != int(number):
            return None
        position = int(number) - 1
        return position if len(scan.page(position, position + 1, ())) else None
    if scan.pushdown.has_find:
        return scan.find(key)
    if scan.is_endless:
        raise TableError(mark(f"{scan.schema.name} has no end and no way to find a row by its key"))
    for rows in scan.stretches(scan.schema.key, ()):
        keys = list(zip(*(rows.column(name) for name in scan.schema.key), strict=True))
        if key in keys:
            return rows.positions[keys.index(key)]
    return None


def _behind(rows: Rows, last: int) -> Rows:
    """The rows behind a position."""
    places = [place for place, position in enumerate(rows.positions) if position > last]
    return rows if len(places) == len(rows) else rows.picked(places)


def _chosen(scan: Scan, positions: Sequence[int], columns: tuple[str, ...]) -> Iterator[Rows]:
    for start in range(0, len(positions), 500):
        some = positions[start : start + 500]
        yield Rows(some, scan.at(some, columns), (start + len(some)) / len(positions))
