"""Groups of mirrored columns, with counts, and exact sums and extremes of whole numbers and fixed-point decimals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from kernel.tables.aggregate import Accumulator, accumulator
from kernel.tables.contract import Report
from kernel.tables.query import Aggregate, Query
from kernel.tables.sqlite.coding import Whole
from kernel.tables.sqlite.exact import MOST_DIGITS, MOST_UNITS
from kernel.tables.sqlite.landmark import find_landmarks, is_in_row_order
from kernel.tables.sqlite.mirror.column import STRETCH, Column
from kernel.tables.sqlite.mirror.filter import matching, values_of
from kernel.tables.sqlite.mirror.find import PlanOf, Wanted, columns, is_mirrored
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.stop import check_interrupt

if TYPE_CHECKING:
    from kernel.tables.sqlite.connection import Connections, Reader
    from kernel.tables.sqlite.plan import Plan

#: A group's values, and its aggregates so far.
Running = tuple[tuple[Any, ...], list[Accumulator]]
#: Groups that may be counted by their number.
MOST_GROUPS = 1 << 16
#: Whole numbers below it are exact as floats, and their sums as whole numbers of 64 bits.
_EXACT, _MOST = 2**53, 2**63


def mirrored_groups(connections: Connections, reader: Reader, plan_of: PlanOf, query: Query,
                    report: Report) -> list[Running] | None:
    """The groups in no order; None when the mirror does not have them, or not yet."""
    plan = plan_of(reader)
    if query.keys is not None or not plan.shape.rowid:
        return None
    landmarks = find_landmarks(reader, plan)
    if not is_mirrored(landmarks) or not is_in_row_order(reader, plan):
        return None
    keys = [_wanted(plan, text) for text in query.group]
    of = [_wanted(plan, aggregate.of) if aggregate.of else None for aggregate in query.aggregates]
    if None in keys or any(one is None and aggregate.of for one, aggregate in zip(of, query.aggregates, strict=True)):
        return None
    if not all(map(_may_be_exact, query.aggregates, of)):
        return None
    wanted = list(dict.fromkeys([*keys, *(one for one in of if one is not None)]))
    made = columns(connections, reader, plan_of, wanted)
    chosen = matching(connections, reader, plan_of, query, landmarks.count) if query.filter.strip() else None
    if made is None or query.filter.strip() and chosen is None:
        return None
    found = dict(zip(wanted, made, strict=True))
    values = [values_of(found[key], key) for key in keys]
    sums = [_Folding(aggregate, one, None if one is None else found[one])
            for aggregate, one in zip(query.aggregates, of, strict=True)]
    size = math.prod(len(one) if one is not None else MOST_GROUPS + 1 for one in values)
    if size > MOST_GROUPS or not all(one.is_exact(landmarks.count) for one in sums):
        return None
    counts = np.zeros(size, np.int64)
    for one in sums:
        one.begin(size)
    for start in range(0, landmarks.count, STRETCH):
        check_interrupt()
        part = slice(start, start + STRETCH)
        groups = np.zeros(min(STRETCH, landmarks.count - start), np.intp)
        for key, one in zip(keys, values, strict=True):
            groups *= len(one)
            groups += found[key].numbers(part.start, part.stop)
        rows = None if chosen is None else chosen[part]
        groups = groups if rows is None else groups[rows]
        counts += np.bincount(groups, minlength=size)
        for one in sums:
            one.add(groups, part, rows)
        report(min(part.stop, landmarks.count) / landmarks.count)
    return _joined(query, keys, values, sums, counts)


def _wanted(plan: Plan, text: str) -> Wanted | None:
    """The table's own column that an expression is, and nothing else."""
    found = plan.column(text)
    names = (column.name for column in plan.shape.schema.columns)
    return found and next((Wanted(name, found[1]) for name in names if found[0] == f"t0.{quote(name)}"), None)


def _may_be_exact(aggregate: Aggregate, wanted: Wanted | None) -> bool:
    if aggregate.function == "count":
        return True
    return wanted is not None and wanted.codec.scale is not None and wanted.codec.scale <= MOST_DIGITS


def _joined(query: Query, keys: Sequence[Wanted], values: Sequence[list[Any]], sums: Sequence[_Folding],
            counts: np.ndarray) -> list[Running]:
    """Groups whose values are equal become one."""
    groups: dict[Any, Running] = {}
    for number in [0] if not keys else np.flatnonzero(counts).tolist():
        check_interrupt()
        stored = []
        rest = number
        for one in reversed(values):
            rest, place = divmod(rest, len(one))
            stored.append(one[place])
        key = tuple(wanted.codec.decode(value) for wanted, value in zip(keys, reversed(stored), strict=True))
        if key not in groups:
            groups[key] = key, [accumulator(aggregate.function) for aggregate in query.aggregates]
        for one, running in zip(sums, groups[key][1], strict=True):
            one.feed(running, number, int(counts[number]))
    return list(groups.values())


class _Folding:
    """One aggregate over the groups by their numbers."""

    def __init__(self, aggregate: Aggregate, wanted: Wanted | None, column: Column | None) -> None:
        self._function = aggregate.function
        self._scale = wanted.codec.scale if wanted is not None and wanted.codec.scale is not None else -1
        self._column = column

    def is_exact(self, count: int) -> bool:
        """Whether so many values are added up exactly."""
        column = self._column
        if self._function == "count":
            return True
        if column is None or not isinstance(column.coding, Whole) or column.coding.digits != max(self._scale, 0):
            return False
        greatest = column.least + column.size - 2
        is_found_again = self._scale < 0 or max(abs(column.least), abs(greatest)) <= MOST_UNITS
        return is_found_again and column.size * STRETCH < _EXACT and column.size * count < _MOST

    def begin(self, size: int) -> None:
        """Make room for so many groups."""
        self._counts = np.zeros(size, np.int64)
        start = self._column.size if self._function == "minimum" and self._column is not None else 0
        self._totals = np.full(size, start, np.int64)

    def add(self, groups: np.ndarray, part: slice, rows: np.ndarray | None) -> None:
        """Add the values of a stretch, of the rows that are wanted."""
        if self._column is None:
            return
        ranks = self._column.numbers(part.start, part.stop) if self._function != "count" else self._column.ranks(
            part.start, part.stop)
        ranks = ranks if rows is None else ranks[rows]
        there = ranks != 0
        size = len(self._totals)
        if not there.all():
            groups, ranks = groups[there], ranks[there]
        self._counts += np.bincount(groups, minlength=size)
        if self._function in ("sum", "average"):
            self._totals += np.bincount(groups, ranks, minlength=size).astype(np.int64)
        elif self._function != "count":
            fold = np.minimum if self._function == "minimum" else np.maximum
            fold.at(self._totals, groups, ranks.astype(np.int64))

    def feed(self, running: Any, number: int, rows: int) -> None:
        """Add what was found for a group to its aggregate."""
        if self._function == "count":
            running.add_count(rows if self._column is None else int(self._counts[number]))
            return
        count, total = int(self._counts[number]), int(self._totals[number])
        if not count:
            return
        before = self._column.least - 1
        if self._function in ("sum", "average"):
            running.add_total(self._value(total + count * before), count)
        else:
            running.step(self._value(total + before))

    def _value(self, units: int) -> int | Decimal:
        return units if self._scale < 0 else Decimal(units).scaleb(-self._scale)
