"""Typing into each line of a rectangle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.scintilla.modal.row import Span
from plugins.scintilla.modal.text import Place, column_at, shown_column
from plugins.scintilla.modal.typing import type_text

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


def type_block(engine: Engine, span: Span, shown: int, *, appends: bool = False) -> Iterator[None]:
    """Type into the first line of a rectangle; at Escape the other lines get the same."""
    tab, start = engine.text.tab_width, engine.caret
    before = engine.text.line_count
    whole = engine.text.line(start.line)
    yield from type_text(engine)
    if engine.text.line_count != before:
        return
    letters = engine.text.line(start.line)
    size = len(letters) - len(whole)
    if size <= 0:
        engine.caret = start
        return
    made = letters[start.column : start.column + size]
    for line in range(span.start.line + 1, span.stop.line + 1):
        other = engine.text.line(line)
        end = shown_column(other, len(other), tab)
        if appends and span.right is None:
            place = Place(line, len(other))
        elif end < shown and appends:
            engine.replace(Place(line, len(other)), Place(line, len(other)), " " * (shown - end))
            place = Place(line, len(other) + shown - end)
        elif end < shown:
            continue
        else:
            place = Place(line, column_at(other, shown, tab))
        engine.replace(place, place, made)
    engine.caret = Place(start.line, column_at(letters, span.left, tab))
