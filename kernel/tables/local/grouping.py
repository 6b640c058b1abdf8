"""Groups of a query: the scan's own put together where it can make them, else accumulators over the rows that pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from kernel.tables.aggregate import accumulator
from kernel.tables.error import TableError, UnknownColumnError
from kernel.tables.grouping import Groups, ordered_groups
from kernel.tables.local import limit
from kernel.tables.local.found import Passing
from kernel.tables.local.reading import Reader, Reading
from kernel.tables.local.scan import Measure, RowGroups, Rows, Scan
from kernel.tables.local.work import on_the_side
from kernel.tables.query import Query
from kernel.words import mark


class Grouped(Passing):
    """The groups of a query; ``groups`` is there when all is done.

    Args:
        inner: A reading of the same query, for groups that the scan makes by all the columns that its groups and the
            rest of its filter read: these are worked out on one row of each.
    """

    def __init__(self, scan: Scan, reading: Reading, test: Reader | None, positions: Sequence[int] | None,
                 query: Query, inner: Reading) -> None:
        if scan.is_endless and positions is None:
            raise TableError(
                mark(f"{scan.schema.name} has no end and cannot be grouped"),
                hint=mark("filter by key first"),
            )
        self._query = query
        self._functions = [aggregate.function for aggregate in query.aggregates]
        self._running()  # an unknown one is refused even when there are no rows
        for aggregate in query.aggregates:
            if not aggregate.of and aggregate.function != "count":
                raise UnknownColumnError(mark(f"{aggregate.function} needs an expression to work on"))
        ordered_groups(query, [])  # and so is a sort key that names nothing
        self._by = [reading.value(text) for text in query.group]
        self._of = [reading.value(aggregate.of) if aggregate.of else None for aggregate in query.aggregates]
        super().__init__(scan, reading, test, positions)
        self._groups: dict[tuple[Any, ...], list[Any]] = {} if query.group else {(): self._running()}
        self.groups = Groups((), [], 0)
        self._inner = _Inner(scan, query, inner) if positions is None and scan.pushdown.groups else None

    def _running(self) -> list[Any]:
        return [accumulator(function) for function in self._functions]

    def _step(self) -> None:
        if self._inner is None:
            super()._step()
            return
        found = on_the_side(self._inner.read)
        if found is not None:
            self._put_together(found)
            self._end()
            self.part, self.is_done = 1.0, True
        self._inner = None

    def _put_together(self, found: RowGroups) -> None:
        """Take the scan's groups; those that are alike for the query become one."""
        assert self._inner is not None
        values = [reader(found.rows) for reader in self._inner.by]
        passing = self._inner.test(found.rows) if self._inner.test else [True] * len(found.rows)
        for place, is_passing in enumerate(passing):
            if is_passing:
                for one, function, told in zip(self._of_group(tuple(column[place] for column in values)),
                                               self._functions, found.measured, strict=True):
                    _take_measured(one, function, told[place])

    def _of_group(self, key: tuple[Any, ...]) -> list[Any]:
        running = self._groups.get(key)
        if running is None:
            running = self._groups[key] = self._running()
        return running

    def _take(self, rows: Rows) -> None:
        keys = list(zip(*(reader(rows) for reader in self._by), strict=True)) if self._by else [()] * len(rows)
        counts = Counter(keys)
        groups = {key: self._of_group(key) for key in counts}
        for number, reader in enumerate(self._of):
            if reader is None:
                for key, count in counts.items():
                    groups[key][number].add_count(count)
                continue
            parts: dict[Any, list[Any]] = {key: [] for key in counts}
            for key, value in zip(keys, reader(rows), strict=True):
                parts[key].append(value)
            for key, values in parts.items():
                groups[key][number].take(values)
        if len(self._groups) > limit.most_groups:
            raise TableError(
                mark(f"there are more than {limit.most_groups:,} groups"),
                hint=mark("group by something coarser"),
            )

    def _end(self) -> None:
        rows = [(*key, *(one.result() for one in running)) for key, running in self._groups.items()]
        self.groups = ordered_groups(self._query, rows)


class _Inner:
    """What of a query's groups the scan is asked for.

    Attributes:
        by: Readers of the groups' values.
        test: Of what the scan does not decide, None when it decides all.
    """

    def __init__(self, scan: Scan, query: Query, reading: Reading) -> None:
        self._scan = scan
        self.by = [reading.value(text) for text in query.group]
        self._clauses, is_all = reading.clauses()
        is_decided = is_all and all(scan.decides(one) for clause in self._clauses for one in clause)
        self.test = None if is_decided else reading.filter()
        self._clauses = [clause for clause in self._clauses if all(map(scan.decides, clause))]
        self._columns = tuple(reading.columns)
        self._measures = [Measure(one.function, reading.own_column(one.of) if one.of else "")
                          for one in query.aggregates]
        kinds = scan.pushdown.groups
        self._is_possible = all("key" in kinds.get(name, ()) for name in self._columns) and all(
            one.function in kinds.get(one.column, ()) if aggregate.of else one.function == "count"
            for one, aggregate in zip(self._measures, query.aggregates, strict=True))

    def read(self) -> RowGroups | None:
        """The scan's groups; None when it cannot make them."""
        if not self._is_possible:
            return None
        return self._scan.groups(self._columns, self._clauses, self._measures, limit.most_groups)


def _take_measured(running: Any, function: str, told: Any) -> None:
    """Have an accumulator take what :class:`RowGroups` says of a group."""
    if function == "count":
        running.add_count(told)
    elif function in ("minimum", "maximum"):
        running.take(told)
    elif isinstance(told, list):
        running.add_floats(told)
    elif told[1]:
        running.add_total(*told)
