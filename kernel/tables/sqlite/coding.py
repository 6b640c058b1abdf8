"""Columns as whole numbers in the order of their values, read a part at a time, so that numpy sorts them.

A coding is chosen by the first value of its column. A part that holds anything it is not made for is refused
(:class:`MisfitError`), and the caller takes the way through SQL, which knows every value. Null is 0, before all others.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from kernel.tables.order import text_key
from kernel.tables.sqlite.codec import Codec
from kernel.tables.sqlite.exact import MOST_DIGITS

#: Between the texts of a part, and for a null among them.
_BORDER, _NULL = "\x1f", "\x1e"
#: Letters of a text up to which it is coded.
MOST_LETTERS = 64
#: Texts that a list of them may hold.
MOST_TEXTS = 1 << 16
#: Stands for null among whole numbers.
_NO_NUMBER = -(2**63)


class MisfitError(Exception):
    """A column holds what its coding cannot express."""


class Whole:
    """Whole numbers, and decimals with so many digits behind the point, which stand as whole numbers of the last.

    Args:
        sql: The column.
        digits: Behind the point; 0 for whole numbers.
    """

    def __init__(self, sql: str, digits: int) -> None:
        units = f"CAST(round({sql} * {10**digits}.0) AS INTEGER)" if digits else sql
        odd = f"{units} / {10**digits}.0 <> {sql}" if digits else f"typeof({sql}) NOT IN ('integer', 'null')"
        self.sql = (f"count({sql})", f"count(CASE WHEN {odd} THEN 1 END)",
                    f"group_concat(ifnull({units}, {_NO_NUMBER}))")
        self.digits = digits
        self._least: int | None = None
        self._greatest: int | None = None
        self._lock = threading.Lock()

    def codes(self, read: tuple[Any, ...], count: int) -> np.ndarray:
        """The part's raw codes of what was read."""
        known, odd, text = read
        if odd:
            raise MisfitError
        values = np.fromstring(text, dtype=np.int64, sep=",")
        there = values[values != _NO_NUMBER] if known < count else values
        if len(values) != count or len(there) != known:
            raise MisfitError
        self._widen(there)
        return values.view(np.uint64)

    def raw(self, values: np.ndarray) -> np.ndarray:
        """Raw codes of whole numbers, none of them null."""
        self._widen(values)
        return values.astype(np.int64).view(np.uint64)

    @property
    def least(self) -> int:
        """The least number, in units of its last digit; 0 when there is none."""
        return self._least or 0

    def size(self) -> int:
        """How many final codes there may be, from 0; asked when all parts are read."""
        return 1 if self._least is None or self._greatest is None else self._greatest - self._least + 2

    def final(self, codes: np.ndarray) -> np.ndarray:
        """The final codes of a part's raw ones."""
        if self._least is None:
            return np.zeros(len(codes), np.uint64)
        nothing = codes == np.uint64(_NO_NUMBER % 2**64)
        codes -= np.uint64((self._least - 1) % 2**64)
        codes[nothing] = 0
        return codes

    def _widen(self, values: np.ndarray) -> None:
        if not len(values):
            return
        least, greatest = int(values.min()), int(values.max())
        with self._lock:
            if least == _NO_NUMBER:
                raise MisfitError
            self._least = least if self._least is None else min(self._least, least)
            self._greatest = greatest if self._greatest is None else max(self._greatest, greatest)


class Texts:
    """What the codings of texts share: reading a part's texts.

    Args:
        sql: The column.
        is_worded: Whether texts that are not ASCII go by :func:`kernel.tables.order.text_key`; else there may be none.
    """

    def __init__(self, sql: str, is_worded: bool) -> None:
        self.sql = (f"count({sql})", f"count(CASE WHEN typeof({sql}) NOT IN ('text', 'null') THEN 1 END)",
                    f"group_concat(ifnull({sql}, char(30)), char(31))")
        self.column = sql
        self.is_worded = is_worded

    def joined(self, read: tuple[Any, ...], count: int) -> str:
        """The part's texts with borders between."""
        known, odd, text = read
        if odd or not isinstance(text, str) or text.count(_BORDER) != count - 1:
            raise MisfitError
        if not (text.isascii() or self.is_worded) or text.count(_NULL) != count - known:
            raise MisfitError
        return text


class Few(Texts):
    """Texts that repeat: each has a number in a list."""

    def __init__(self, sql: str, is_worded: bool) -> None:
        super().__init__(sql, is_worded)
        self._numbers = _Numbers()

    @property
    def texts(self) -> list[str | None]:
        """The texts by their numbers, null among them."""
        return [None if text == _NULL else text for text in self._numbers]

    def codes(self, read: tuple[Any, ...], count: int) -> np.ndarray:
        """See :meth:`Whole.codes`."""
        texts = self.joined(read, count).split(_BORDER)
        codes = np.fromiter(map(self._numbers.__getitem__, texts), np.uint64, count)
        if len(self._numbers) > MOST_TEXTS:
            raise TooManyError
        return codes

    def size(self) -> int:
        """See :meth:`Whole.size`."""
        keys = {text: b"" if text == _NULL else b"\1" + text_key(text) for text in self._numbers}
        if any(len(text) > MOST_LETTERS for text in keys):
            raise MisfitError
        places = {key: place for place, key in enumerate(sorted({b"", *keys.values()}))}
        self._ranks = np.zeros(max(len(keys), 1), np.uint64)
        for text, number in self._numbers.items():
            self._ranks[number] = places[keys[text]]
        return len(places)

    def final(self, codes: np.ndarray) -> np.ndarray:
        """See :meth:`Whole.final`."""
        return self._ranks[codes.view(np.int64)]


class TooManyError(Exception):
    """The texts do not repeat often enough to be listed."""


class _Numbers(dict[str, int]):
    """Text → its number, given when it is met for the first time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __missing__(self, text: str) -> int:
        with self._lock:
            return self.setdefault(text, len(self))


class Many(Texts):
    """Texts of any letters: a code has a digit for each place, whose base is the number of bytes found there.

    Args:
        letters: A row of 256 for each place: whether the byte was found there. A part that has others makes the coding
            begin anew with more (:class:`MoreLettersError`).
    """

    def __init__(self, sql: str, is_worded: bool, letters: np.ndarray) -> None:
        super().__init__(sql, is_worded)
        self.letters = letters
        self._ranks = [np.where(row, np.cumsum(row) - 1, _ABSENT).astype(np.uint64) for row in letters]
        self._bases = [int(row.sum()) for row in letters]
        self._size = 1
        for base in self._bases:
            self._size *= base
        if self._size >= 2**62:
            raise MisfitError

    def codes(self, read: tuple[Any, ...], count: int) -> np.ndarray:
        """See :meth:`Whole.codes`."""
        places, nothing = places_of(self.joined(read, count), count)
        if places.shape[1] > len(self._bases):
            raise MoreLettersError(self, places)
        codes = np.zeros(count, np.uint64)
        for place, base in enumerate(self._bases):
            codes *= np.uint64(base)
            if place < places.shape[1]:
                ranks = self._ranks[place][places[:, place]]
                if ranks.max(initial=0) >= _ABSENT:
                    raise MoreLettersError(self, places)
                codes += ranks
        codes += np.uint64(1)
        codes[nothing] = 0
        return codes

    def size(self) -> int:
        """See :meth:`Whole.size`."""
        return self._size + 1

    def final(self, codes: np.ndarray) -> np.ndarray:
        """See :meth:`Whole.final`."""
        return codes


class MoreLettersError(Exception):
    """A part has letters that ``coding`` was not made for; ``places`` has them."""

    def __init__(self, coding: Many, places: np.ndarray) -> None:
        super().__init__()
        self.coding = coding
        self.places = places


_ABSENT = 1 << 20


def places_of(joined: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The bytes to sort a part's texts by, a row each, zero behind the end; and the rows that are null."""
    if "\0" in joined:  # a text that ends so is another than one without
        raise MisfitError
    if joined.isascii():
        keys = joined.lower().encode().split(b"\x1f")
    else:
        keys = [text_key(text) for text in joined.split(_BORDER)]
    longest = max(map(len, keys))
    if len(keys) != count or longest > MOST_LETTERS:
        raise MisfitError
    texts = np.array(keys, dtype=f"S{longest or 1}")
    nothing = np.flatnonzero(texts == b"\x1e") if _NULL in joined else np.empty(0, np.int64)
    places = texts.view(np.uint8).reshape(count, -1)
    if len(nothing):
        places[nothing, 0] = 0
    return places, nothing


def with_letters(letters: np.ndarray | None, places: np.ndarray) -> np.ndarray:
    """The bytes found at each place, with those of one more part."""
    width = max(places.shape[1], 0 if letters is None else letters.shape[0])
    found = np.zeros((width, 256), bool)
    if letters is not None:
        found[: letters.shape[0]] = letters
    found[:, 0] = True  # behind the end
    for place in range(places.shape[1]):
        found[place, np.unique(places[:, place])] = True
    return found


def digits_of(codec: Codec, value: Any) -> int:
    """Digits behind the point that a column of numbers is taken with."""
    if codec.scale is not None and codec.scale >= 0:
        return min(codec.scale, MOST_DIGITS)
    return MOST_DIGITS if isinstance(value, float) else 0
