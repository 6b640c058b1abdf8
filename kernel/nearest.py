"""The names nearest to one that nobody knows, for hints: "did you mean …?". Imports difflib on first use only."""

from __future__ import annotations

from collections.abc import Iterable

from kernel.words import mark


def nearest_names(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names most like ``name``, nearest first, at most ``count``; empty when none is like it."""
    from difflib import get_close_matches

    by_folded = {one.casefold(): one for one in known}
    return [by_folded[folded] for folded in get_close_matches(name.casefold(), by_folded, n=count, cutoff=0.6)]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known name, or an empty text."""
    nearest = nearest_names(name, known, 1)
    return mark(f"did you mean {nearest[0]}?") if nearest else ""
