"""A part's values as SQLite wrote them, one after the other: taken apart by numpy, without Python's lock."""

from __future__ import annotations

import numpy as np

from kernel.tables.order import text_key
from kernel.tables.sqlite.part_row import MisfitError

#: Between the texts of a part, and for a null among them.
BORDER, NULL = b"\x1f", b"\x1e"
#: Letters of a text up to which it is taken apart.
MOST_LETTERS = 64
#: Bytes of a word.
WORD = 8
#: Which bits of a word belong to a text of which so many bytes are left.
MASKS = np.array([(1 << 8 * left) - 1 for left in range(WORD)] + [2**64 - 1], "<u8")


def words_of(joined: bytes, count: int) -> list[np.ndarray]:
    """The texts as words of eight bytes: an array for the first words of all of them, one for the second, and so on.

    Behind a text's end there are zeros; the words are little-endian, so that their bytes stand as in the text.

    Raises:
        MisfitError: there are more or fewer than ``count``, a text is too long, or has a zero.
    """
    if b"\0" in joined:  # a text that ends so is another than one without
        raise MisfitError
    starts, sizes = places_in(joined, count)
    bytes_ = joined + bytes(MOST_LETTERS + WORD)
    return words_at(everywhere(bytes_), starts, sizes)


def everywhere(bytes_: bytes | np.ndarray) -> np.ndarray:
    """The word from every byte on."""
    return np.ndarray((len(bytes_) - WORD + 1,), "<u8", bytes_, 0, (1,))


def words_at(whole: np.ndarray, starts: np.ndarray, sizes: np.ndarray) -> list[np.ndarray]:
    """The same of texts by where they start and how many bytes they have.

    Args:
        whole: The word from every byte on, up to ``MOST_LETTERS`` behind the last text's start.
        starts: Of each text.
        sizes: Of each text.

    Raises:
        MisfitError: a text is too long.
    """
    shortest, longest = int(sizes.min(initial=MOST_LETTERS)), int(sizes.max(initial=0))
    if longest > MOST_LETTERS:
        raise MisfitError
    words = []
    for first in range(0, max(longest, 1), WORD):
        word = whole[starts + first]
        if shortest == longest < first + WORD:
            word &= MASKS[longest - first]
        elif shortest < first + WORD:
            word &= MASKS.take(sizes - first, mode="clip")
        words.append(word)
    return words


def lower(words: list[np.ndarray]) -> None:
    """Make small letters of the words' letters.

    Raises:
        MisfitError: some are not ASCII.
    """
    for word in words:
        if (word & TOPS).any():
            raise MisfitError
        is_large = (word + _FROM_A) & ~(word + _BEHIND_Z) & TOPS
        is_large >>= np.uint64(2)
        word |= is_large


def places_in(joined: bytes, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Where each text starts, and its bytes.

    Raises:
        MisfitError: there are more or fewer than ``count``.
    """
    ends = np.flatnonzero(np.frombuffer(joined, np.uint8) == BORDER[0])
    if len(ends) != count - 1:
        raise MisfitError
    starts = np.empty(count, np.int64)
    starts[0] = 0
    starts[1:] = ends + 1
    sizes = np.empty(count, np.int64)
    sizes[:-1] = ends
    sizes[-1] = len(joined)
    sizes -= starts
    return starts, sizes


def key_words_of(joined: bytes, count: int) -> list[np.ndarray]:
    """The keys that the texts are sorted by, as :func:`words_of` has them.

    Raises:
        MisfitError: see there; or the texts are no UTF-8.
    """
    if joined.isascii():
        return words_of(joined.lower(), count)
    if b"\0" in joined:
        raise MisfitError
    try:
        keys = [text_key(text) for text in joined.decode().split(BORDER.decode())]
    except UnicodeDecodeError as error:
        raise MisfitError from error
    longest = max(map(len, keys))
    if len(keys) != count or longest > MOST_LETTERS:
        raise MisfitError
    width = -(-max(longest, 1) // WORD) * WORD
    table = np.array(keys, dtype=f"S{width}").view("<u8").reshape(count, -1)
    return [np.ascontiguousarray(table[:, place]) for place in range(table.shape[1])]


#: In each byte: the highest bit, and what lifts letters from A on, and those behind Z, up to it.
TOPS, _FROM_A, _BEHIND_Z = (np.uint64(0x0101010101010101 * one) for one in (0x80, 0x80 - ord("A"), 0x7F - ord("Z")))
#: Steps that make one number of the eight digits of a word: (which bits, times, then shifted).
_STEPS = ((0x0F0F0F0F0F0F0F0F, 2561, 8), (0x00FF00FF00FF00FF, 6553601, 16), (0x0000FFFF0000FFFF, 42949672960001, 32))
_ZEROS, _ABOVE_NINE = (np.uint64(0x0101010101010101 * one) for one in (0x30, 0x46))


def numbers_of(joined: bytes, count: int, digits: int) -> np.ndarray | None:
    """Numbers of so many digits each (8 or 16), commas between (int64); None when they are not all so."""
    stride = digits + 1
    if len(joined) != count * stride - 1:
        return None
    bytes_ = np.frombuffer(joined, np.uint8)
    if not (bytes_[digits::stride] == ord(",")).all():
        return None
    numbers = None
    for first in range(0, digits, WORD):
        word = np.ndarray((count,), "<u8", joined, first, (stride,)).astype(np.uint64)
        if (((word + _ABOVE_NINE) | (word - _ZEROS)) & TOPS).any():
            return None
        for bits, factor, shift in _STEPS:
            word &= np.uint64(bits)
            word *= np.uint64(factor)
            word >>= np.uint64(shift)
        numbers = word if numbers is None else numbers * np.uint64(10**WORD) + word
    return numbers.view(np.int64)
