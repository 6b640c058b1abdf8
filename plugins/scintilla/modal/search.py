"""Searching: what was searched last, and finding it in pieces of the text."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.scintilla.modal.pattern import compiled, span_of
from plugins.scintilla.modal.row import Refused
from plugins.scintilla.modal.text import Piece, Place, Text

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


class Search:
    """What was searched for last.

    Attributes:
        last: The expression; empty before the first one.
        step: Whether it was searched for forwards (1) or backwards (-1).
        offset: What stood behind it: ``e``, ``+1``, ``b-2``.
        is_shown: Whether it is marked in the text.
        history: What was typed before, the newest last.
    """

    def __init__(self) -> None:
        self.last, self.step, self.offset = "", 1, ""
        self.is_shown = False
        self.history: list[str] = []


def pattern_of(engine: Engine, text: str) -> re.Pattern[str]:
    """The expression with the options of the text."""
    return compiled(text, engine.options["ignorecase"], engine.options["smartcase"])


def find(
    text: Text, pattern: re.Pattern[str], place: Place, step: int, *, wraps: bool = True, until: float | None = None,
    has_here: bool = False,
) -> tuple[Place, Place] | None:  # fmt: skip
    """The next match after or before a place.

    Args:
        text: Where.
        pattern: What.
        place: The caret; a match there is not the next one.
        step: 1 forwards, -1 backwards.
        wraps: Whether it goes on at the other end.
        until: When to give up, of :func:`time.monotonic`.
        has_here: Whether a match at the place counts.

    Raises:
        Refused: it took too long.
    """
    for piece in text.pieces(place.line, step):
        found = _in_piece(piece, pattern, place, step, has_here)
        if found is not None:
            return found
        _look_at_clock(until)
    if not wraps:
        return None
    for piece in text.pieces(0 if step > 0 else text.line_count - 1, step):
        found = _in_piece(piece, pattern, None, step, True)
        if found is not None:
            return found
        if (piece.first > place.line) if step > 0 else (piece.first < place.line):
            break
        _look_at_clock(until)
    return None


def _look_at_clock(until: float | None) -> None:
    if until is not None and time.monotonic() > until:
        raise Refused


def _in_piece(
    piece: Piece, pattern: re.Pattern[str], place: Place | None, step: int, has_here: bool
) -> tuple[Place, Place] | None:
    best = None
    for start, stop in spans(piece, pattern):
        begin = piece.place(start)
        if place is not None and (begin <= place if step > 0 else begin >= place) and not (has_here and begin == place):
            if step < 0:
                break
            continue
        best = start, stop
        if step > 0:
            break
    return (piece.place(best[0]), piece.place(best[1])) if best is not None else None


def spans(piece: Piece, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where it fits in a piece, in letters; an end of a line is no match of its own where a line has letters."""
    size = len(piece.text)
    for match in pattern.finditer(piece.text):
        start, stop = span_of(match)
        if start == stop == size and size and piece.text[-1] != "\n":
            return
        yield start, stop
