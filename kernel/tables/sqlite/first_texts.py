"""The rows that may be the first ones in the order of a column of texts, found in the file's pages by numpy.

Eight letters of each text are compared with those of the last row that may still be among the first; what is equal so
far stays. Texts that are not ASCII stay as well, since their order is told by their keys alone.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np

from kernel.tables.sqlite.cells import Values
from kernel.tables.sqlite.joined import MASKS, TOPS, WORD, everywhere, lower
from kernel.tables.sqlite.leaf import Leaves
from kernel.tables.sqlite.part_row import MisfitError
from kernel.tables.sqlite.spread import Span
from kernel.tables.sqlite.units import NULL_KIND, TEXT_KIND

#: Rows from which on those that are behind are left out; rows that may be equal so far, and that are not ASCII.
_MANY, _MOST_EQUAL, _MOST_ODD = 1 << 14, 200_000, 10_000


class Rows(NamedTuple):
    """Some rows of the table.

    Attributes:
        codes: Where each is in the order (uint64), as far as eight letters tell.
        sizes: Bytes of each text.
        numbers: The rows' numbers.
    """

    codes: np.ndarray
    sizes: np.ndarray
    numbers: np.ndarray

    def at(self, places: np.ndarray) -> Rows:
        """Those at some places."""
        return Rows(self.codes[places], self.sizes[places], self.numbers[places])


class FirstTexts:
    """Gathers rows part by part, on any threads.

    Args:
        leaves: The table's.
        place: Which of the stored columns is sorted by.
        count: Rows wanted.
        is_descending: Whether the greatest texts come first.
        has_row_order: Whether rows of equal texts come in the order of their numbers.
    """

    def __init__(self, leaves: Leaves, place: int, count: int, *, is_descending: bool, has_row_order: bool) -> None:
        self._leaves = leaves
        self._place = place
        self._count = count
        self._is_descending = is_descending
        self._has_row_order = has_row_order
        self._lock = threading.Lock()
        self._bound = np.uint64(2**64 - 1)
        self._near: list[Rows] = []
        self._held = 0
        self._odd: list[int] = []
        self._has_zero = False

    @property
    def is_plain(self) -> bool:
        """Whether all texts of all parts are ASCII without a NUL."""
        return not self._odd and not self._has_zero

    def numbers(self) -> list[int]:
        """The numbers of the rows, when all parts are read."""
        self._leave_out()
        return [*(number for rows in self._near for number in rows.numbers.tolist()), *self._odd]

    def read(self, span: Span) -> None:
        """Take the rows of a part.

        Raises:
            MisfitError: the order is not to be found this way.
        """
        cells = self._leaves.cells(*span)
        if not len(cells):
            return
        values = cells.column(self._place)
        nothing = values.kinds == NULL_KIND
        if not ((values.kinds % 2 == 1) & (values.kinds >= TEXT_KIND) | nothing).all():
            raise MisfitError
        words, odd, has_zero = _beginnings(values)
        codes = words.byteswap(inplace=True)
        codes += np.uint64(1)
        if nothing.any():
            codes[nothing] = 0
        if self._is_descending:
            np.invert(codes, out=codes)
        is_near = codes <= self._bound
        if odd is not None:
            is_near &= ~odd
        near = np.flatnonzero(is_near)
        with self._lock:
            self._has_zero |= has_zero
            if odd is not None:
                self._take_odd(cells.numbers(np.flatnonzero(odd)).tolist())
            if len(near):
                self._take(Rows(codes[near], values.sizes[near], cells.numbers(near)))

    def _take_odd(self, numbers: list[int]) -> None:
        self._odd += numbers
        if len(self._odd) > _MOST_ODD:
            raise MisfitError

    def _take(self, rows: Rows) -> None:
        self._near.append(rows)
        self._held += len(rows.numbers)
        if self._held > _MANY:
            self._leave_out()
            if self._held > _MOST_EQUAL:
                raise MisfitError

    def _leave_out(self) -> None:
        """Keep no row that is behind as many as are wanted."""
        if self._held <= self._count:
            return
        rows = Rows(*(np.concatenate(one) for one in zip(*self._near, strict=True)))
        last = np.partition(rows.codes, self._count - 1)[self._count - 1]
        rows = rows.at(np.flatnonzero(rows.codes <= last))
        if len(rows.codes) > _MANY and self._has_row_order:
            rows = rows.at(self._without_equal(rows, last))
        self._bound, self._near, self._held = last, [rows], len(rows.codes)

    def _without_equal(self, rows: Rows, last: np.uint64) -> np.ndarray:
        """The places without those of rows that are equal to the last one, and behind as many of them as are wanted."""
        is_equal = rows.codes == last
        equal = np.flatnonzero(is_equal)
        sizes = rows.sizes[equal]
        if int(sizes.max()) > WORD or int(sizes.min()) != int(sizes.max()):
            return np.arange(len(is_equal))  # they differ behind the letters that are known
        first = np.argsort(rows.numbers[equal], kind="stable")[: self._count]
        return np.concatenate([np.flatnonzero(~is_equal), equal[first]])


def _beginnings(values: Values) -> tuple[np.ndarray, np.ndarray | None, bool]:
    """The first eight bytes of each text in small letters, zeros behind its end; which are not ASCII; any zero byte.

    Those that are not ASCII are None where there are none.
    """
    whole = everywhere(values.bytes_)
    starts, sizes = values.starts, values.sizes
    shortest, longest = int(sizes.min()), int(sizes.max())
    odd: np.ndarray | None = None
    letters, words = 0, None
    for first in range(0, max(longest, 1), WORD):
        rows = None if shortest > first or not first else np.flatnonzero(sizes > first)
        own_starts, own_sizes = (starts, sizes) if rows is None else (starts[rows], sizes[rows])
        word = whole[own_starts + first if first else own_starts]
        if shortest < first + WORD:
            word &= MASKS.take(own_sizes - first, mode="clip")
        letters += int(np.count_nonzero(word.view(np.uint8)))
        is_odd = word & TOPS
        if is_odd.any():
            odd = np.zeros(len(sizes), bool) if odd is None else odd
            places = np.flatnonzero(is_odd)
            odd[places if rows is None else rows[places]] = True
        words = word if words is None else words
    if odd is not None:
        words[odd] = 0
    lower([words])
    return words, odd, letters != int(sizes.sum())
