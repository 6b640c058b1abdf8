"""Many items made ready to be looked through: a keystroke among 100,000 is answered in a few milliseconds. No Qt here.

A :class:`Part` holds the items of one provider. Which of them have the letters of a query in order is found by
rapidfuzz in one call over all texts; of too many, places where words begin choose those that are looked at closely by
:func:`shell.palette.match.match`. A query that grows is looked for among what the former one has left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from shell.palette.item import Found, Item, Scored, by_section, in_order, score_of
from shell.palette.match import fold, letters_of, nearest

#: Items up to which each is simply looked at.
_FEW = 400
#: How many are looked at closely of those that have the letters; places of words that are looked for.
_CLOSELY, _PLACES = 600, 3_000
#: Letters of a query that narrow; what comes behind them is left to the close look.
_LETTERS = 60
#: How many lines a query shows at most, and without one.
LINES, LINES_AT_FIRST = 200, 500
#: Up to so many items typing errors are forgiven at once; more take too long for a key.
NEAREST_AT_ONCE = 3_000

_WORD = re.compile(r"[^\W_]+")


class Part:
    """Items of one provider. Made on any thread, looked through by one at a time.

    Args:
        items: They keep their order where they fit equally well.
        bonus: Added to the score of each; negative for what is looked for less often.
    """

    def __init__(self, items: Iterable[Item], bonus: float = 0.0) -> None:
        self.items = list(items)
        self.bonus = bonus
        self._places: dict[str, int] | None = None
        self._query, self._left = "", None  # type: tuple[str, Sequence[int] | None]
        if len(self.items) > _FEW:
            self._texts = [fold(f"{one.title} {one.detail}" if one.detail else one.title) for one in self.items]
            self._words, self._starts = _joined([" ".join(_WORD.findall(text)) for text in self._texts])
            self._initials, self._initial_starts = _joined(
                ["".join(word[0] for word in _WORD.findall(text)) for text in self._texts]
            )

    def __len__(self) -> int:
        return len(self.items)

    def used(self, names: Iterable[str]) -> list[int]:
        """The places of those items that were used before."""
        if self._places is None:
            self._places = {item.id: place for place, item in enumerate(self.items)}
        return [self._places[name] for name in names if name in self._places]

    def find(self, query: str, uses: dict[str, float]) -> list[Scored]:
        """Those that fit, in no order.

        Args:
            query: Not empty.
            uses: Id → how much it was used, of those that were.
        """
        items, bonus = self.items, self.bonus
        places = range(len(items)) if len(items) <= _FEW else self._chosen(query.replace("_", " "), uses)
        return [
            one for place in places
            if (one := score_of(query, items[place], place, uses.get(items[place].id, 0.0), bonus))
        ]  # fmt: skip

    def _chosen(self, query: str, uses: dict[str, float]) -> Iterable[int]:
        """The places of the items to look at closely."""
        letters = "".join(letters_of(query))[:_LETTERS]
        if not letters:
            return range(min(len(self.items), _CLOSELY))
        words = " ".join(_WORD.findall(fold(query)))
        if len(letters) <= 2 and not letters.startswith(self._query or "\0"):
            found = self._by_words(words, letters)
            if len(found) >= _CLOSELY // 2:
                self._query, self._left = "", None
                return {*found[:_CLOSELY], *self.used(uses)}
        left = self._narrowed(letters)
        if len(left) <= _CLOSELY:
            return left
        there = set(left)
        found = [place for place in self._by_words(words, letters) if place in there][:_CLOSELY]
        return {*found, *left[: _CLOSELY - len(found)], *(place for place in self.used(uses) if place in there)}

    def _narrowed(self, letters: str) -> Sequence[int]:
        """The places of all items that have the letters in order."""
        from rapidfuzz import process
        from rapidfuzz.distance import LCSseq

        left = self._left if self._query and letters.startswith(self._query) else None
        texts = self._texts if left is None else [self._texts[place] for place in left]
        # NOTE: the longest common subsequence is as long as the query exactly where its letters stand in order.
        least = len(letters)
        scores: Any = process.cdist([letters], texts, scorer=LCSseq.similarity, score_cutoff=least, dtype="uint8")
        hits = scores[0].nonzero()[0].tolist()
        self._query = letters
        self._left = hits if left is None else [left[hit] for hit in hits]
        return self._left

    def _by_words(self, words: str, letters: str) -> list[int]:
        """Places where the query begins a title, begins a word, or is the first letters of words; the best first."""
        found: dict[int, None] = {}
        for text, starts, wanted in (
            (self._words, self._starts, f"\n{words}"),
            (self._initials, self._initial_starts, f"\n{letters}"),
            (self._words, self._starts, f" {words}"),
            (self._words, self._starts, words if len(letters) > 1 else ""),
        ):
            if wanted.strip():
                found.update(dict.fromkeys(_rows(_hits(text, wanted), starts)))
            if len(found) >= _CLOSELY:
                break
        return sorted(found, key=lambda place: place) if len(found) < _CLOSELY else list(found)


class Finder:
    """Several parts, looked through together.

    Args:
        parts: Their order decides among equals.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = list(parts)

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def find(self, query: str, uses: dict[str, float]) -> list[Found]:
        """What fits, best first; without a query all by section, the used ones on top."""
        if not query.strip():
            return by_section([item for part in self.parts for item in part.items[:LINES_AT_FIRST]],
                              lambda name: uses.get(name, 0.0))[:LINES_AT_FIRST]  # fmt: skip
        scored, offset = [], 0
        for part in self.parts:
            scored += [(score, place + offset, one) for score, place, one in part.find(query, uses)]
            offset += len(part)
        found = in_order(scored)[:LINES]
        return found or (self.nearest(query, lambda: None) if offset <= NEAREST_AT_ONCE else [])

    def nearest(self, query: str, check: Callable[[], None]) -> list[Found]:
        """What is most like the query despite typing errors; ``check`` is called now and then and may raise."""
        items = [item for part in self.parts for item in part.items]
        best: list[tuple[float, int]] = []
        for start in range(0, len(items), NEAREST_AT_ONCE):
            check()
            titles = [item.title for item in items[start : start + NEAREST_AT_ONCE]]
            best += [(-score, start + place) for place, score in nearest(query, titles)]
        return [Found(items[place]) for _, place in sorted(best)[:5]]


def _joined(texts: list[str]) -> tuple[str, Any]:
    """The texts behind a line feed each, and where each begins."""
    import numpy as np

    lengths = np.fromiter((len(text) + 1 for text in texts), "int64", len(texts))
    return "\n" + "\n".join(texts), np.concatenate(([0], np.cumsum(lengths)[:-1]))


def _hits(text: str, wanted: str) -> list[int]:
    """Where a text stands in another one, up to as many places as are looked for."""
    found: list[int] = []
    at = text.find(wanted)
    while at >= 0 and len(found) < _PLACES:
        found.append(at)
        at = text.find(wanted, at + 1)
    return found


def _rows(hits: list[int], starts: Any) -> list[int]:
    """Which texts places in the joined text belong to, each once, in order."""
    if not hits:
        return []
    return list(dict.fromkeys((starts.searchsorted(hits, side="right") - 1).tolist()))
