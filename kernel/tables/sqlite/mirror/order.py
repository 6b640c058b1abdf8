"""Orders from mirrored columns: all rows, or the first ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kernel.tables.contract import Report
from kernel.tables.query import Query
from kernel.tables.sqlite.mirror.column import STRETCH, Column
from kernel.tables.sqlite.mirror.filter import matching
from kernel.tables.sqlite.mirror.find import ROW_NUMBER, PlanOf, Wanted, columns
from kernel.tables.sqlite.ranking import ranked
from kernel.tables.sqlite.stop import check_interrupt

if TYPE_CHECKING:
    from kernel.tables.sqlite.connection import Connections, Reader
    from kernel.tables.sqlite.landmark import Landmarks


def mirrored_order(connections: Connections, reader: Reader, plan_of: PlanOf, query: Query, landmarks: Landmarks,
                   wanted: Sequence[Wanted]) -> Mirrored | None:
    """The order of a query whose sort keys are these columns; None when the mirror does not have it, or not yet."""
    if not wanted and not query.filter.strip():
        return None
    first = landmarks.keys[0][0] if landmarks.keys else 0
    is_dense = bool(landmarks.keys) and landmarks.last - first + 1 == landmarks.count
    found = columns(connections, reader, plan_of, [*wanted, *([] if is_dense else [ROW_NUMBER])])
    if found is None:
        return None
    chosen = None
    if query.filter.strip():
        chosen = matching(connections, reader, plan_of, query, landmarks.count)
        if chosen is None:
            return None
    keys = [(column, sort.is_descending) for column, sort in zip(found, query.sort, strict=False)]
    if math.prod(column.size for column, _ in keys) >= 2**64:
        return None
    return Mirrored(keys, None if is_dense else found[-1], first, landmarks.count, chosen)


class Mirrored:
    """The order of one query.

    Args:
        keys: The columns to sort by, and whether downwards, the first most important.
        numbers: The rows' numbers; None: they follow from the place.
        first: The first row's number.
        count: Rows of the table.
        chosen: For each row whether it is wanted; None: all are.
    """

    def __init__(self, keys: Sequence[tuple[Column, bool]], numbers: Column | None, first: int, count: int,
                 chosen: np.ndarray | None) -> None:
        self._keys = keys
        self._numbers = numbers
        self._first = first
        self._count = count
        self._chosen = chosen

    def all(self, report: Report) -> np.ndarray:
        """The numbers of all rows."""
        places = None if self._chosen is None else self._chosen_places()
        count = self._count if places is None else len(places)
        if self._keys:
            codes = np.empty(count, np.uint64)
            done = 0
            for start in range(0, self._count, STRETCH):
                part = self._codes(start)
                codes[done : done + len(part)] = part
                done += len(part)
                report(0.2 * start / self._count)
            size = math.prod(column.size for column, _ in self._keys)
            order = ranked(codes, size, lambda part: report(0.2 + part * 0.8))
            del codes
            places = order if places is None else places[order]
        return self._rows(places)

    def first(self, count: int) -> np.ndarray:
        """The numbers of the first rows."""
        codes, places = np.empty(0, np.uint64), np.empty(0, np.int64)
        for start in range(0, self._count, STRETCH):
            part = self._codes(start)
            if self._chosen is None:
                own = np.arange(start, start + len(part))
            else:
                own = start + np.flatnonzero(self._chosen[start : start + STRETCH])
            if len(codes) == count:
                near = np.flatnonzero(part < codes[-1])  # an equal one comes behind
                part, own = part[near], own[near]
            codes, places = np.concatenate([codes, part]), np.concatenate([places, own])
            order = np.argsort(codes, kind="stable")[:count]
            codes, places = codes[order], places[order]
        return self._rows(places)

    def _chosen_places(self) -> np.ndarray:
        kind = np.uint32 if self._count < 2**32 else np.int64
        parts = [(np.flatnonzero(self._chosen[start : start + STRETCH]) + start).astype(kind)
                 for start in range(0, self._count, STRETCH)]
        return np.concatenate(parts or [np.empty(0, kind)])

    def _codes(self, start: int) -> np.ndarray:
        """One code of all keys, of the wanted rows of a stretch."""
        check_interrupt()
        codes = np.zeros(min(STRETCH, self._count - start), np.uint64)
        for column, is_descending in self._keys:
            ranks = column.ranks(start, start + STRETCH)
            codes *= np.uint64(column.size)
            codes += np.uint64(column.size - 1) - ranks if is_descending else ranks
        return codes if self._chosen is None else codes[self._chosen[start : start + STRETCH]]

    def _rows(self, places: np.ndarray) -> np.ndarray:
        if self._numbers is not None:
            numbers = np.empty(self._count, np.int64)
            for start in range(0, self._count, STRETCH):
                check_interrupt()
                numbers[start : start + STRETCH] = self._numbers.whole(start, start + STRETCH)
            return numbers[places]
        if self._first >= 0 and self._first + self._count < 2**32:
            places = places.astype(np.uint32, copy=False)
            places += np.uint32(self._first)
            return places
        return places.astype(np.int64) + self._first
