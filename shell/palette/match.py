"""Fuzzy matching: the letters of a query in order within a text, best where words start.

Our own matcher answers thousands of titles in a few milliseconds; rapidfuzz is imported only when
it finds nothing, for typing errors.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

_START, _RUN, _WHOLE_PREFIX, _GAP = 8, 5, 12, 1


class Match(NamedTuple):
    """How well a text fits, higher is better, and the positions of the matched letters."""

    score: float
    positions: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """The best match of the query's letters in order within the text, or None; case and spaces do not matter."""
    letters = letters_of(query)
    if not letters:
        return Match(0, ())
    lowered = fold(text)
    first = _positions(letters, lowered, 0)
    if first is None:
        return None
    best = _score(first, text, lowered)
    found = first
    if first[-1] - first[0] == len(first) - 1 and _is_start(lowered, first[0]):
        return Match(best, tuple(found))  # one run from where a word starts
    start = lowered.find(letters[0], first[0] + 1)
    for _ in range(6):
        if start < 0:
            break
        other = _positions(letters, lowered, start)
        if other is None:
            break
        score = _score(other, text, lowered)
        if score > best:
            best, found = score, other
        start = lowered.find(letters[0], start + 1)
    return Match(best, tuple(found))


def fold(text: str) -> str:
    """The text in small letters, each where it was: the few that would become two stay as they are."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


@functools.lru_cache(maxsize=32)
def letters_of(query: str) -> tuple[str, ...]:
    """The letters of a query that are looked for."""
    return tuple(letter for letter in fold(query) if not letter.isspace())


def nearest(query: str, texts: Sequence[str], limit: int = 5) -> list[tuple[int, float]]:
    """Indexes of the texts that are most like the query despite typing errors, with scores from 0 to 100."""
    from rapidfuzz import fuzz, process

    lowered = [fold(text) for text in texts]
    found = process.extract(query.lower(), lowered, scorer=fuzz.WRatio, limit=limit, score_cutoff=62)
    return [(index, score) for _, score, index in found]


def _positions(letters: Sequence[str], text: str, start: int) -> list[int] | None:
    """Leftmost positions, each letter moved to the next word's start when the rest still fits."""
    positions: list[int] = []
    at = start
    for index, letter in enumerate(letters):
        here = text.find(letter, at)
        if here < 0:
            return None
        is_run = bool(positions) and here == positions[-1] + 1
        if not is_run and not _is_start(text, here):
            here = _word_start(letters[index:], text, here)
        positions.append(here)
        at = here + 1
    return positions


def _word_start(rest: Sequence[str], text: str, here: int) -> int:
    """The next place at or after ``here`` where a word starts with the letter and the rest follows, or ``here``."""
    place = text.find(rest[0], here)
    while place >= 0:
        if _is_start(text, place):
            return place if _fits(rest[1:], text, place + 1) else here
        place = text.find(rest[0], place + 1)
    return here


def _fits(letters: Sequence[str], text: str, at: int) -> bool:
    for letter in letters:
        at = text.find(letter, at) + 1
        if not at:
            return False
    return True


def _is_start(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()


def _score(positions: list[int], text: str, lowered: str) -> float:
    score = 0.0
    before = -1
    for index, position in enumerate(positions):
        score += 1
        if _is_start(lowered, position) or (text[position].isupper() and not text[position - 1].isupper()):
            score += _START
        if index and position == before + 1:
            score += _RUN
        elif index:
            score -= min(position - before - 1, 6) * _GAP * 0.5
        before = position
    if positions == list(range(len(positions))):
        score += _WHOLE_PREFIX
    return score - len(text) * 0.02
