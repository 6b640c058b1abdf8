"""Many items made ready to be looked through: a keystroke among 100,000 is answered in a few milliseconds. No Qt here.

A :class:`Part` holds the items of one provider. Which of them have the letters of a query in order is known from where
their letters stand; of too many, places where words begin choose those that are looked at closely by
:func:`shell.palette.match.match`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from shell.palette.item import Found, Item, Scored, by_section, in_order, score_of, texts_of
from shell.palette.joined import BEGINNING, Joined
from shell.palette.letters import Letters
from shell.palette.match import fold, letters_of, nearest

#: Items up to which each is simply looked at.
_FEW = 400
#: How many are looked at closely of those that have the letters, of one part at least.
_CLOSELY, _LEAST_CLOSELY = 200, 40
#: Letters of short queries, for which so many places of words are enough: scattered letters stand below them anyway.
_SHORT, _ENOUGH = 3, 20
#: Letters of a query that narrow; what comes behind them is left to the close look.
_LETTERS = 60
#: How many lines a query shows at most, and without one.
LINES, LINES_AT_FIRST = 150, 500
#: Up to so many items typing errors are forgiven at once; more take too long for a key.
NEAREST_AT_ONCE = 3_000

#: What stands before a hit: nothing of its text, the word before, letters of the same word.
_BEFORE: tuple[Callable[[str], bool], ...] = ("\n".__eq__, " ".__eq__, str.isalnum)
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
        if len(self.items) > _FEW:
            self._texts = [fold(f"{one.title} {one.detail}" if one.detail else one.title) for one in self.items]
            words = [_WORD.findall(text) for text in self._texts]
            self._words = Joined([" ".join(one) for one in words])
            self._initials = Joined(["".join([word[0] for word in one]) for one in words])
            self._letters = Letters(self._texts)
        else:
            self._texts = [fold("\n".join(texts_of(item))) for item in self.items]

    def __len__(self) -> int:
        return len(self.items)

    def used(self, names: Iterable[str]) -> list[int]:
        """The places of those items that were used before."""
        if self._places is None:
            self._places = {item.id: place for place, item in enumerate(self.items)}
        return [self._places[name] for name in names if name in self._places]

    def find(self, query: str, uses: dict[str, float], most: int = _CLOSELY) -> list[Scored]:
        """Those that fit, in no order.

        Args:
            query: Not empty.
            uses: Id → how much it was used, of those that were.
            most: How many are looked at closely of many.
        """
        items, bonus = self.items, self.bonus
        query = query.replace("_", " ")
        if len(items) <= _FEW:
            fits = re.compile("[^\n]*?".join(map(re.escape, letters_of(query)))).search
            places: Iterable[int] = [place for place, text in enumerate(self._texts) if fits(text)]
        else:
            places = self._chosen(query, uses, most)
        return [
            one for place in places
            if (one := score_of(query, items[place], place, uses.get(items[place].id, 0.0), bonus))
        ]  # fmt: skip

    def _chosen(self, query: str, uses: dict[str, float], most: int) -> Iterable[int]:
        """The places of the items to look at closely, the likelier ones first."""
        letters = "".join(letters_of(query))[:_LETTERS]
        if not letters:
            return range(min(len(self.items), most))
        likely = self._letters.likely(letters)
        if len(likely) <= most:
            return dict.fromkeys([*self.used(uses), *likely.tolist()])
        found = self._by_words(" ".join(_WORD.findall(fold(query))), letters)
        if len(found) < (most if len(letters) > _SHORT else _ENOUGH):
            found = dict.fromkeys([*found, *islice(self._letters.sure(likely, letters), most)])
        return dict.fromkeys([*self.used(uses), *islice(found, most)])

    def _by_words(self, words: str, letters: str) -> list[int]:
        """Places where the query begins a title, is the first letters of words, begins a word, or stands anywhere."""
        joined, initials = self._words, self._initials
        if not words:
            return []
        if len(words) <= BEGINNING:  # they stand nearly everywhere
            first = joined.begun(words, is_first=True)
            firsts = initials.begun(words, is_first=True) if len(words) == BEGINNING else []
            return list(dict.fromkeys([*first, *firsts, *joined.begun(words, is_first=False)]))
        hits, text = joined.hits(words), joined.text
        first, later, inside = (joined.rows([at for at in hits if kind(text[at - 1])]) for kind in _BEFORE)
        return list(dict.fromkeys([*first, *initials.rows(initials.hits(f"\n{letters}")), *later, *inside]))


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
            return self.at_first(uses, ())
        scored, offset, total = [], 0, max(1, len(self))
        for part in self.parts:
            most = max(_LEAST_CLOSELY, _CLOSELY * len(part) // total)
            scored += [(score, place + offset, one) for score, place, one in part.find(query, uses, most)]
            offset += len(part)
        found = in_order(scored)[:LINES]
        return found or (self.nearest(query, lambda: None) if offset <= NEAREST_AT_ONCE else [])

    def at_first(self, uses: dict[str, float], others: Iterable[Part]) -> list[Found]:
        """All by section, above them the used ones, also of other parts."""
        items = [item for part in self.parts for item in part.items[:LINES_AT_FIRST]]
        used = (part.items[place] for part in others for place in part.used(uses))
        return by_section(items, lambda name: uses.get(name, 0.0), used)[:LINES_AT_FIRST]

    def nearest(self, query: str, check: Callable[[], None]) -> list[Found]:
        """What is most like the query despite typing errors; ``check`` is called now and then and may raise."""
        items = [item for part in self.parts for item in part.items]
        best: list[tuple[float, int]] = []
        for start in range(0, len(items), NEAREST_AT_ONCE):
            check()
            titles = [item.title for item in items[start : start + NEAREST_AT_ONCE]]
            best += [(-score, start + place) for place, score in nearest(query, titles)]
        return [Found(items[place]) for _, place in sorted(best)[:5]]
