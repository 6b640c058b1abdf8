"""The first rows of an order that must be sorted for, without sorting: most rows are passed by with one comparison.

Some rows of all parts of the table are sorted first. So many are not behind the last of them, so whatever is behind it
in the first sort key is not among the first rows of all.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from kernel.tables.contract import Report
from kernel.tables.query import Query
from kernel.tables.sqlite.connection import Connections, Reader
from kernel.tables.sqlite.known import Used
from kernel.tables.sqlite.landmark import ends, is_in_row_order
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.part_row import MisfitError, part_row
from kernel.tables.sqlite.plan import Plan
from kernel.tables.sqlite.spread import Span, spread
from kernel.tables.sqlite.words import NotPlainError, expecting_plain

#: Places of the table where rows are sorted first, and rows of each.
_PLACES, _SAMPLES = 16, 2048
#: Row numbers of a part, and parts of a table up to which it is read in them.
_PART, _MOST_PARTS = 1 << 16, 20_000
#: Rows that are chosen among in one statement.
_CHUNK = 30_000


class _Bound(NamedTuple):
    """A condition that all of the first rows meet."""

    sql: str = "1"
    parameters: tuple[Any, ...] = ()


class Head:
    """The first rows of one query.

    Args:
        connections: For a second thread.
        reader: This thread's.
        plan_of: Makes the query's plan on a reader, with what is taken for plain.
        query: Which rows, in which order; it has sort keys.
        count: Rows wanted.
    """

    def __init__(self, connections: Connections, reader: Reader, plan_of: Callable[..., Plan], query: Query,
                 count: int) -> None:
        self._connections = connections
        self._reader = reader
        self._plan_of = plan_of
        self._query = query
        self._count = count
        #: What :meth:`rows` has found out: whether all texts of a column are ASCII.
        self.learned: dict[Used, bool] = {}

    def rows(self, plain: dict[Used, bool], unknown: Sequence[Used], report: Report) -> array[int]:
        """Their numbers.

        Args:
            plain: Columns taken for plain, or known not to be so.
            unknown: Those among them of which it is not known. When this ends well they are plain in all rows that are
                wanted, if the first sort key is one of them.
            report: Told the part that is done.

        Raises:
            NotPlainError: one of them is not.
        """
        least, greatest = ends(self._reader, self._plan_of(self._reader, plain)) or (0, -1)
        first = self._first_word()
        parts = _parts(least, greatest)
        try:
            if first is not None and parts and not self._query.filter.strip():
                return self._stored(plain, unknown, first, parts, report)
        except MisfitError:
            pass
        found = self._read(plain, unknown, first, (least, greatest), report)
        if not self._query.filter.strip() and first in unknown:
            self.learned = dict.fromkeys(unknown, True)
        return found

    def _stored(self, plain: dict[Used, bool], unknown: Sequence[Used], first: Used, parts: list[Span],
                report: Report) -> array[int]:
        """The first rows by the texts as they stand in the file; raises MisfitError where they are not to be had so."""
        from kernel.tables.sqlite.first_texts import FirstTexts  # numpy is only loaded for large tables
        from kernel.tables.sqlite.stored import find_places

        plan, sort = self._plan_of(self._reader, plain), self._query.sort[0]
        found = find_places(self._connections, self._reader, plan, [plan.sorted_term(sort).columns[0][0]])
        if found is None:
            raise MisfitError
        leaves, (place,) = found
        has_row_order = len(self._query.sort) == 1 and is_in_row_order(self._reader, plan)
        texts = FirstTexts(leaves, place, self._count, is_descending=sort.is_descending, has_row_order=has_row_order)
        spread(self._connections, self._reader, parts, lambda _reader, span: texts.read(span), report)
        if first in unknown and texts.is_plain:
            self.learned = {first: True}
        return self._chosen({**plain, **dict.fromkeys(unknown, False), **self.learned}, texts.numbers())

    def _read(self, plain: dict[Used, bool], unknown: Sequence[Used], first: Used | None, numbers: Span,
              report: Report) -> array[int]:
        """The first rows by SQL."""
        least, greatest = numbers
        bound = self._bound(plain, unknown, least, greatest)
        parts = _parts(least, greatest)
        if bound.sql != _Bound().sql and first in unknown and parts:
            try:
                return self._chosen(plain, self._candidates(plain, unknown, bound, parts, report))
            except MisfitError:
                pass
        bound = _Bound() if first in unknown else bound
        middle = (least + greatest) // 2

        def half(reader: Reader, span: Span) -> list[int]:
            return self._sorted(reader, plain, unknown, "BETWEEN ? AND ?", span, bound)

        found = spread(self._connections, self._reader, [(least, middle), (middle + 1, greatest)], half, report)
        return self._chosen(plain, [row for part in found for row in part])

    def _first_word(self) -> Used | None:
        """The first sort key, if it is a column of the table with texts of people."""
        term = self._plan_of(self._reader).sorted_term(self._query.sort[0])
        if term is None or not term.columns[0][1].is_worded or not term.columns[0][0].startswith("t0."):
            return None
        return term.table, term.names[0]

    def _sorted(self, reader: Reader, plain: dict[Used, bool], unknown: Sequence[Used], which: str,
                numbers: Sequence[int], bound: _Bound = _Bound()) -> list[int]:  # noqa: B008 it cannot be changed
        """The first ones of some rows."""
        plan = self._plan_of(reader, plain)
        where, parameters = plan.condition(self._query)
        order = plan.order(self._query)
        glue = f"{where} AND " if where else " WHERE "
        rowid = f"t0.{plan.shape.rowid}"
        with expecting_plain(reader.connection, [f"t0.{quote(column)}" for _, column in unknown]) as is_expected:
            sql = (f"SELECT {rowid} {plan.source_sql}{glue}{rowid} {which} AND {bound.sql} AND {is_expected}{order}"
                   f" LIMIT {self._count}")
            rows = reader.connection.execute(sql, [*parameters, *numbers, *bound.parameters])
            return [row[0] for row in rows]

    def _chosen(self, plain: dict[Used, bool], rows: list[int]) -> array[int]:
        """The first ones of rows by their numbers."""
        while True:
            chunks = [rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK)] or [[]]
            found = [self._sorted(self._reader, plain, (), f"IN ({', '.join('?' * len(chunk))})", chunk)
                     for chunk in chunks]
            if len(found) == 1:
                return array("q", found[0])
            rows = [row for part in found for row in part]

    def _bound(self, plain: dict[Used, bool], unknown: Sequence[Used], least: int, greatest: int) -> _Bound:
        """What the first rows meet, by those that are sorted first."""
        plan = self._plan_of(self._reader, plain)
        sort = self._query.sort[0]
        term = plan.sorted_term(sort)
        if term is None or len(term.columns) != 1 or not term.columns[0][0].startswith("t0."):
            return _Bound()
        ((sql, codec),) = term.columns
        if codec.is_worded and not plain.get((term.table, term.names[0])):
            return _Bound()
        some: list[int] = []
        for start in range(least, greatest + 1, max((greatest - least) // _PLACES, 1)):
            some += self._sorted(self._reader, plain, unknown, "BETWEEN ? AND ?", (start, start + _SAMPLES - 1))
        found = self._chosen(plain, list(dict.fromkeys(some)))
        if len(found) < self._count:
            return _Bound()
        last = self._reader.connection.execute(
            f"SELECT {sql} FROM {plan.table_sql} AS t0 WHERE t0.{plan.shape.rowid} = ?", (found[-1],)).fetchone()[0]
        if last is None:
            return _Bound() if sort.is_descending else _Bound(f"{sql} IS NULL")
        if not isinstance(last, str if codec.order else int | float):
            return _Bound()
        if sort.is_descending:
            return _Bound(f"{sql}{codec.order} >= ?", (last,))
        return _Bound(f"CASE WHEN {sql}{codec.order} > ? THEN 0 ELSE 1 END", (last,))  # 1 for null

    def _candidates(self, plain: dict[Used, bool], unknown: Sequence[Used], bound: _Bound, parts: list[Span],
                    report: Report) -> list[int]:
        """The rows within the bound, after a look whether all texts are plain."""
        statements: dict[int, tuple[str, list[Any]]] = {}

        def statement(reader: Reader) -> tuple[str, list[Any]]:
            plan = self._plan_of(reader, plain)
            where, parameters = plan.condition(self._query)
            plan.order(self._query)  # its joins
            rowid = f"t0.{plan.shape.rowid}"
            texts = ", ".join(f"group_concat(t0.{quote(column)})" for _, column in unknown)
            return (f"SELECT group_concat(CASE WHEN {bound.sql} THEN {rowid} END), {texts} {plan.source_sql}"
                    f"{f'{where} AND' if where else ' WHERE'} {rowid} BETWEEN ? AND ?"), parameters

        def read(reader: Reader, span: Span) -> bytes:
            if id(reader) not in statements:
                statements[id(reader)] = statement(reader)
            sql, parameters = statements[id(reader)]
            found, *texts = part_row(reader.connection, sql, [*bound.parameters, *parameters, *span])
            if any(text is not None and (not text.isascii() or b"\0" in text) for text in texts):
                raise NotPlainError
            return found or b""

        found = spread(self._connections, self._reader, parts, read, report)
        return [int(number) for part in found if part for number in part.split(b",")]


def _parts(least: int, greatest: int) -> list[Span]:
    """The row numbers in parts; none where they are too far apart for it."""
    if (greatest - least) // _PART >= _MOST_PARTS:
        return []
    return [(start, min(start + _PART - 1, greatest)) for start in range(least, greatest + 1, _PART)]
