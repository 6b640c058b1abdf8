"""Rows as they stand in leaf pages, taken apart by numpy without Python's lock: where each row is, and its columns.

As https://sqlite.org/fileformat2.html has it: 1.6 for pages, 2.1 for rows. What is rare is refused
(:class:`MisfitError`) and then read by SQL: rows that are continued on other pages, that have fewer columns than the
table since one was added, or whose head is very long.
"""

from __future__ import annotations

import copy
from typing import NamedTuple

import numpy as np

from kernel.tables.sqlite.joined import MOST_LETTERS, WORD, everywhere, words_at
from kernel.tables.sqlite.part_row import MisfitError

#: First byte of a leaf page of a table.
LEAF = 13
#: Bytes of a page that a row's cell leaves to others at least, and bytes of a leaf's head.
_KEPT, _HEAD = 35, 8
#: Bytes behind the pages, so that whole words are read at their end.
ROOM = MOST_LETTERS + 2 * WORD
#: From it on a number of the file has another byte; the same for each byte of a word.
_MORE = 0x80
_MORES = 0x8080808080808080
#: By kind, how many bytes a value has; by two kinds, how many both have; by the first two bytes of a head, whose own
#: is the second.
_SIZES = np.array([0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0, *((kind - 12) // 2 for kind in range(12, 256))], np.int64)
_PAIRS = (_SIZES[None, :] + _SIZES[:, None]).ravel()
_SECONDS = np.repeat(_SIZES, 256)


class Values(NamedTuple):
    """A column of some rows.

    Attributes:
        kinds: How each value is stored: 0 null, 1 to 6 whole numbers of 1, 2, 3, 4, 6 and 8 bytes, 7 a float, 8 and 9
            the numbers 0 and 1, from 12 on bytes where even and texts where odd.
        starts: Where its bytes start.
        sizes: How many there are.
        bytes_: The pages.
    """

    kinds: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray
    bytes_: np.ndarray

    def words(self) -> list[np.ndarray]:
        """See :func:`kernel.tables.sqlite.joined.words_of`; nulls are empty."""
        words = words_at(everywhere(self.bytes_), self.starts, self.sizes)
        if sum(np.count_nonzero(word.view(np.uint8)) for word in words) != int(self.sizes.sum()):
            raise MisfitError  # a text that ends with a zero is another than one without
        return words

    def first_words(self) -> np.ndarray:
        """The eight bytes from each start on, as numbers that begin with the most important one (uint64)."""
        return everywhere(self.bytes_)[self.starts].byteswap(inplace=True)

    def texts(self, rows: np.ndarray) -> list[bytes]:
        """Some of the texts."""
        starts, sizes = self.starts[rows].tolist(), self.sizes[rows].tolist()
        return [self.bytes_[start : start + size].tobytes() for start, size in zip(starts, sizes, strict=True)]


class Cells:
    """The rows of some leaf pages, in their order.

    Args:
        bytes_: The pages one after the other, and ``ROOM`` bytes more.
        page: Bytes of a page.
        usable: Those of them that rows may take.

    Raises:
        MisfitError: here and later: they are not made for this way.
    """

    def __init__(self, bytes_: np.ndarray, page: int, usable: int) -> None:
        self._bytes = bytes_
        self._words = everywhere(bytes_)
        self._page = page
        self._most = usable - _KEPT
        pages = bytes_[: len(bytes_) - ROOM].reshape(-1, page)
        counts = pages[:, 3].astype(np.int64) << 8 | pages[:, 4]
        most = int(counts.max(initial=0))
        if (pages[:, 0] != LEAF).any() or _HEAD + 2 * most > page:
            raise MisfitError
        places = np.ascontiguousarray(pages[:, _HEAD : _HEAD + 2 * most]).view(">u2").astype(np.int64)
        is_row = np.arange(most) < counts[:, None]
        if int(places.max(initial=0, where=is_row)) >= page:
            raise MisfitError
        places += (np.arange(len(pages)) * page)[:, None]
        self._ends = (int(counts[0]), int(counts[-1])) if len(counts) else (0, 0)
        self._span: tuple[int, int] | None = None
        self._at(places[is_row])

    def _at(self, starts: np.ndarray) -> None:
        self._starts = starts
        self._heads: list[np.ndarray] = []
        self._bodies: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None

    def between(self, first: int, last: int) -> None:
        """Keep the rows with numbers from ``first`` to ``last``; all others are on the first and the last page."""
        head, tail = self._ends
        before = int(np.count_nonzero(self._numbers(self._starts[:head]) < first))
        behind = int(np.count_nonzero(self._numbers(self._starts[len(self._starts) - tail :]) > last))
        if before or behind:
            self._at(self._starts[before : max(len(self._starts) - behind, before)])
        self._span = first, last

    def __len__(self) -> int:
        return len(self._starts)

    def numbers(self, rows: np.ndarray | None = None) -> np.ndarray:
        """The numbers (int64) of all rows, or of some."""
        if self._span is not None and self._span[1] - self._span[0] + 1 == len(self):  # none is missing
            return self._span[0] + (np.arange(len(self)) if rows is None else rows)
        return self._numbers(self._starts if rows is None else self._starts[rows])

    def near(self, places: np.ndarray) -> tuple[np.ndarray, Cells]:
        """Which rows stand on the pages that some bytes are on, and these rows; the heads of others are not read.

        Raises:
            MisfitError: a row is continued on other pages.
        """
        self._sizes(self._starts)
        is_looked = np.zeros(len(self._bytes) // self._page + 1, bool)
        is_looked[places // self._page] = True
        rows = np.flatnonzero(is_looked[self._starts // self._page])
        some = copy.copy(self)
        some._span = None
        some._at(self._starts[rows])
        return rows, some

    @property
    def bytes_(self) -> np.ndarray:
        """The pages, and ``ROOM`` bytes more."""
        return self._bytes

    def column(self, place: int) -> Values:
        """The values of the column that is stored as the so-manieth, from 0."""
        try:
            return self._column(place)
        except IndexError as error:  # places that lead out of the pages
            raise MisfitError from error

    def _column(self, place: int) -> Values:
        if self._bodies is None:
            self._bodies = self._found_bodies()
        heads, bodies, ends = self._bodies
        starts = bodies.copy()
        found = self._short(place, starts)
        kinds, sizes = found if found is not None else self._long(place, starts, heads)
        if (starts + sizes > ends).any():
            raise MisfitError
        return Values(kinds, starts, sizes, self._bytes)

    def _short(self, place: int, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
        """Kind and bytes of the values where all kinds up to theirs have one byte; moves ``starts`` to them."""
        whole, rest = divmod(place + 1, WORD)  # the first byte of a head says how many it has
        for index in range(whole + 1):
            until = WORD - 1 if index < whole else rest
            if (self._head(index) & np.uint64(_MORES >> 8 * (WORD - 1 - until))).any():
                return None
        if int(self._head(0).view(np.uint8)[::WORD].min()) < place + 2:
            raise MisfitError  # the column was added later
        for index in range(whole + 1):
            until = WORD if index < whole else rest
            pairs = self._head(index).view("<u2")
            for pair in range(until // 2):
                starts += (_PAIRS if index or pair else _SECONDS)[pairs[pair :: WORD // 2]]
            if until % 2 and (index or until > 1):
                starts += _SIZES[self._head(index).view(np.uint8)[until - 1 :: WORD]]
        own = np.ascontiguousarray(self._head(whole).view(np.uint8)[rest::WORD])
        return own, _SIZES[own]

    def _long(self, place: int, starts: np.ndarray, heads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same where kinds have one or two bytes."""
        at, ends = heads + 1, starts.copy()
        kinds = sizes = np.zeros(0, np.int64)
        for index in range(place + 1):
            kinds = self._bytes[at].astype(np.int64)
            at += 1
            is_long = kinds >= _MORE
            if is_long.any():
                second = self._bytes[at].astype(np.int64)
                if (second[is_long] >= _MORE).any():
                    raise MisfitError
                kinds = np.where(is_long, (kinds & (_MORE - 1)) << 7 | second, kinds)
                at += is_long
            sizes = np.where(kinds < 12, _SIZES[np.minimum(kinds, 12)], (kinds - 12) >> 1)
            if index < place:
                starts += sizes
        if (at > ends).any():
            raise MisfitError  # the column was added later
        return kinds, sizes

    def _head(self, index: int) -> np.ndarray:
        """Eight bytes of each head."""
        while len(self._heads) <= index:
            heads = self._bodies[0] if self._bodies is not None else self._found_bodies()[0]
            self._heads.append(self._words[heads + len(self._heads) * WORD])
        return self._heads[index]

    def _found_bodies(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where the head of each row starts, its first value, and where the row ends."""
        before, bytes_ = self._sizes(self._starts)
        heads = self._starts + before
        heads += self._number_sizes(heads)
        self._heads = [self._words[heads]]
        sizes = self._heads[0].view(np.uint8)[::WORD]
        if int(sizes.max()) >= _MORE:
            raise MisfitError
        ends = heads + bytes_
        if int(ends.max()) > len(self._bytes) - ROOM:
            raise MisfitError
        return heads, heads + sizes, ends

    def _sizes(self, starts: np.ndarray) -> tuple[np.ndarray | int, np.ndarray]:
        """The bytes that the number of each row's bytes takes, and that number."""
        bytes_ = self._bytes[starts]
        if int(bytes_.max(initial=0)) < _MORE:
            return 1, bytes_
        words = self._words[starts]
        sizes = lengths(words)
        if int(sizes.max()) > 3:
            raise MisfitError
        numbers = numbers_in(words, sizes)
        if int(numbers.max()) > self._most:
            raise MisfitError  # the rest is on other pages
        return sizes, numbers

    def _number_sizes(self, places: np.ndarray) -> np.ndarray | int:
        """The bytes of the row numbers there."""
        if not len(places):
            return 0
        first, last = lengths(self._words[places[[0, -1]]]).tolist()
        if first == last:  # they grow, and so do their bytes
            return first
        return lengths(self._words[places])

    def _numbers(self, starts: np.ndarray) -> np.ndarray:
        words = self._words[starts + self._sizes(starts)[0]]
        return numbers_in(words, lengths(words))


def lengths(words: np.ndarray) -> np.ndarray:
    """The bytes of the numbers that words begin with (int64), up to eight (section 1.6: seven bits a byte).

    Raises:
        MisfitError: one has nine, as negative numbers have.
    """
    ends = ~words & np.uint64(_MORES)
    if not ends.all():
        raise MisfitError
    ends &= -ends
    ends -= np.uint64(1)
    return (np.bitwise_count(ends).astype(np.int64) + 1) >> 3


def numbers_in(words: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """The numbers themselves (int64), of so many bytes."""
    numbers = np.zeros(len(words), np.int64)
    for place in range(int(sizes.max(initial=0))):
        digit = (words >> np.uint64(8 * place) & np.uint64(_MORE - 1)).view(np.int64)
        numbers = np.where(sizes > place, numbers << 7 | digit, numbers)
    return numbers
