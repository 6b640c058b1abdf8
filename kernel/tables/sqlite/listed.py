"""Texts that repeat, each by its number in a list; looked up for a whole part at once, without Python's lock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kernel.tables.sqlite.joined import BORDER, MOST_LETTERS, WORD, places_in, words_of
from kernel.tables.sqlite.part_row import MisfitError

#: Texts that a list may hold, and up to which numpy looks them up.
MOST_TEXTS, _MOST_LOOKED_UP = 1 << 16, 1 << 10
#: Bits of a place in the table, at first and at most.
_LEAST_BITS, _MOST_BITS = 12, 20
#: Its powers spread words over the table; others are taken when two texts meet there, so many times.
_SPREADING = 0x9E3779B97F4A7C15
_TRIES = 32


class TooManyError(Exception):
    """The texts do not repeat often enough to be listed."""


class _Table(NamedTuple):
    """Where the words of a text lead to its number.

    Attributes:
        factors: One for each word.
        shift: What is left of the product is a place.
        numbers: By place, the number of the text there.
        words: By number, each of the words.
    """

    factors: list[np.uint64]
    shift: np.uint64
    numbers: np.ndarray
    words: list[np.ndarray]

    def look_up(self, words: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of texts, and for each whether it is right."""
        numbers = self.numbers[_mixed(words, self.factors) >> self.shift]
        is_right = np.ones(len(numbers), bool)
        for place in range(max(len(words), len(self.words))):
            wanted = words[place] if place < len(words) else np.uint64(0)
            known = self.words[place][numbers] if place < len(self.words) else np.uint64(0)
            is_right &= known == wanted
        return numbers, is_right


class TextList:
    """Numbers of texts, given as they are met for the first time, from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: dict[bytes, int] = {}
        self._table: _Table | None = None

    @property
    def texts(self) -> list[bytes]:
        """The texts by their numbers."""
        return list(self._numbers)

    def numbers(self, joined: bytes, count: int) -> np.ndarray:
        """The numbers of a part's texts (uint64).

        Raises:
            TooManyError: they do not repeat.
            MisfitError: a text is too long to be looked up, or no UTF-8.
        """
        if self.is_long:
            return self._one_by_one(joined, count)
        starts, sizes = places_in(joined, count)

        def texts_of(rows: np.ndarray) -> list[bytes]:
            return [joined[start : start + size]
                    for start, size in zip(starts[rows].tolist(), sizes[rows].tolist(), strict=True)]

        found = self.looked_up(words_of(joined, count), texts_of)
        return self._one_by_one(joined, count) if found is None else found

    @property
    def is_long(self) -> bool:
        """Whether it is too long for :meth:`looked_up`."""
        return len(self._numbers) > _MOST_LOOKED_UP

    def looked_up(self, words: list[np.ndarray], texts_of: Callable[[np.ndarray], list[bytes]]) -> np.ndarray | None:
        """The numbers of texts by their words; None when they are too many to be looked up.

        Args:
            words: As :func:`kernel.tables.sqlite.joined.words_of` has them.
            texts_of: Which texts → them.

        Raises:
            MisfitError: a text is no UTF-8.
        """
        rows = np.arange(len(words[0]))
        while True:
            table = self._table
            if table is not None:
                numbers, is_right = table.look_up(words)
                if is_right.all():
                    return numbers.astype(np.uint64)
                rows = np.flatnonzero(~is_right)
            mixed = _mixed([word[rows] for word in words], _factors(0))
            rows = rows[np.unique(mixed, return_index=True)[1]]
            if len(rows) > _MOST_LOOKED_UP or not self._add(texts_of(rows)):
                return None

    def _add(self, texts: list[bytes]) -> bool:
        """Give numbers to new texts; False when they cannot be looked up quickly."""
        with self._lock:
            for text in texts:
                self._numbers.setdefault(_checked(text), len(self._numbers))
            if len(self._numbers) > _MOST_LOOKED_UP:
                return False
            self._table = _table(list(self._numbers))
            return self._table is not None

    def _one_by_one(self, joined: bytes, count: int) -> np.ndarray:
        texts = joined.split(BORDER)
        known = self._numbers
        with self._lock:
            for text in set(texts).difference(known):
                known[_checked(text)] = len(known)
        if len(known) > MOST_TEXTS:
            raise TooManyError
        return np.fromiter(map(known.__getitem__, texts), np.uint64, count)


def _checked(text: bytes) -> bytes:
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise MisfitError from error
    return text


def _mixed(words: list[np.ndarray], factors: list[np.uint64]) -> np.ndarray:
    """One number of all words of each text; words of zeros make no difference."""
    mixed = words[0] * factors[0]
    for word, factor in zip(words[1:], factors[1:], strict=False):
        mixed += word * factor
    return mixed


def _table(texts: list[bytes]) -> _Table | None:
    """A table in which no two texts meet; None when none was found."""
    words = words_of(BORDER.join(texts), len(texts))
    bits = min(max((2 * len(texts) ** 2).bit_length(), _LEAST_BITS), _MOST_BITS)
    shift = np.uint64(64 - bits)
    for attempt in range(_TRIES):
        factors = _factors(attempt)
        places = _mixed(words, factors) >> shift
        if len(np.unique(places)) == len(texts):
            numbers = np.zeros(1 << bits, np.intp)
            numbers[places] = np.arange(len(texts))
            return _Table(factors, shift, numbers, words)
    return None


def _factors(attempt: int) -> list[np.uint64]:
    """An odd number for each word, others at every attempt."""
    first = attempt * MOST_LETTERS // WORD
    return [np.uint64(_SPREADING ** (2 * (first + place) + 3) % 2**64) for place in range(MOST_LETTERS // WORD)]
