"""Surrounding: ``ys``, ``cs``, ``ds``, and ``S`` of a selection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.scintilla.modal.row import LINE, Command, Operator, Refused, Span
from plugins.scintilla.modal.shape import brackets, quote
from plugins.scintilla.modal.shape_tag import tag
from plugins.scintilla.modal.text import Place, depth

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

#: What is typed → what stands before and behind; an opening bracket brings spaces.
PAIRS = {
    "(": ("( ", " )"), ")": ("(", ")"), "b": ("(", ")"), "[": ("[ ", " ]"), "]": ("[", "]"), "r": ("[", "]"),
    "{": ("{ ", " }"), "}": ("{", "}"), "B": ("{", "}"), ">": ("<", ">"), "a": ("<", ">"),
}  # fmt: skip
_BRACKETS = {"(": "(", ")": "(", "b": "(", "[": "[", "]": "[", "r": "[", "{": "{", "}": "{", "B": "{",
             ">": "<", "a": "<"}  # fmt: skip
_QUOTES = "\"'`"


def _pair(engine: Engine, key: str) -> Iterator[None]:
    """What surrounds; a tag is typed up to its ``>`` or Return."""
    if key in ("<", "t"):
        typed = ""
        while True:
            following = yield from engine.argument("tag")
            if following in (">", "\n"):
                break
            typed += following
        if not typed.strip():
            raise Refused
        return f"<{typed}>", f"</{typed.split()[0]}>"
    if key in PAIRS:
        return PAIRS[key]
    if not key.isprintable() or key.isalnum():
        raise Refused
    return key, key


def surround(engine: Engine, span: Span) -> Iterator[None]:
    """``ys`` and ``S``."""
    key = yield from engine.argument("sign")
    before, behind = yield from _pair(engine, key)
    text = engine.text
    if span.shape == LINE and engine.is_selected:
        _surround_lines(engine, span, before.rstrip(), behind.lstrip())
        return
    start, stop = span.start, span.stop
    if span.shape == LINE:
        letters = text.line(span.start.line)
        start = Place(span.start.line, depth(letters))
        stop = Place(span.stop.line, len(text.line(span.stop.line).rstrip()))
    else:
        inner = text.get(start, stop)
        if not inner.endswith("\n") and inner.strip(" \t") and not engine.is_selected:
            stop = Place(stop.line, stop.column - (len(inner) - len(inner.rstrip(" \t")))) if stop.column else stop
    engine.replace(stop, stop, behind)
    engine.replace(start, start, before)
    engine.caret = start


def _surround_lines(engine: Engine, span: Span, before: str, behind: str) -> None:
    """Whole lines: the signs stand in lines of their own."""
    indent = engine.text.line(span.start.line)[: depth(engine.text.line(span.start.line))]
    last = Place(span.stop.line, len(engine.text.line(span.stop.line)))
    engine.replace(last, last, f"\n{indent}{behind}")
    engine.replace(Place(span.start.line, 0), Place(span.start.line, 0), f"{indent}{before}\n")
    engine.caret = Place(span.start.line, len(indent))


def _around(engine: Engine, key: str) -> tuple[Span, Span]:
    """What stands within and with the signs around the caret."""
    find = brackets(_BRACKETS[key]) if key in _BRACKETS else tag if key == "t" else None
    if find is None:
        if key not in _QUOTES:
            raise Refused
        find = quote(key)
    around = find(engine, None, True)
    if key in _QUOTES:
        letters = engine.text.line(around.start.line)
        part = letters[around.start.column : around.stop.column]
        start = around.start.column + part.index(key)
        stop = around.start.column + part.rindex(key)
        line = around.start.line
        return Span(Place(line, start + 1), Place(line, stop)), Span(Place(line, start), Place(line, stop + 1))
    if key == "t":
        return find(engine, None, False), around
    start, stop = around.start, around.stop
    return Span(Place(start.line, start.column + 1), Place(stop.line, stop.column - 1)), around


def delete(engine: Engine, count: int | None) -> Iterator[None]:
    """``ds``."""
    key = yield from engine.argument("sign")
    inner, around = _around(engine, key)
    made = engine.text.get(inner.start, inner.stop)
    _put(engine, around, made.strip(" \t") if key in "([{" else made)


def change(engine: Engine, count: int | None) -> Iterator[None]:
    """``cs``."""
    key = yield from engine.argument("sign")
    inner, around = _around(engine, key)
    other = yield from engine.argument("sign")
    before, behind = yield from _pair(engine, other)
    made = engine.text.get(inner.start, inner.stop)
    made = made.strip(" \t") if key in "([{" else made
    _put(engine, around, before + made + behind)


def _put(engine: Engine, span: Span, new: str) -> None:
    engine.replace(span.start, span.stop, new)
    engine.caret = span.start


def surround_selected(engine: Engine, count: int | None) -> Iterator[None]:
    """``S`` of a selection."""
    from plugins.scintilla.modal.visual import leave, selected

    span = selected(engine)
    leave(engine)
    engine.is_selected = True
    yield from surround(engine, span)


OPERATORS: tuple[Operator, ...] = (Operator("ys", "surround", "surround", surround),)
COMMANDS: tuple[Command, ...] = (
    Command("ds", "delete-surrounding", "delete what surrounds", delete, changes=True),
    Command("cs", "change-surrounding", "change what surrounds", change, changes=True),
    Command("S", "surround", "surround", surround_selected, "v", True),
)
