"""Text objects of the syntax tree: functions, classes, arguments, comments and so on, where the language is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.scintilla.modal.row import LINE, Refused, Span, TextObject
from plugins.scintilla.modal.text import Place

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


def node(name: str):
    """A node of that kind around the caret; ``i`` what is within it."""

    def run(engine: Engine, count: int | None, is_around: bool) -> Span:
        names = (f"{name}.around" if is_around else f"{name}.inside",)
        found = engine.surroundings.spans(names, engine.caret)
        if engine.is_visual and engine.anchor != engine.caret:
            low, high = sorted((engine.anchor, engine.caret))
            found = [span for span in found if span[0] < low or span[1] > Place(high.line, high.column + 1)]
        if len(found) < (count or 1):
            raise Refused
        start, stop = found[(count or 1) - 1]
        return _whole_lines(engine, start, stop)

    return run


def _whole_lines(engine: Engine, start: Place, stop: Place) -> Span:
    """Lines, where it fills them from the first letter to the last."""
    text = engine.text
    before = text.line(start.line)[: start.column]
    behind = text.line(stop.line)[stop.column :]
    if stop.line > start.line and not before.strip() and not behind.strip():
        return Span(start, stop, LINE)
    return Span(start, stop)


OBJECTS: tuple[TextObject, ...] = (
    TextObject("f", "function", "function", node("function")), TextObject("c", "class", "class", node("class")),
    TextObject("a", "argument", "argument", node("argument")), TextObject("o", "block", "block", node("block")),
    TextObject("/", "comment", "comment", node("comment")), TextObject("n", "entry", "entry", node("entry")),
)
