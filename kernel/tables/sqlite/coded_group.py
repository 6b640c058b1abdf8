"""Groups of a large table by numpy: keys and numbers are read part by part as whole numbers, by two threads.

Only for what it answers exactly: keys that are columns and repeat, counts, and sums and extremes of whole numbers and
fixed-point decimals. Everything else is left to SQL.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from kernel.tables.aggregate import accumulator
from kernel.tables.contract import Report
from kernel.tables.query import Query, Sort
from kernel.tables.sqlite.coding import Few, Whole
from kernel.tables.sqlite.exact import MOST_UNITS, ExactAggregate, exact_aggregate
from kernel.tables.sqlite.part_row import MisfitError
from kernel.tables.sqlite.scan import Coding, Scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.tables.sqlite.codec import Codec
    from kernel.tables.sqlite.connection import Connections, Reader
    from kernel.tables.sqlite.group import Running
    from kernel.tables.sqlite.landmark import Landmarks
    from kernel.tables.sqlite.plan import Plan

#: Groups of one part, and numbers that their keys may be told apart by there.
_MOST_GROUPS, _MOST_NUMBERS = 3_000, 1 << 17
#: Floats below it hold every whole number exactly.
_EXACT = 2**53


def coded_groups(connections: Connections, reader: Reader, plan_of: Callable[[Reader], Plan], query: Query,
                 landmarks: Landmarks, report: Report) -> list[Running] | None:
    """The groups in no order; None when they are not told exactly this way."""
    plan = plan_of(reader)
    exact = [exact_aggregate(one, plan.column(one.of) if one.of else None, True) for one in query.aggregates]
    of = [one.of for one in query.aggregates]
    names = list(dict.fromkeys([*query.group, *filter(None, of)]))
    columns = [plan.column(name) for name in names]
    if not names or None in exact or None in columns:
        return None
    codecs = {name: column[1] for name, column in zip(names, columns, strict=True)}
    if any(name and codecs[name].scale is None for name in of):
        return None
    scan = Scan(connections, reader, plan_of, _as_order(query, names), landmarks)

    def grouped(codings: list[Coding]) -> list[Running]:
        groups = _Groups(dict(zip(names, codings, strict=True)), codecs, query, exact)
        scan.read(codings, groups.add, report)
        return groups.all()

    try:
        return scan.coded(grouped)
    except MisfitError:
        return None


def _as_order(query: Query, names: Sequence[str]) -> Query:
    """A query that is sorted by these columns, for reading them."""
    return msgspec.structs.replace(query, group=(), aggregates=(), sort=tuple(map(Sort, names)))


class _Groups:
    """Groups as they are met in the parts, from several threads."""

    def __init__(self, codings: dict[str, Coding], codecs: dict[str, Codec], query: Query,
                 exact: list[ExactAggregate]) -> None:
        self._codings = codings
        self._codecs = codecs
        self._query = query
        self._exact = exact
        self._names = list(codings)
        self._lock = threading.Lock()
        #: Key as numbers → rows, and (values, total) of each aggregate.
        self._found: dict[tuple[int | None, ...], tuple[int, list[tuple[int, int]]]] = {}
        for name in query.group:
            _check_key(codings[name], codecs[name])
        for aggregate in query.aggregates:
            if aggregate.of:
                _check_number(codings[aggregate.of], codecs[aggregate.of])

    def add(self, codes: list[np.ndarray]) -> None:
        """Add a part."""
        by_name = dict(zip(self._names, codes, strict=True))
        count = len(codes[0])
        groups, sizes, leasts = np.zeros(count, np.intp), [], []
        for name in self._query.group:
            numbers, size, least = _numbered(self._codings[name], by_name[name])
            sizes.append(size)
            leasts.append(least)
            if math.prod(sizes) > _MOST_NUMBERS:
                raise MisfitError
            groups *= size
            groups += numbers
        size = math.prod(sizes)
        counts = np.bincount(groups, minlength=size)
        there = np.flatnonzero(counts)
        if len(there) > _MOST_GROUPS:
            raise MisfitError
        folded = [self._folded(aggregate.function, self._codings[aggregate.of], by_name[aggregate.of], groups, size)
                  if aggregate.of else (counts, counts) for aggregate in self._query.aggregates]
        keys = zip(*_keys(there, sizes, leasts), strict=True) if sizes else [()] * len(there)
        values = [list(zip(one[there].tolist(), total[there].tolist(), strict=True)) for one, total in folded]
        with self._lock:
            for place, (key, rows) in enumerate(zip(keys, counts[there].tolist(), strict=True)):
                self._join(key, rows, [one[place] for one in values])

    def all(self) -> list[Running]:
        """The groups by their values; those whose values are equal become one."""
        groups: dict[Any, Running] = {}
        values = [_decoder(self._codings[name], self._codecs[name]) for name in self._query.group]
        functions = [aggregate.function for aggregate in self._query.aggregates]
        if not values:
            groups[()] = (), [accumulator(function) for function in functions]
        for numbers, (_, folded) in self._found.items():
            key = tuple(value(number) for value, number in zip(values, numbers, strict=True))
            if key not in groups:
                groups[key] = key, [accumulator(function) for function in functions]
            for one, (count, total), running in zip(self._exact, folded, groups[key][1], strict=True):
                if one.function == "count":
                    running.add_count(count)
                elif count:
                    one.feed(running, (0, total) if one.function in _EXTREMES else (0, count, None, total))
        return list(groups.values())

    def _folded(self, function: str, coding: Coding, codes: np.ndarray, groups: np.ndarray,
                size: int) -> tuple[np.ndarray, np.ndarray]:
        """How many values each group has, and their sum or extreme."""
        furthest = max(abs(coding.least), abs(coding.greatest))
        if coding.digits and furthest > MOST_UNITS:
            raise MisfitError
        values = codes.view(np.int64)
        nothing = coding.nothing(codes)
        if nothing.any():
            groups, values = groups[~nothing], values[~nothing]
        counts = np.bincount(groups, minlength=size)
        if function in _EXTREMES:
            totals = np.full(size, coding.greatest if function == "minimum" else coding.least)
            (np.minimum if function == "minimum" else np.maximum).at(totals, groups, values)
            return counts, totals
        if furthest * len(codes) >= _EXACT:
            raise MisfitError
        return counts, np.bincount(groups, values, minlength=size).astype(np.int64)

    def _join(self, key: tuple[int | None, ...], rows: int, folded: list[tuple[int, int]]) -> None:
        before = self._found.get(key)
        if before is not None:
            rows += before[0]
            folded = [_joined(one.function, old, new)
                      for one, old, new in zip(self._exact, before[1], folded, strict=True)]
        self._found[key] = rows, folded


_EXTREMES = {"minimum": min, "maximum": max}


def _joined(function: str, old: tuple[int, int], new: tuple[int, int]) -> tuple[int, int]:
    if not old[0] or not new[0]:
        return old if old[0] else new
    extreme = _EXTREMES.get(function)
    return old[0] + new[0], extreme(old[1], new[1]) if extreme else old[1] + new[1]


def _check_key(coding: Coding, codec: Codec) -> None:
    """Refuse a column whose values do not follow from its numbers."""
    if isinstance(coding, Whole):
        if coding.digits and coding.digits != codec.scale:
            raise MisfitError
    elif not isinstance(coding, Few):
        raise MisfitError


def _check_number(coding: Coding, codec: Codec) -> None:
    if not isinstance(coding, Whole) or coding.digits != max(codec.scale or 0, 0):
        raise MisfitError


def _numbered(coding: Coding, codes: np.ndarray) -> tuple[np.ndarray, int, int | None]:
    """Small numbers of a part's keys, how many there may be, and what to add where 0 is null; None where it is not."""
    if not isinstance(coding, Whole):
        return codes.view(np.int64), int(codes.max()) + 1, None
    values, nothing = codes.view(np.int64), coding.nothing(codes)
    there = values[~nothing]
    least = int(there.min()) - 1 if len(there) else 0
    size = int(there.max()) - least + 1 if len(there) else 1
    if size > _MOST_NUMBERS:
        raise MisfitError
    return np.where(nothing, 0, values - least), size, least


def _keys(there: np.ndarray, sizes: list[int], leasts: list[int | None]) -> list[list[int | None]]:
    """The keys that the numbers of groups stand for, by column."""
    found: list[list[int | None]] = []
    for size, least in zip(reversed(sizes), reversed(leasts), strict=True):
        there, rest = np.divmod(there, size)
        numbers = rest.tolist()
        found.insert(0, numbers if least is None else [number + least if number else None for number in numbers])
    return found


def _decoder(coding: Coding, codec: Codec) -> Callable[[int | None], Any]:
    """What makes a key's value of its number."""
    if isinstance(coding, Few):
        values = [codec.decode(text) for text in coding.texts]
        return values.__getitem__
    power = 10**coding.digits if coding.digits else 0

    def value(number: int | None) -> Any:
        return codec.decode(number / power if power and number is not None else number)

    return value
