"""Orders of large tables: the sort keys are read part by part as whole numbers, by two threads, and sorted by numpy.

Only for what it answers exactly: rows with a row number whose own order breaks ties. Everything else, and every column
that holds what its coding cannot express, is left to SQL.
"""

from __future__ import annotations

import contextlib
import logging
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from kernel.tables.contract import Report
from kernel.tables.query import Query
from kernel.tables.sqlite.codec import Codec
from kernel.tables.sqlite.coding import (
    Few,
    Many,
    MoreLettersError,
    Whole,
    WiderError,
    digits_of,
    with_letters,
)
from kernel.tables.sqlite.connection import Connections, Reader
from kernel.tables.sqlite.joined import key_words_of
from kernel.tables.sqlite.landmark import Landmarks
from kernel.tables.sqlite.listed import TooManyError
from kernel.tables.sqlite.mirror.column import Column, numbered
from kernel.tables.sqlite.mirror.find import ROW_NUMBER, Wanted, is_mirrored, keep, known_column, own_column
from kernel.tables.sqlite.mirror.text import Letters, TextColumn
from kernel.tables.sqlite.part_row import MisfitError, part_row
from kernel.tables.sqlite.plan import Plan
from kernel.tables.sqlite.ranking import ranked
from kernel.tables.sqlite.spread import Span, spread
from kernel.tables.sqlite.stop import check_interrupt
from kernel.tables.sqlite.stored import find_stored

log = logging.getLogger("espalier.tables")
#: Rows of a part; Python's lock is held for a millisecond or two where one is taken apart by Python.
PART = 1 << 15
#: Rows worked on at once where nothing is read.
_STRETCH = 1 << 17
#: Numbers are read as such up to about this one.
_MOST = 2**62
#: Bytes of codes held at once.
_MOST_BYTES = 240 << 20
#: Values looked at to tell whether a column repeats its texts.
_SAMPLES = 400
#: How often letters are looked for anew.
_MOST_TRIES = 4
Coding = Whole | Few | Many


class Scan:
    """The order of one query.

    Args:
        connections: Where the second thread takes its connection from.
        reader: This thread's.
        plan_of: Makes the query's plan on a reader.
        query: Its filter and its sort keys.
        landmarks: The table's.
    """

    def __init__(self, connections: Connections, reader: Reader, plan_of: Callable[[Reader], Plan], query: Query,
                 landmarks: Landmarks) -> None:
        self._connections = connections
        self._reader = reader
        self._plan_of = plan_of
        self._plan = plan = plan_of(reader)
        self._query = query
        self._landmarks = landmarks
        terms = [(plan.sorted_term(sort), sort.is_descending) for sort in query.sort]
        self._mirrored = [own_column(plan, term) for term, _ in terms]
        self._is_computed = any(term is None for term, _ in terms)
        self._columns = [(sql, codec, is_descending) for term, is_descending in terms if term
                         for sql, codec in term.columns]
        self._where = plan.condition(query)[0]
        self._first = landmarks.keys[0][0] if landmarks.keys else 0
        self._is_dense = (landmarks.is_counted and bool(landmarks.keys)
                          and landmarks.last - self._first + 1 == landmarks.count)

    def rows(self, report: Report) -> np.ndarray:
        """The numbers of all rows in the query's order.

        Raises:
            MisfitError: this way does not know the order.
        """
        if self._is_computed or len(self._columns) * self._landmarks.count * 8 > _MOST_BYTES:
            raise MisfitError
        found = self._from_mirror(report)
        if found is None and self._where and not self._query.sort:
            with contextlib.suppress(MisfitError):
                found = self._searched(report)
        return self._read(lambda codings: self._ordered(codings, report)) if found is None else found

    def _searched(self, report: Report) -> np.ndarray:
        from kernel.tables.sqlite.search import searched

        return searched(self._connections, self._reader, self._plan_of, self._query, self._landmarks, report)

    def first(self, count: int) -> np.ndarray | None:
        """The numbers of the first rows, when the mirror knows them."""
        if self._is_computed or not is_mirrored(self._landmarks):
            return None
        return self._by_mirror(lambda mirror: mirror.first(count))

    def mirror(self, wanted: Wanted) -> None:
        """Read and keep the column, which is the only one, as :mod:`kernel.tables.sqlite.mirror` has it.

        Raises:
            MisfitError: one of them does not fit.
        """
        if not self._columns and self._is_dense:
            raise MisfitError
        if not wanted.is_text:
            self._read(lambda codings: self._keep(codings, *self._all(codings, _silent)))
            return
        letters = Letters(self._columns[0][0])
        parts = self._parts([letters], _silent)
        keep(self._reader, self._plan_of(self._reader), wanted,
             lambda: TextColumn(letters, [places[0] for _, places in parts]))

    def coded(self, work: Callable[[list[Coding]], Any]) -> Any:
        """The answer of ``work`` for codings of the columns; it begins anew when they did not fit.

        Raises:
            MisfitError: there are none that do.
        """
        if self._is_computed:
            raise MisfitError
        return self._read(work)

    def read(self, codings: Sequence[Coding], put: Callable[[list[np.ndarray]], None], report: Report) -> None:
        """Have ``put`` called, by two threads, with the raw codes of each part that has rows."""
        self._parts(codings, report, lambda span, rows, codes: put(codes), has_numbers=False)

    def numbers(self, coding_of: Callable[[str], Coding], report: Report) -> list[np.ndarray]:
        """The numbers of rows at the places that the one column's coding tells instead of codes, part by part.

        Raises:
            MisfitError: it does not fit.
        """
        if self._is_computed:
            raise MisfitError
        codings = [coding_of(sql) for sql, _, _ in self._columns]

        def put(span: Span, rows: np.ndarray, codes: list[np.ndarray]) -> np.ndarray:
            return codes[0] + span[0] if self._has_own_numbers else rows[codes[0]]

        return [part for part in self._parts(codings, report, put) if part is not None]

    def are_stored(self, coding_of: Callable[[str], Coding]) -> bool:
        """Whether the one column's values can be taken from the file's pages, by a look at some parts."""
        if self._is_computed or self._where:
            return False
        codings = [coding_of(sql) for sql, _, _ in self._columns]
        stored = find_stored(self._connections, self._reader, self._plan, codings)
        return stored is not None and all(
            stored.codes(codings, *span, False) is not None for span in self._spans[:: max(len(self._spans) // 4, 1)])

    def _from_mirror(self, report: Report) -> np.ndarray | None:
        return self._by_mirror(lambda mirror: mirror.all(report)) if is_mirrored(self._landmarks) else None

    def _by_mirror(self, rows: Callable[[Any], np.ndarray]) -> np.ndarray | None:
        try:
            mirror = self._mirror()
            return None if mirror is None else rows(mirror)
        except OSError as error:
            log.warning("a mirror cannot be read, so the table itself is: %s", error)
            return None

    def _mirror(self) -> Any:
        if None in self._mirrored:
            return None
        from kernel.tables.sqlite.mirror.order import mirrored_order

        return mirrored_order(self._connections, self._reader, self._plan_of, self._query, self._landmarks,
                              self._mirrored)

    def _keep(self, codings: Sequence[Coding], rows: np.ndarray | None, columns: Sequence[np.ndarray]) -> None:
        """Mirror what was read of all rows."""
        for wanted, coding, codes in zip(self._mirrored, codings, columns, strict=True):
            if wanted is not None and not self._is_kept(wanted):
                keep(self._reader, self._plan_of(self._reader), wanted,
                     lambda coding=coding, codes=codes: Column(coding, _stretches(codes), len(codes)))
        if rows is not None and not self._is_kept(ROW_NUMBER):
            keep(self._reader, self._plan_of(self._reader), ROW_NUMBER, lambda: numbered(list(_stretches(rows))))

    def _is_kept(self, wanted: Wanted) -> bool:
        return known_column(self._reader, self._plan.shape.schema.name, wanted) is not None

    def _read(self, work: Callable[[list[Coding]], Any]) -> Any:
        """The answer of ``work`` for codings that all values of the columns fit."""
        codings = [self._coding(sql, codec) for sql, codec, _ in self._columns]
        for _ in range(_MOST_TRIES):
            try:
                return work(codings)
            except MoreLettersError as more:
                codings = [_wider(coding, more) for coding in codings]
            except WiderError as wider:
                codings = [_widest(coding) if wider.coding in (coding, None) else coding for coding in codings]
            except TooManyError:
                codings = [self._many(coding) for coding in codings]
        raise MisfitError

    def _ordered(self, codings: list[Coding], report: Report) -> np.ndarray:
        numbers, columns = self._all(codings, lambda part: report(part * 0.7))
        if not self._where and len(codings) == len(self._mirrored) and is_mirrored(self._landmarks):
            self._keep(codings, numbers, columns)
        if not codings:
            return numbers if numbers is not None else np.arange(self._first, self._first + self._landmarks.count)
        codes, size = self._combined(codings, columns)
        places = ranked(codes, size, lambda part: report(0.7 + part * 0.3))
        if numbers is None:
            return places if not self._first else _shifted(places, self._first)
        return numbers[places]

    def _all(self, codings: Sequence[Coding], report: Report) -> tuple[np.ndarray | None, list[np.ndarray]]:
        """The rows' numbers, None where they follow from the places; and the raw codes of each column."""
        if self._where:
            parts = self._parts(codings, report)
            return (np.concatenate([rows for rows, _ in parts] or [_none()]),
                    [np.concatenate([codes[index] for _, codes in parts] or [np.empty(0, np.uint64)])
                     for index in range(len(codings))])
        count = self._landmarks.count
        numbers = None if self._has_own_numbers else np.empty(count, np.int64)
        columns = [np.empty(count, np.uint64) for _ in codings]
        starts = {span[0]: index * self._landmarks.rows(PART) for index, span in enumerate(self._spans)}

        def put(span: Span, rows: np.ndarray, codes: list[np.ndarray]) -> None:
            start = starts[span[0]]
            for column, own in zip(columns, codes, strict=True):
                column[start : start + len(own)] = own
            if numbers is not None:
                numbers[start : start + len(rows)] = rows

        self._parts(codings, report, put)
        return numbers, columns

    @property
    def _has_own_numbers(self) -> bool:
        """Whether a row's number follows from its place."""
        return self._is_dense and not self._where

    @property
    def _spans(self) -> list[Span]:
        return self._landmarks.spans(PART)

    def _parts(self, codings: Sequence[Coding], report: Report,
               put: Callable[[Span, np.ndarray, list[np.ndarray]], None] | None = None,
               has_numbers: bool = True) -> list[Any]:
        """The row numbers and the raw codes of each part, in their order, or what ``put`` makes of them."""
        nulls = " + ".join(coding.null_sql for coding in codings) or "0"
        selected = ["count(*)", f"sum({nulls})", *(coding.sql for coding in codings)]
        has_numbers = has_numbers and not self._has_own_numbers
        if has_numbers:
            selected.append(f"group_concat(t0.{self._plan.shape.rowid})")
        statements: dict[int, tuple[str, list[Any]]] = {}
        stored = None if self._where else find_stored(self._connections, self._reader, self._plan, codings)

        def statement(reader: Reader) -> tuple[str, list[Any]]:
            plan = self._plan_of(reader)
            for sort in self._query.sort:
                plan.sorted_term(sort)  # the joins
            where, parameters = plan.condition(self._query)
            rowid = f"t0.{plan.shape.rowid}"
            return (f"SELECT {', '.join(selected)} {_table(plan)}{f'{where} AND' if where else ' WHERE'}"
                    f" {rowid} BETWEEN ? AND ?"), parameters

        def read(reader: Reader, span: Span) -> Any:
            found = None if stored is None else stored.codes(codings, *span, has_numbers)
            rows, codes = by_sql(reader, span) if found is None else found
            if put is None:
                return rows, codes
            return put(span, rows, codes) if len(codes[0] if codes else rows) else None

        def by_sql(reader: Reader, span: Span) -> tuple[np.ndarray, list[np.ndarray]]:
            if id(reader) not in statements:
                statements[id(reader)] = statement(reader)
            sql, parameters = statements[id(reader)]
            count, nulls, *texts = part_row(reader.connection, sql, [*parameters, *span])
            if not count:
                return _none(), [np.empty(0, np.uint64) for _ in codings]
            rows = np.fromstring(texts.pop(), dtype=np.int64, sep=",") if has_numbers else _none()
            coded = [coding.codes(text, count) for coding, text in zip(codings, texts, strict=True)]
            if sum(alike for _, alike in coded) != nulls:  # there are other values among them
                raise _misfit(codings)
            return rows, [one for one, _ in coded]

        return spread(self._connections, self._reader, self._spans, read, report)

    def _combined(self, codings: Sequence[Coding], columns: list[np.ndarray]) -> tuple[np.ndarray, int]:
        """One code of all columns, the first most important, and how many there may be; overwrites the columns."""
        sizes = [coding.size() for coding in codings]
        size = math.prod(sizes)
        if size >= 2**64:
            raise MisfitError
        whole = columns[0]
        for start in range(0, len(whole), _STRETCH):
            check_interrupt()
            target = whole[start : start + _STRETCH]
            for place, (coding, own, column) in enumerate(zip(codings, sizes, columns, strict=True)):
                codes = coding.final(column[start : start + _STRETCH])
                if self._columns[place][2]:
                    codes = np.uint64(own - 1) - codes
                if place:
                    target *= np.uint64(own)
                    target += codes
                elif codes is not target:
                    target[:] = codes
        return whole, size

    def _coding(self, sql: str, codec: Codec) -> Coding:
        found = self._reader.connection.execute(
            f"SELECT {sql} {_table(self._plan)} WHERE {sql} IS NOT NULL LIMIT {_SAMPLES}").fetchall()
        values = {value for (value,) in found}
        value = found[0][0] if found else 0
        if isinstance(value, int | float):
            digits = digits_of(codec, value)
            return Whole(sql, digits, self._greatest(f"abs({sql} * {10**digits}.0)"))
        if not isinstance(value, str) or not codec.order:
            raise MisfitError
        few = Few(sql, codec.is_worded)
        return few if len(values) <= len(found) // 2 or len(found) < _SAMPLES else self._many(few)

    def _greatest(self, sql: str) -> int | None:
        """The greatest number of a few parts; None when it is no usual one."""
        found = [most for _, most in self._sampled(f"max({sql})")]
        numbers = [value for value in found if isinstance(value, float)]
        return int(max(numbers, default=0)) if all(number < _MOST for number in numbers) else None

    def _many(self, coding: Coding) -> Coding:
        """A coding of texts by their letters, with those of a few parts as a start."""
        if not isinstance(coding, Few):
            return coding
        letters = None
        for count, texts in self._sampled(coding.sql):
            letters = with_letters(letters, key_words_of(coding.joined(texts, count)[0], count))
        return Many(coding.column, coding.is_worded, letters)

    def _sampled(self, sql: str) -> Iterator[tuple[int, Any]]:
        """The count and what is selected of each of a few parts of the table that have rows."""
        spans = self._landmarks.spans(min(PART, 4096))
        for span in spans[:: max(len(spans) // 8, 1)]:
            count, found = part_row(self._reader.connection, f"SELECT count(*), {sql} {_table(self._plan)}"
                                    f" WHERE t0.{self._plan.shape.rowid} BETWEEN ? AND ?", span)
            if count:
                yield count, found


def _silent(part: float) -> None:
    """Take a report of progress and say nothing."""


def _stretches(values: np.ndarray) -> Iterator[np.ndarray]:
    """The values piece by piece."""
    return (values[start : start + _STRETCH] for start in range(0, len(values), _STRETCH))


def _wider(coding: Coding, more: MoreLettersError) -> Coding:
    if not isinstance(coding, Many) or coding is not more.coding:
        return coding
    return Many(coding.column, coding.is_worded, with_letters(coding.letters, more.words))


def _widest(coding: Coding) -> Coding:
    return Whole(coding.column, coding.digits) if isinstance(coding, Whole) else coding


def _misfit(codings: Sequence[Coding]) -> Exception:
    """Why there are other values: numbers in a width may look like null."""
    return WiderError(None) if any(isinstance(coding, Whole) and coding.width for coding in codings) else MisfitError()


def _table(plan: Plan) -> str:
    """FROM with the joins, in the order of row numbers."""
    name = f"FROM {plan.table_sql} AS t0"
    return plan.source_sql.replace(name, f"{name} NOT INDEXED", 1)


def _shifted(places: np.ndarray, first: int) -> np.ndarray:
    if first + len(places) < 2**32 and first > 0:
        places += np.uint32(first)
        return places
    return places.astype(np.int64) + first


def _none() -> np.ndarray:
    return np.empty(0, np.int64)
