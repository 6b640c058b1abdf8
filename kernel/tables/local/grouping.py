"""Groups of a query by accumulators, one pass over the rows that pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kernel.tables.aggregate import Accumulator, accumulator
from kernel.tables.error import TableError, UnknownColumnError
from kernel.tables.grouping import Groups, ordered_groups
from kernel.tables.local import limit
from kernel.tables.local.found import Passing
from kernel.tables.local.reading import Reader, Reading
from kernel.tables.local.scan import Rows, Scan
from kernel.tables.query import Query


class Grouped(Passing):
    """The groups of a query; ``groups`` is there when all is done."""

    def __init__(self, scan: Scan, reading: Reading, test: Reader | None, positions: Sequence[int] | None,
                 query: Query) -> None:
        if scan.is_endless and positions is None:
            raise TableError(f"{scan.schema.name} has no end and cannot be grouped", hint="filter by key first")
        self._query = query
        self._functions = [aggregate.function for aggregate in query.aggregates]
        self._running()  # an unknown one is refused even when there are no rows
        for aggregate in query.aggregates:
            if not aggregate.of and aggregate.function != "count":
                raise UnknownColumnError(f"{aggregate.function} needs an expression to work on")
        ordered_groups(query, [])  # and so is a sort key that names nothing
        self._by = [reading.value(text) for text in query.group]
        self._of = [reading.value(aggregate.of) if aggregate.of else None for aggregate in query.aggregates]
        super().__init__(scan, reading, test, positions)
        self._groups: dict[tuple[Any, ...], list[Accumulator]] = {} if query.group else {(): self._running()}
        self.groups = Groups((), [], 0)

    def _running(self) -> list[Accumulator]:
        return [accumulator(function) for function in self._functions]

    def _take(self, rows: Rows) -> None:
        ones = [1] * len(rows)
        values = [ones if reader is None else reader(rows) for reader in self._of]
        keys = list(zip(*(reader(rows) for reader in self._by), strict=True)) if self._by else [()] * len(rows)
        for place, key in enumerate(keys):
            running = self._groups.get(key)
            if running is None:
                running = self._groups[key] = self._running()
            for one, column in zip(running, values, strict=True):
                one.step(column[place])
        if len(self._groups) > limit.most_groups:
            raise TableError(f"there are more than {limit.most_groups:,} groups", hint="group by something coarser")

    def _end(self) -> None:
        rows = [(*key, *(one.result() for one in running)) for key, running in self._groups.items()]
        self.groups = ordered_groups(self._query, rows)
