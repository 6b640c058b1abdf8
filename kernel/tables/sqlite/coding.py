"""Columns as whole numbers in the order of their values, read a part at a time, so that numpy sorts them.

A coding is chosen by the first value of its column. A part that holds anything it is not made for is refused
(:class:`MisfitError`), and the caller takes the way through SQL, which knows every value. Null is 0, before all others.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from kernel.tables.order import text_key
from kernel.tables.sqlite.codec import Codec
from kernel.tables.sqlite.exact import MOST_DIGITS
from kernel.tables.sqlite.joined import BORDER, MOST_LETTERS, NULL, WORD, key_words_of, lower, numbers_of
from kernel.tables.sqlite.listed import TextList
from kernel.tables.sqlite.part_row import MisfitError
from kernel.tables.sqlite.units import NULL_KIND, TEXT_KIND, units_of

if TYPE_CHECKING:
    from kernel.tables.sqlite.cells import Values

#: Stands for null among whole numbers.
_NO_NUMBER = -(2**63)
#: What numbers are written with, and how large they may be for it; 0: as they are.
_WIDTHS = ((8, 10**7), (16, 10**15))
#: Digits up to which a number half between two others is told from them, as a float.
_MOST_HALVED = 8


class WiderError(Exception):
    """Numbers that are larger than ``coding`` was made for; None: one of all codings."""

    def __init__(self, coding: Whole | None) -> None:
        super().__init__()
        self.coding = coding


class Whole:
    """Whole numbers, and decimals with so many digits behind the point, which stand as whole numbers of the last.

    SQLite writes numbers of one width, which is what is read quickly: each is added to one in the middle. A column of
    larger numbers is read as it is.

    Args:
        sql: The column.
        digits: Behind the point; 0 for whole numbers.
        greatest: About the greatest number that is expected, in units of the last digit; None for any.
    """

    def __init__(self, sql: str, digits: int, greatest: int | None = None) -> None:
        self.column = sql
        self.digits = digits
        self.width = 0 if greatest is None else next((width for width, most in _WIDTHS if greatest < most), 0)
        self._middle = 5 * 10 ** (self.width - 1) if self.width else 0
        self._nothing = 9 * 10 ** (self.width - 1) if self.width else _NO_NUMBER
        self.null_sql = f"({sql} IS NULL)"
        self.sql = _numbers(sql, digits, self.width, self._middle, self._nothing)
        self._least: int | None = None
        self._greatest: int | None = None
        self._lock = threading.Lock()

    def codes(self, text: bytes, count: int) -> tuple[np.ndarray, int]:
        """The part's raw codes of what was read, and how many are null or look so: other values among them.

        Raises:
            WiderError: numbers are too large for the width.
            MisfitError: there are values that are no such numbers.
        """
        values = numbers_of(text, count, self.width) if self.width else _any_numbers(text)
        if values is None:
            raise WiderError(self)
        if len(values) != count:
            raise MisfitError
        nothing = values == self._nothing
        nulls = int(np.count_nonzero(nothing))
        self._widen(values[~nothing] if nulls else values, self._middle)
        values -= self._middle
        if nulls:
            values[nothing] = _NO_NUMBER
        return values.view(np.uint64), nulls

    #: Whether :meth:`stored_codes` may be asked.
    takes_stored = True

    def stored_codes(self, values: Values) -> np.ndarray:
        """The raw codes of values as they stand in the file's pages.

        Raises:
            MisfitError: there are other values among them; SQL tells what they are.
        """
        numbers, nothing = units_of(values, self.digits)
        has_nothing = bool(nothing.any())
        self._widen(numbers[~nothing] if has_nothing else numbers, 0)
        if has_nothing:
            numbers[nothing] = _NO_NUMBER
        return numbers.view(np.uint64)

    def nothing(self, codes: np.ndarray) -> np.ndarray:
        """For each raw code whether it is null."""
        return codes == np.uint64(_NO_NUMBER % 2**64)

    def raw(self, values: np.ndarray) -> np.ndarray:
        """Raw codes of whole numbers, none of them null."""
        if len(values):
            self._note(int(values.min()), int(values.max()))
        return values.astype(np.int64).view(np.uint64)

    @property
    def least(self) -> int:
        """The least number, in units of its last digit; 0 when there is none."""
        return self._least or 0

    @property
    def greatest(self) -> int:
        """The greatest number, in units of its last digit; 0 when there is none."""
        return self._greatest or 0

    def size(self) -> int:
        """How many final codes there may be, from 0; asked when all parts are read."""
        return 1 if self._least is None or self._greatest is None else self._greatest - self._least + 2

    def final(self, codes: np.ndarray) -> np.ndarray:
        """The final codes of a part's raw ones, which are overwritten."""
        if self._least is None:
            return np.zeros(len(codes), np.uint64)
        nothing = self.nothing(codes)
        codes -= np.uint64((self._least - 1) % 2**64)
        codes[nothing] = 0
        return codes

    def _widen(self, values: np.ndarray, middle: int) -> None:
        if len(values):
            self._note(int(values.min()) - middle, int(values.max()) - middle)

    def _note(self, least: int, greatest: int) -> None:
        with self._lock:
            if least == _NO_NUMBER:
                raise MisfitError
            self._least = least if self._least is None else min(self._least, least)
            self._greatest = greatest if self._greatest is None else max(self._greatest, greatest)


def _numbers(sql: str, digits: int, width: int, middle: int, nothing: int) -> str:
    """All numbers as they are written; what is null or not exact is written as ``nothing``.

    What has a width is small: half of one more is told from it as a float, and a float that is no whole number is
    written with a point.
    """
    power = f"{10**digits}.0"
    if not digits:
        is_fit = f"+{sql} < ''" if width else f"typeof({sql}) = 'integer'"
        return f"group_concat(CASE WHEN {is_fit} THEN {sql} + {middle} ELSE {nothing} END)"
    shifted = f"CAST(round({sql} * {power}) AS INTEGER) + {middle}"
    units = f"CAST(round({sql} * {power}) AS INTEGER)"
    if 0 < width <= _MOST_HALVED:
        shifted = f"CAST({sql} * {power} + {middle}.5 AS INTEGER)"
        units = f"({shifted} - {middle})"
    return f"group_concat(CASE WHEN {units} / {power} = {sql} THEN {shifted} ELSE {nothing} END)"


def _any_numbers(text: bytes) -> np.ndarray:
    try:
        return np.fromstring(text, dtype=np.int64, sep=",")
    except ValueError as error:  # there are texts among them
        raise MisfitError from error


class Texts:
    """What the codings of texts share: reading a part's texts.

    Args:
        sql: The column.
        is_worded: Whether texts that are not ASCII go by :func:`kernel.tables.order.text_key`; else there may be none.
    """

    takes_stored = False

    def __init__(self, sql: str, is_worded: bool) -> None:
        # NOTE: no char(31) and no typeof, which SQLite would work out for every row. Numbers come before texts, bytes
        # behind them: bytes stand like null, and a number counts as more nulls than there can be.
        texts = f"CASE WHEN +{sql} < x'' THEN {sql} ELSE '{NULL.decode()}' END"
        self.null_sql = f"coalesce((+{sql} < '') * {1 << 40}, 1)"
        self.sql = f"group_concat({texts}, '{BORDER.decode()}')"
        self.column = sql
        self.is_worded = is_worded

    def stored_words(self, values: Values) -> tuple[list[np.ndarray], np.ndarray]:
        """The words of texts as they stand in the file's pages, and which are null, without words.

        Raises:
            MisfitError: there are other values among them; SQL tells what they are.
        """
        nothing = self.check_stored(values)
        return values.words(), nothing

    def check_stored(self, values: Values) -> np.ndarray:
        """Which of the values are null; raises MisfitError where others than texts are among them."""
        nothing = values.kinds == NULL_KIND
        if not ((values.kinds % 2 == 1) & (values.kinds >= TEXT_KIND) | nothing).all():
            raise MisfitError
        return nothing

    def joined(self, texts: bytes, count: int) -> tuple[bytes, int]:
        """The part's texts with borders between, and how many are null or look so: other values among them.

        Raises:
            MisfitError: some hold the borders themselves, or are not ASCII where they must be.
        """
        if texts.count(BORDER) != count - 1 or not (self.is_worded or texts.isascii()):
            raise MisfitError
        return texts, texts.count(NULL)


class Few(Texts):
    """Texts that repeat: each has a number in a list."""

    def __init__(self, sql: str, is_worded: bool) -> None:
        super().__init__(sql, is_worded)
        self._list = TextList()

    @property
    def texts(self) -> list[str | None]:
        """The texts by their numbers, null among them."""
        return [None if text == NULL else text.decode() for text in self._list.texts]

    def codes(self, text: bytes, count: int) -> tuple[np.ndarray, int]:
        """See :meth:`Whole.codes`.

        Raises:
            TooManyError: they do not repeat often enough.
        """
        joined, nulls = self.joined(text, count)
        return self._list.numbers(joined, count), nulls

    @property
    def takes_stored(self) -> bool:
        """See :attr:`Whole.takes_stored`."""
        return not self._list.is_long

    def stored_codes(self, values: Values) -> np.ndarray:
        """See :meth:`Whole.stored_codes`."""
        words, nothing = self.stored_words(values)
        if (words[0] == NULL[0]).any():
            raise MisfitError  # a text that stands for null here
        words[0][nothing] = NULL[0]

        def texts_of(rows: np.ndarray) -> list[bytes]:
            return [NULL if is_null else text
                    for text, is_null in zip(values.texts(rows), nothing[rows].tolist(), strict=True)]

        found = self._list.looked_up(words, texts_of)
        if found is None:
            raise MisfitError
        return found

    def size(self) -> int:
        """See :meth:`Whole.size`."""
        keys = [b"" if text is None else b"\1" + text_key(text) for text in self.texts]
        if any(text is not None and len(text) > MOST_LETTERS for text in self.texts):
            raise MisfitError
        places = {key: place for place, key in enumerate(sorted({b"", *keys}))}
        self._ranks = np.array([places[key] for key in keys] or [0], np.uint64)
        return len(places)

    def final(self, codes: np.ndarray) -> np.ndarray:
        """See :meth:`Whole.final`."""
        return self._ranks[codes.view(np.int64)]


class Many(Texts):
    """Texts of any letters: a code has a digit for each place, whose base is the number of bytes found there.

    Args:
        letters: A row of 256 for each place: whether the byte was found there. A part that has others makes the coding
            begin anew with more (:class:`MoreLettersError`).
    """

    def __init__(self, sql: str, is_worded: bool, letters: np.ndarray) -> None:
        super().__init__(sql, is_worded)
        self.letters = letters
        bases = [int(row.sum()) for row in letters]
        self._size = 1
        for base in bases:
            self._size *= base
        if self._size >= _ABSENT:
            raise MisfitError
        weight = self._size
        self._shares = []
        for place in range(0, len(bases), 2):
            weight //= bases[place] * bases[place + 1]
            self._shares.append(_shares(letters[place], letters[place + 1], weight))

    def codes(self, text: bytes, count: int) -> tuple[np.ndarray, int]:
        """See :meth:`Whole.codes`."""
        joined, nulls = self.joined(text, count)
        words = key_words_of(joined, count)
        nothing = words[0] == NULL[0] if nulls else None
        if nothing is not None:
            words[0][nothing] = 0
        return self._of_words(words, nothing), nulls

    takes_stored = True

    def stored_codes(self, values: Values) -> np.ndarray:
        """See :meth:`Whole.stored_codes`."""
        words, nothing = self.stored_words(values)
        lower(words)
        return self._of_words(words, nothing if nothing.any() else None)

    def _of_words(self, words: list[np.ndarray], nothing: np.ndarray | None) -> np.ndarray:
        codes = np.ones(len(words[0]), np.uint64)
        for place, shares in enumerate(self._shares[: len(words) * WORD // 2]):
            own = shares[words[place * 2 // WORD].view("<u2")[place % 4 :: 4]]
            if own.max() >= _ABSENT:
                raise MoreLettersError(self, words)
            codes += own
        if any(word.any() for word in words[len(self.letters) // WORD :]):
            raise MoreLettersError(self, words)
        if nothing is not None:
            codes[nothing] = 0
        return codes

    def size(self) -> int:
        """See :meth:`Whole.size`."""
        return self._size + 1

    def final(self, codes: np.ndarray) -> np.ndarray:
        """See :meth:`Whole.final`."""
        return codes


#: What no code reaches; stands for letters that were not expected.
_ABSENT = 2**62


def _shares(first: np.ndarray, second: np.ndarray, weight: int) -> np.ndarray:
    """By two bytes, as a number of 16 bits, what they add to a code."""
    base = int(second.sum())
    ranks = [np.cumsum(row).astype(np.uint64) - np.uint64(1) for row in (first, second)]
    shares = (ranks[0][None, :] * np.uint64(base) + ranks[1][:, None]) * np.uint64(weight)
    shares[~(first[None, :] & second[:, None])] = _ABSENT
    return shares.ravel()


class MoreLettersError(Exception):
    """A part has letters that ``coding`` was not made for; ``words`` has them."""

    def __init__(self, coding: Many, words: list[np.ndarray]) -> None:
        super().__init__()
        self.coding = coding
        self.words = words


def with_letters(letters: np.ndarray | None, words: list[np.ndarray]) -> np.ndarray:
    """The bytes found at each place, with those of one more part."""
    width = max(len(words) * WORD, 0 if letters is None else len(letters))
    found = np.zeros((width, 256), bool)
    if letters is not None:
        found[: len(letters)] = letters
    found[:, 0] = True  # behind the end
    for index, word in enumerate(words):
        for place in range(WORD):
            found[index * WORD + place] |= np.bincount(word.view(np.uint8)[place::WORD], minlength=256) > 0
    return found


def digits_of(codec: Codec, value: Any) -> int:
    """Digits behind the point that a column of numbers is taken with."""
    if codec.scale is not None and codec.scale >= 0:
        return min(codec.scale, MOST_DIGITS)
    return MOST_DIGITS if isinstance(value, float) else 0

