"""Lines of a difference as they are drawn: numbers, sign, text, and what of a changed line is another."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import commonprefix
from typing import Any, NamedTuple

from plugins.api import Block, say

#: Spaces that a tab stands for.
_TAB = 4
#: Characters of a line that are drawn; all are there when it is copied.
_LONGEST = 2000
#: What a note of the table says → what people read.
_NOTES = {
    "binary": lambda: say("A binary file: its content is not shown"),
    "cut": lambda: say("The rest of this change is too long to be shown"),
    "no newline": lambda: say("No end of line at the end of the file"),
}


class DiffLine(NamedTuple):
    """One line.

    Attributes:
        key, version: Its row.
        hunk: Which hunk, from 1; 0 for none.
        kind: ``@``, space, ``+``, ``-`` or ``!``.
        old, new: Line numbers, empty texts for none.
        text: As it is drawn.
        staged: Whether it is staged; None where that is no question.
        span: Begin and end of what a changed line has that its counterpart has not; (0, 0) for all or nothing.
    """

    key: tuple[Any, ...]
    version: str
    hunk: int
    kind: str
    old: str
    new: str
    text: str
    staged: bool | None
    span: tuple[int, int] = (0, 0)


def lines_of(block: Block) -> list[DiffLine]:
    """The rows of the table ``diff``, with what differs within changed lines."""
    lines = [_line(block, place) for place in range(len(block))]
    return [line._replace(span=span) for line, span in zip(lines, _spans(lines), strict=True)]


def _line(block: Block, place: int) -> DiffLine:
    row = block.row(place)
    kind, text = row["kind"], str(row["text"] or "")
    shown = _NOTES.get(text, lambda: text)() if kind == "!" else text.expandtabs(_TAB)
    return DiffLine(block.keys[place], block.versions[place], row["hunk"], kind, str(row["old_line"] or ""),
                    str(row["new_line"] or ""), shown[:_LONGEST].rstrip("\r"), row["staged"])


def _spans(lines: Sequence[DiffLine]) -> list[tuple[int, int]]:
    """For each line what it has that its counterpart has not: removed lines face the added ones behind them."""
    spans = [(0, 0)] * len(lines)
    place = 0
    while place < len(lines):
        removed = _run(lines, place, "-")
        added = _run(lines, place + removed, "+")
        if removed == added:
            for at in range(place, place + removed):
                spans[at], spans[at + removed] = differing(lines[at].text, lines[at + removed].text)
        place += removed + added or 1
    return spans


def _run(lines: Sequence[DiffLine], start: int, kind: str) -> int:
    stop = start
    while stop < len(lines) and lines[stop].kind == kind:
        stop += 1
    return stop - start


def differing(old: str, new: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """What differs between two lines, as (begin, end) in each; (0, 0) where they have too little in common."""
    start = len(commonprefix((old, new)))
    rest = min(len(old), len(new)) - start
    end = len(commonprefix((old[::-1][:rest], new[::-1][:rest])))
    if (start + end) * 3 < max(len(old), len(new)):
        return (0, 0), (0, 0)
    return (start, len(old) - end), (start, len(new) - end)
