"""Where the letters of many texts stand first and last, so that those with a query's letters in order are soon found.

A letter stands before another one somewhere in a text exactly where its first place is before the other's last one.
What is so of each two letters of a query leaves few texts, or so many of which most fit; rapidfuzz looks at those, as
far as they are wanted. No Qt here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

#: Letters share so many columns; places from here on count as one.
_COLUMNS, _FAR = 64, 254
#: Texts that are read in one go; those of which the first few are asked for, each time twice as many.
_BLOCK, _FIRST = 8_192, 500
#: How far apart in a query two letters are compared at most.
_APART = 3


class Letters:
    """The letters of texts.

    Args:
        texts: In small letters.
    """

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self._first, self._last = _places(texts)
        _comparing()  # imported where this is made, and not at a key

    def likely(self, letters: str) -> Any:
        """The places of the texts that may have these letters in order, as an array; few of them do not."""
        import numpy as np

        columns = [ord(letter) % _COLUMNS for letter in letters]
        fits = self._first[columns[0]] <= _FAR
        for start, before in enumerate(columns):
            for after in columns[start + 1 : start + 1 + _APART]:
                fits &= self._first[before] < self._last[after]
        return np.flatnonzero(fits)

    def sure(self, likely: Any, letters: str) -> Iterator[int]:
        """Those of the likely ones that have the letters in order, found as they are asked for."""
        # NOTE: the longest common subsequence is as long as the query exactly where its letters stand in order.
        compare, scorer = _comparing()
        start, count = 0, _FIRST
        while start < len(likely):
            places = likely[start : start + count].tolist()
            texts = [self._texts[place] for place in places]
            scores = compare([letters], texts, scorer=scorer, score_cutoff=len(letters), dtype="uint8")
            yield from (places[hit] for hit in scores[0].nonzero()[0].tolist())
            start, count = start + count, count * 2


@functools.cache
def _comparing() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """What compares one text with many in one call, and the length of the longest common subsequence."""
    from rapidfuzz import process
    from rapidfuzz.distance import LCSseq

    return process.cdist, LCSseq.similarity


def _places(texts: list[str]) -> tuple[Any, Any]:
    """Of each column and text the first place of its letters, beyond the far end without one, and the last, or 0."""
    import numpy as np

    first = np.full((_COLUMNS, len(texts)), 255, "uint8")
    last = np.zeros((_COLUMNS, len(texts)), "uint8")
    for start in range(0, len(texts), _BLOCK):
        block = texts[start : start + _BLOCK]
        lengths = np.fromiter(map(len, block), "int64", len(block))
        codes = np.frombuffer("".join(block).encode("utf-32-le", "surrogatepass"), "uint32")
        text = np.repeat(np.arange(start, start + len(block)), lengths)
        place = np.arange(len(codes)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        cell = (codes % _COLUMNS).astype("int64") * len(texts) + text
        # NOTE: of several places for one cell the last one stays.
        first.ravel()[cell[::-1]] = np.minimum(place, _FAR)[::-1]
        last.ravel()[cell] = np.minimum(place, 255)
    return first, last
