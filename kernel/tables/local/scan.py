"""What a source must be able to do for the engine: read rows in their own order, some of them by position.

A row's position counts from 0 in the table's own order, which is the order of its keys: ties of a sort follow it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from kernel.tables.change import Change, Committed, Key
from kernel.tables.contract import Estimate
from kernel.tables.query import Query
from kernel.tables.schema import Schema


class Rows:
    """Some rows, column by column; a scan may derive from it to make a column when it is asked for.

    Args:
        positions: The rows' positions, ascending.
        columns: Column name → values, one per row.
        part: How much of the table has been read with these rows, from 0.0 to 1.0.
    """

    def __init__(self, positions: Sequence[int], columns: Mapping[str, Sequence[Any]], part: float = 0.0) -> None:
        self.positions = positions
        self.part = part
        self._columns = columns

    def __len__(self) -> int:
        return len(self.positions)

    def column(self, name: str) -> Sequence[Any]:
        """The values of one column."""
        return self._columns[name] if len(self.positions) else ()

    def picked(self, places: Sequence[int]) -> Rows:
        """The rows at those places among these."""
        positions = [self.positions[place] for place in places]
        columns = {name: [values[place] for place in places] for name, values in self._columns.items()}
        return Rows(positions, columns, self.part)


class Conjunct(NamedTuple):
    """A test of a row: ``column operator value``.

    ``operator`` is a key of :data:`kernel.expression.operation.COMPARISONS`, ``value`` is known before rows are read.
    """

    column: str
    operator: str
    value: Any


#: Conjuncts of which at least one holds in every row that passes.
Clause = tuple[Conjunct, ...]


class Pushdown(NamedTuple):
    """What a scan does itself, each by column: what it is not named for is done by the engine.

    Attributes:
        filters: Column → operators with which :meth:`Scan.stretches` may leave out rows that fail. It may answer rows
            that fail all the same.
        sorts: Columns that :meth:`Scan.order` sorts as :mod:`kernel.tables.order` does.
        groups: Column → what :meth:`Scan.groups` makes of it: ``key`` and the names of aggregates.
        has_find: Whether :meth:`Scan.find` finds a key without reading all rows.
        has_positions: Whether :meth:`Scan.positions` may answer some queries by itself.
    """

    filters: Mapping[str, frozenset[str]] = {}
    sorts: frozenset[str] = frozenset()
    groups: Mapping[str, frozenset[str]] = {}
    has_find: bool = False
    has_positions: bool = False


class Measure(NamedTuple):
    """An aggregate of one column of the table, or with an empty ``column`` the count of rows."""

    function: str
    column: str


class RowGroups(NamedTuple):
    """Rows put together that are alike in some columns: what is the same, and what was measured.

    Attributes:
        rows: A row for each group, in the order in which the groups' first rows come.
        measured: For each measure a value for each group: of ``count`` how many; of ``sum`` and ``average`` the total
            and how many, or all the floats; of ``minimum`` and ``maximum`` values among which it is.
    """

    rows: Rows
    measured: Sequence[Sequence[Any]]


class Scan(Protocol):
    """The rows of one table. Any thread may call; each call is short, or answers in short steps (20 ms or so)."""

    @property
    def schema(self) -> Schema:
        """As they are now; the key is ``("rowid",)`` where a row's number, from 1, is its key."""

    @property
    def pushdown(self) -> Pushdown:
        """What it does itself."""

    def stamp(self) -> Any:
        """Something that differs once rows may have changed.

        Raises:
            UnavailableError: what it reads is gone.
        """

    def estimate(self) -> Estimate:
        """How many rows there are, as far as that is known without work; for no end see ``is_endless``."""

    @property
    def is_endless(self) -> bool:
        """Whether no count will ever be known."""

    def measure(self) -> float:
        """Do a step of what makes the count exact and pages cheap; how much is done, 1.0 when all is."""

    def stretches(self, columns: Sequence[str], clauses: Sequence[Clause]) -> Iterator[Rows]:
        """All rows in order, a stretch a step; some are empty where rows that fail a clause were left out."""

    def page(self, start: int, stop: int, columns: Sequence[str]) -> Rows:
        """The rows at ``start`` up to but without ``stop``; shorter at the end."""

    def at(self, positions: Sequence[int], columns: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        """Column → the values of the rows at those positions, in the order of ``positions``."""

    def find(self, key: Key) -> int | None:
        """The position of the row with that key; asked only with ``Pushdown.has_find``."""

    def decides(self, conjunct: Conjunct) -> bool:
        """Whether :meth:`order` decides the test as the expression language does."""

    def order(self, clauses: Sequence[Clause], sort: Sequence[tuple[str, bool]]) -> Sequence[int]:
        """The positions of the rows that pass, sorted by (column, is descending), ties in the table's own order.

        Asked only with columns of ``pushdown.sorts`` and with tests that it decides.
        """

    def groups(self, columns: Sequence[str], clauses: Sequence[Clause], measures: Sequence[Measure],
               most: int) -> RowGroups | None:
        """The groups of the rows that pass by some columns; None when there are more than ``most`` or it cannot tell.

        Asked only with what ``pushdown.groups`` has, and with tests that it decides.
        """

    def positions(self, query: Query) -> Sequence[int] | None:
        """The positions of a query's rows in its order, None when the engine shall find them.

        Asked only with ``Pushdown.has_positions``, and never for groups or keys.
        """

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Write all the changes or none; asked only of an editable table."""

    def close(self) -> None:
        """Let go of files."""
