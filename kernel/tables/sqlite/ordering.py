"""The row numbers of a query in its order: all of them, or the first ones, in the quickest way that is exact."""

from __future__ import annotations

import datetime
import time
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from kernel.tables import mirroring
from kernel.tables.contract import Report
from kernel.tables.momentary import follows_clock, follows_now, holds_for
from kernel.tables.query import Query
from kernel.tables.sqlite.connection import Connections, Reader
from kernel.tables.sqlite.head import Head
from kernel.tables.sqlite.known import Kept, Used
from kernel.tables.sqlite.landmark import Landmarks, ends, find_landmarks, is_in_row_order, known_landmarks
from kernel.tables.sqlite.part_row import MisfitError
from kernel.tables.sqlite.plan import Plan
from kernel.tables.sqlite.stop import LOOK_STEPS, watched
from kernel.tables.sqlite.words import NotPlainError

#: Rows of a table from which on it is read by two threads and sorted by numpy.
MANY_ROWS = 100_000
#: Rows from the start that are read without knowing the order, where an index has it or the table is small.
NEAR = 2_000
#: Rows from the start that are looked for first where all must be sorted.
HEAD = 256
#: Steps of SQLite's machine for each row of a sort, about.
_STEPS_A_ROW = 30

#: Reader, and what is taken for plain where it differs from what is known → the query's plan on it.
PlanOf = Callable[..., Plan]


def name_of(table: str, query: Query) -> str:
    """What the order of a query is kept under; columns make no difference, the day does where it is asked for."""
    today = datetime.date.today() if any(map(follows_clock, _texts(query))) else None
    return repr((table, query.filter, query.parameters, query.sort, query.keys, query.computed, today))


def is_momentary(query: Query) -> bool:
    """Whether the answer may be another one in the next second."""
    return any(map(follows_now, _texts(query)))


def held_until(query: Query, begun: float) -> float | None:
    """When an answer that was begun then holds no more, by :func:`time.monotonic`; None where no moment counts."""
    now = time.monotonic()
    return now + holds_for(now - begun) if is_momentary(query) else None


def _texts(query: Query) -> tuple[str, ...]:
    """All expressions of a query."""
    return (query.filter, *query.computed.values(), *query.group, *(aggregate.of for aggregate in query.aggregates))


class Ordering:
    """Finds orders for one call.

    Args:
        connections: For a second thread.
        reader: This thread's.
        plan_of: Makes the query's plan on a reader.
        query: Which rows, in which order.
    """

    def __init__(self, connections: Connections, reader: Reader, plan_of: PlanOf, query: Query) -> None:
        self._connections = connections
        self._reader = reader
        self._plan_of = plan_of
        self._query = query
        self._plan = plan_of(reader)
        self._name = name_of(self._plan.shape.schema.name, query)

    def known(self) -> Any:
        """The order, if it is known."""
        return self._reader.known.find(self._name)

    def whole(self, report: Report = lambda part: None) -> Any:
        """The numbers of all rows: an array, or one of numpy."""
        return self._reader.known.once(self._name, self._made, report)

    def page(self, start: int, stop: int) -> Sequence[int] | None:
        """The numbers of a page's rows; None when SQL reads the page as it is in no more time."""
        order = self.known()
        if order is None and self._has_head():
            head = self._reader.known.once(f"head {self._name}", self._head) if stop <= HEAD else None
            order = self.whole() if head is None else head
        elif order is None and start >= NEAR:
            order = self.whole()
        return None if order is None else order[start:stop].tolist()

    def _has_head(self) -> bool:
        """Whether all rows of a large table must be looked at even for the first page."""
        if not self._query.sort or self._query.keys is not None or is_momentary(self._query):
            return False
        found = ends(self._reader, self._plan)
        return found is not None and found[1] - found[0] + 1 >= MANY_ROWS and self._must_sort()

    def _made(self, report: Report) -> Kept:
        begun = time.monotonic()
        landmarks = self._leaf_marks() or find_landmarks(self._reader, self._plan)
        count = landmarks.count if landmarks is not None else 0
        found = None
        if landmarks is not None and count >= MANY_ROWS and self._query.keys is None:
            found = self._scanned(landmarks, report)
        if found is None:
            found = self._by_sql(count, report)
        return Kept(found, len(found) * found.itemsize, self._used(), held_until(self._query, begun))

    def _leaf_marks(self) -> Landmarks | None:
        """Parts of a large table whose rows are filtered, which need no count."""
        found = ends(self._reader, self._plan)
        if found is None or found[1] - found[0] + 1 < MANY_ROWS or self._query.keys is not None:
            return None
        if not self._plan_of(self._reader).condition(self._query)[0]:
            return None
        from kernel.tables.sqlite.leaf_mark import leaf_marks

        return leaf_marks(self._connections, self._reader, self._plan)

    def _scanned(self, landmarks: Landmarks, report: Report) -> Any:
        if not self._is_scannable():
            return None
        from kernel.tables.sqlite.scan import Scan  # numpy is only loaded for large tables

        try:
            return Scan(self._connections, self._reader, self._plan_of, self._query, landmarks).rows(report)
        except MisfitError:
            return None

    def _first_mirrored(self) -> Any:
        """The first rows, when the mirror knows them."""
        landmarks = known_landmarks(self._reader, self._plan) if mirroring.folder is not None else None
        if landmarks is None or not self._is_scannable():
            return None
        from kernel.tables.sqlite.scan import Scan

        return Scan(self._connections, self._reader, self._plan_of, self._query, landmarks).first(HEAD)

    def _is_scannable(self) -> bool:
        """Whether all rows must be looked at, and their own order breaks ties."""
        is_large_search = self._access().startswith("SEARCH") or " USING " in self._access()
        return not is_large_search and is_in_row_order(self._reader, self._plan)

    def _by_sql(self, count: int, report: Report) -> array[int]:
        where, parameters = self._plan.condition(self._query)
        order = self._plan.order(self._query)
        steps = max(count * _STEPS_A_ROW, LOOK_STEPS)
        with watched(self._reader.connection, lambda looks: report(min(looks * LOOK_STEPS / steps, 0.99))):
            rows = self._reader.connection.execute(
                f"SELECT t0.{self._plan.shape.rowid} {self._plan.source_sql}{where}{order}", parameters)
            return array("q", (row[0] for row in rows))

    def _used(self) -> frozenset[Used] | None:
        """The columns that the order follows from."""
        plan = self._plan_of(self._reader)
        plan.condition(self._query)
        for sort in self._query.sort:  # not the order itself, which wants to know whether texts are plain
            if plan.sorted_term(sort) is None:
                plan.computed(sort.column)
        return plan.used()

    def _must_sort(self) -> bool:
        return any("TEMP B-TREE" in step for step in self._steps())

    def _access(self) -> str:
        """How SQLite reads the table for this query."""
        return next((step for step in self._steps() if step[:4] in ("SCAN", "SEAR")), "")

    def _steps(self) -> list[str]:
        plain = {(self._plan.shape.schema.name, column.name): True for column in self._plan.shape.schema.columns}
        plan = self._plan_of(self._reader, {**plain, **self._reader.known.plain})
        where, parameters = plan.condition(self._query)
        order = plan.order(self._query)
        sql = f"EXPLAIN QUERY PLAN SELECT t0.{plan.shape.rowid} {plan.source_sql}{where}{order}"
        return [row[3] for row in self._reader.connection.execute(sql, parameters)]

    def _head(self, report: Report) -> Kept:
        """The first rows. Texts are taken for ASCII until one is met that is not."""
        mirrored = self._first_mirrored()
        if mirrored is not None:
            return Kept(mirrored, mirrored.nbytes, self._used())
        unknown = self._unknown_words()
        known = self._reader.known.plain
        head = Head(self._connections, self._reader, self._plan_of, self._query, HEAD)
        try:
            found = head.rows({**known, **dict.fromkeys(unknown, True)}, unknown, report)
            known.update(head.learned)
        except NotPlainError:
            landmarks = find_landmarks(self._reader, self._plan)
            # The whole order takes hardly longer than what SQL would do for the first rows.
            whole = self._scanned(landmarks, report) if landmarks is not None else None
            if whole is not None:
                self._reader.known.keep(self._name, Kept(whole, whole.nbytes, self._used()))
                return Kept(whole[:HEAD].copy(), HEAD * 8, self._used())
            found = head.rows({**known, **dict.fromkeys(unknown, False)}, [], report)
        return Kept(found, len(found) * 8, self._used())

    def _unknown_words(self) -> list[Used]:
        """Own text columns of the sort keys of which it is not known whether they are ASCII."""
        words = [((term.table, one), sql) for term in map(self._plan.sorted_term, self._query.sort) if term is not None
                 for one, (sql, codec) in zip(term.names, term.columns, strict=True) if codec.is_worded]
        joined = {column for column, sql in words if not sql.startswith("t0.")}  # of other rows than are looked at
        return [column for column in dict.fromkeys(column for column, _ in words)
                if column not in joined and column not in self._reader.known.plain]


def place_in(order: Any, row: int) -> int | None:
    """The position of a row's number in an order."""
    if isinstance(order, array):
        try:
            return order.index(row)
        except ValueError:
            return None
    found = (order == row).nonzero()[0]
    return int(found[0]) if len(found) else None
