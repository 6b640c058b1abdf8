"""Ranges of rows: places from … to, the last one in it, never lists of rows."""

from __future__ import annotations

from collections.abc import Iterable

#: Rows from … to, the last one in it.
Span = tuple[int, int]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Ranges of rows in order, with those joined that overlap or touch."""
    done: list[Span] = []
    for top, bottom in sorted(spans):
        if done and top <= done[-1][1] + 1:
            done[-1] = (done[-1][0], max(done[-1][1], bottom))
        else:
            done.append((top, bottom))
    return done


def without(spans: Iterable[Span], row: int) -> list[Span]:
    """Ranges of rows, one row taken out."""
    parts = []
    for top, bottom in spans:
        if top <= row <= bottom:
            parts += [(top, row - 1), (row + 1, bottom)]
        else:
            parts.append((top, bottom))
    return [(top, bottom) for top, bottom in parts if top <= bottom]


def count_of(spans: Iterable[Span]) -> int:
    """How many rows are in them."""
    return sum(bottom - top + 1 for top, bottom in spans)
