"""Typing a line at the bottom: a search or an ex command, with the keys that edit it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from plugins.scintilla.modal import key as keys
from plugins.scintilla.modal.engine import Cancelled
from plugins.scintilla.modal.row import Refused
from plugins.scintilla.modal.word import word_around

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


def read_line(
    engine: Engine, sign: str, show: Callable[[str], None] | None = None, begin: str = ""
) -> Iterator[None]:
    """What a person types up to Return.

    Raises:
        Cancelled: Escape, or Backspace at its beginning.
    """
    typed, history = begin, _history(engine, sign)
    at = len(history)
    while True:
        engine.line = sign + typed
        key = yield from engine.key()
        if key in (keys.RETURN, "\n"):
            break
        if key in (keys.ESCAPE, keys.control("c")) or (key in (keys.BACKSPACE, keys.DELETE) and not typed):
            engine.line = ""
            if show is not None:
                show("")
            raise Cancelled
        if key == keys.TAB and sign == ":":
            typed = _completed(engine, typed)
            continue
        engine.offered = []
        if key in (keys.UP, keys.DOWN):
            at = min(max(at + (-1 if key == keys.UP else 1), 0), len(history))
            typed = history[at] if at < len(history) else begin
        else:
            typed = yield from _edited(engine, typed, key)
        if show is not None:
            show(typed)
    engine.line = ""
    return typed


def _completed(engine: Engine, typed: str) -> str:
    """The next thing that the line may become; the one that was typed comes again behind the last."""
    from plugins.scintilla.modal.ex import completions

    if not engine.offered:
        engine.offered = [*completions(engine, typed), typed]
        return engine.offered[0]
    at = engine.offered.index(typed) if typed in engine.offered else -1
    return engine.offered[(at + 1) % len(engine.offered)]


def _history(engine: Engine, sign: str) -> list[str]:
    return engine.search.history if sign in "/?" else engine.lines_before


def _edited(engine: Engine, typed: str, key: str) -> Iterator[None]:
    """The line after a key."""
    if key in (keys.BACKSPACE, keys.DELETE):
        return typed[:-1]
    if key == keys.control("u"):
        return ""
    if key == keys.control("w"):
        return re.sub(r"(\w+|[^\w\s]+)\s*$|\s+$", "", typed)
    if key == keys.control("r"):
        name = yield from engine.argument("register")
        return typed + _register(engine, name)
    if key == keys.control("v"):
        return typed + (yield from engine.argument("letter"))
    return typed + key if key >= " " and not "\uf700" <= key <= "\uf7ff" or key == keys.TAB else typed


def _register(engine: Engine, name: str) -> str:
    if name == keys.control("w"):
        line, column = engine.caret
        letters = engine.text.line(line)
        start, stop = word_around(letters, column)
        return letters[start:stop]
    try:
        return engine.registers.get(name).text.removesuffix("\n").replace("\n", "\r")
    except Refused:
        return ""
