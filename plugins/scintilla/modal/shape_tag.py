"""The text object of tags: what stands between ``<p>`` and ``</p>``, or with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plugins.scintilla.modal.row import Refused, Span
from plugins.scintilla.modal.text import Place

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

_TAG = re.compile(r"<(/?)([A-Za-z][^\s>/]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>", re.DOTALL)
#: Lines around the caret that tags are looked for in.
_TAG_LINES = 5_000


def tag(engine: Engine, count: int | None, is_around: bool) -> Span:
    """``it`` and ``at``: what stands between two tags, or with them."""
    text = engine.text
    first = max(engine.caret.line - _TAG_LINES, 0)
    last = min(engine.caret.line + _TAG_LINES, text.line_count - 1)
    whole = text.get(Place(first, 0), Place(last, len(text.line(last))))
    at = len(text.get(Place(first, 0), engine.caret))
    has_part = engine.is_visual and engine.anchor != engine.caret
    low = len(text.get(Place(first, 0), min(engine.anchor, engine.caret))) if has_part else at
    high = len(text.get(Place(first, 0), max(engine.anchor, engine.caret))) + 1 if has_part else at
    fits = []
    for begin, inner, end, stop in _elements(whole):
        for start, last in ((begin, stop),) if is_around else ((inner, end), (begin, stop)) if has_part else (
            (inner, end),
        ):
            is_there = start <= low and high <= last if has_part else begin <= low and high <= stop
            if is_there and not (has_part and (start, last) == (low, high)):
                fits.append((last - start, (start, last)))
    fits.sort()
    if len(fits) < (count or 1):
        raise Refused
    start, stop = fits[(count or 1) - 1][1]

    def place(index: int) -> Place:
        line = whole.count("\n", 0, index)
        return Place(first + line, index - (whole.rfind("\n", 0, index) + 1))

    return Span(place(start), place(stop))


def _elements(text: str) -> list[tuple[int, int, int, int]]:
    """Elements: begin of the opening tag, its end, begin of the closing tag, its end."""
    stack: list[tuple[str, int, int]] = []
    found = []
    for match in _TAG.finditer(text):
        if match[4]:
            continue
        if not match[1]:
            stack.append((match[2], match.start(), match.end()))
            continue
        for index in range(len(stack) - 1, -1, -1):
            if stack[index][0] == match[2]:
                found.append((stack[index][1], stack[index][2], match.start(), match.end()))
                del stack[index:]
                break
    return found
