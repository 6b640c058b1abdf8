"""Rows of a large table whose column contains a text: parts are searched as a whole, by two threads.

Where nearly all texts are ASCII, SQLite sifts them (``sifting``); else it writes them one after the other, and Python
looks into the whole.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from kernel.expression.rebuilt import rebuilt
from kernel.tables.contract import Report
from kernel.tables.query import Query, Sort
from kernel.tables.sqlite.coding import Texts
from kernel.tables.sqlite.joined import BORDER, places_in
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.part_row import MisfitError
from kernel.tables.sqlite.sifting import may_sift, meets_letters, sifted

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.tables.sqlite.cells import Cells, Values
    from kernel.tables.sqlite.codec import Codec
    from kernel.tables.sqlite.connection import Connections, Reader
    from kernel.tables.sqlite.landmark import Landmarks
    from kernel.tables.sqlite.plan import Plan

#: Texts that are folded at once where they are not ASCII: Python's lock is held meanwhile.
_FOLDED = 4096
#: Bytes that are looked through at once, so that they stay near the processor, and those that tell which are rare.
_LOOKED, _SAMPLE = 1 << 18, 1 << 15
#: The bit by which small letters differ from large ones.
_SMALL = np.uint8(0x20)


def searched(connections: Connections, reader: Reader, plan_of: Callable[[Reader], Plan], query: Query,
             landmarks: Landmarks, report: Report) -> np.ndarray:
    """The numbers of the rows, in their own order.

    Raises:
        MisfitError: the filter is another one, or the column has values that are no texts.
    """
    from kernel.tables.sqlite.scan import Scan

    plan = plan_of(reader)
    node = plan.filter(query).tree
    column = own_column_read(plan, plan.evaluator(rebuilt(node))[0])
    text = column and sought_text(plan, node, column[1])
    if not column or not text:
        raise MisfitError
    reading = msgspec.structs.replace(query, filter="", sort=(Sort(column[0]),))
    scan = Scan(connections, reader, plan_of, reading, landmarks)
    is_stored = scan.are_stored(lambda sql: Search(sql, text))
    if not is_stored and may_sift(plan, reader, landmarks, column[0], text):
        return sifted(connections, reader, plan_of, reading, landmarks, text, report)
    found = scan.numbers(lambda sql: Search(sql, text), report)
    return np.concatenate(found or [np.empty(0, np.int64)])


def own_column_read(plan: Plan, read: Sequence[tuple[str, Codec]]) -> tuple[str, Codec] | None:
    """Name and codec of the one column of the table itself that is read."""
    if len(read) != 1:
        return None
    sql, codec = read[0]
    names = (column.name for column in plan.shape.schema.columns)
    return next(((name, codec) for name in names if sql == f"t0.{quote(name)}"), None)


def sought_text(plan: Plan, node: ast.expr, codec: Codec) -> str | None:
    """The text that is looked for in a column of texts, in small letters."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or getattr(node.ops[0], "word", "") != "contains":
        return None
    if not codec.is_worded or not getattr(node.left, "path", ""):
        return None
    read, value = plan.evaluator(rebuilt(node.comparators[0]))
    text = None if read else value(())
    return text.casefold() if isinstance(text, str) and text.casefold() and text.isprintable() else None


class Search(Texts):
    """Tells which texts of a part contain another one, which is not empty and in small letters."""

    def __init__(self, sql: str, text: str) -> None:
        super().__init__(sql, True)
        self._text = text.encode()
        self._find = re.compile(re.escape(self._text)).finditer
        self.takes_stored = text.isascii() and not meets_letters(text)

    def stored_codes(self, values: Values) -> np.ndarray:
        """The same of texts as they stand in the file's pages, which may hold any letters.

        Raises:
            MisfitError: there are other values among them; SQL tells what they are.
        """
        self.check_stored(values)
        return self._rows(values, places_of(self._text, values.bytes_))

    def stored_rows(self, cells: Cells, place: int) -> np.ndarray:
        """The same, where values that are no texts are found as such, or cannot be there: only rows near hits are read.

        Raises:
            MisfitError: as :meth:`stored_codes`.
        """
        rows, near = cells.near(hits := places_of(self._text, cells.bytes_))
        if not len(rows):
            return rows
        values = near.column(place)
        self.check_stored(values)
        return rows[self._rows(values, hits)]

    def _rows(self, values: Values, hits: np.ndarray) -> np.ndarray:
        if not len(hits):
            return hits
        order = np.argsort(values.starts)
        rows = order[np.searchsorted(values.starts[order], hits, "right") - 1]
        starts = values.starts[rows]
        is_inside = (hits >= starts) & (hits + len(self._text) <= starts + values.sizes[rows])
        is_found = np.zeros(len(order), bool)
        is_found[rows[is_inside]] = True
        return np.flatnonzero(is_found)

    def codes(self, text: bytes, count: int) -> tuple[np.ndarray, int]:
        """The places of those that do, and how many are null or look so."""
        joined, nulls = self.joined(text, count)
        if joined.isascii():
            return self._places(joined.lower()), nulls
        starts, sizes = places_in(joined, count)
        found = []
        for first in range(0, count, _FOLDED):
            last = min(first + _FOLDED, count) - 1
            try:
                texts = joined[starts[first] : starts[last] + sizes[last]].decode()
            except UnicodeDecodeError as error:
                raise MisfitError from error
            found.append(self._places(texts.casefold().encode()) + first)
        return np.concatenate(found), nulls

    def _places(self, joined: bytes) -> np.ndarray:
        hits = [match.start() for match in self._find(joined)]
        if not hits:
            return np.empty(0, np.int64)
        borders = np.flatnonzero(np.frombuffer(joined, np.uint8) == BORDER[0])
        return np.unique(np.searchsorted(borders, hits))


def places_of(text: bytes, whole: np.ndarray) -> np.ndarray:
    """Where a text of ASCII in small letters begins, large ones or not, within the bytes."""
    last = len(whole) - len(text) + 1
    counts = np.bincount(whole[:_SAMPLE] | _SMALL, minlength=256)
    places = sorted(range(len(text)), key=lambda place: counts[text[place] | int(_SMALL)])
    found = []
    for start in range(0, last, _LOOKED):
        count = min(_LOOKED, last - start)
        small = whole[start : start + count + len(text) - 1] | _SMALL
        first, *second = (small[place : place + count] == text[place] | int(_SMALL) for place in places[:2])  # rarest
        is_hit = np.logical_and(first, *second, out=first) if second else first
        found.append(np.flatnonzero(is_hit) + start)
    hits = np.concatenate(found or [np.empty(0, np.int64)])
    for place in places:
        hits = hits[_is_letter(whole[hits + place], text[place])]
    return hits


def _is_letter(bytes_: np.ndarray, letter: int) -> np.ndarray:
    """For each byte whether it is the letter, small or large."""
    return (bytes_ | _SMALL) == letter if chr(letter).isalpha() else bytes_ == letter
