"""Motions by searching: ``/``, ``?``, ``n``, ``N``, ``*``, ``#``, and the selection of a match by ``gn``."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.api import say
from plugins.scintilla.modal import search as searching
from plugins.scintilla.modal.line import read_line
from plugins.scintilla.modal.row import EXCLUSIVE, INCLUSIVE, LINES, Motion, Reach, Refused
from plugins.scintilla.modal.text import Place, back, last_column
from plugins.scintilla.modal.word import WORD, kind_of, word_around

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

#: Seconds that a search while one types may take.
_WHILE_TYPING_S = 0.03
_OFFSET = re.compile(r"([esb]?)([+-]?\d*)$")


def ask(step: int):
    """``/`` and ``?``: what is typed up to Return; what it finds is shown meanwhile."""

    def run(engine: Engine, count: int | None) -> Iterator[None]:
        was = engine.caret
        typed = yield from read_line(engine, "/" if step > 0 else "?", lambda text: _show(engine, was, text, step))
        text, offset = split_offset(typed, "/" if step > 0 else "?")
        engine.search.last = text or engine.search.last
        engine.search.step, engine.search.offset = step, offset
        if typed:
            engine.search.history = [one for one in engine.search.history if one != typed][-99:] + [typed]
        return _go(engine, step, count or 1)

    return run


def split_offset(typed: str, sign: str) -> tuple[str, str]:
    """An expression and what stands behind its end."""
    index, is_class = 0, False
    while index < len(typed):
        if typed[index] == "\\":
            index += 1
        elif typed[index] == "[":
            is_class = "]" in typed[index + 1 :]
        elif typed[index] == "]":
            is_class = False
        elif typed[index] == sign and not is_class:
            return typed[:index], typed[index + 1 :]
        index += 1
    return typed, ""


def _show(engine: Engine, was: Place, typed: str, step: int) -> None:
    """Show what is found so far."""
    if not engine.is_live or not engine.options["incsearch"]:
        return
    text, _ = split_offset(typed, "/" if step > 0 else "?")
    try:
        pattern = searching.pattern_of(engine, text) if text else None
        until = time.monotonic() + _WHILE_TYPING_S
        found = searching.find(engine.text, pattern, was, step, until=until) if pattern is not None else None
    except Refused:
        pattern = found = None
    engine.surroundings.mark_found(pattern, found)


def _go(engine: Engine, step: int, count: int) -> Reach:
    """To the next match of what was searched for last."""
    if not engine.search.last:
        raise Refused(say("nothing was searched for yet"))
    pattern = searching.pattern_of(engine, engine.search.last)
    place, found = engine.caret, None
    match = _OFFSET.match(engine.search.offset)
    sign, number = (match[1], match[2]) if match else ("", "")
    shift = int(number + "1" if number in ("+", "-") else number or 0)
    for _ in range(count):
        found = searching.find(engine.text, pattern, place, step, wraps=engine.options["wrapscan"])
        if found is None:
            raise Refused(say("“{name}” is not found", name=engine.search.last))
        place = found[0]
    engine.search.is_shown = True
    engine.surroundings.mark_found(pattern if engine.options["hlsearch"] else None, found)
    if engine.operator is None:
        engine.marks.jump(engine.caret)
    return _shifted(engine, found, sign, number, shift)


def _shifted(engine: Engine, found: tuple[Place, Place], sign: str, number: str, shift: int) -> Reach:
    """Where an offset leads."""
    start, stop = found
    if not sign and number:
        return Reach(engine.first_letter(min(max(start.line + shift, 0), engine.text.line_count - 1)), LINES)
    place, kind = start, EXCLUSIVE
    if sign == "e":
        place = Place(stop.line, back(engine.text.line(stop.line), stop.column)) if stop > start else start
        kind = INCLUSIVE
    letters = engine.text.line(place.line)
    column = min(max(place.column + shift, 0), last_column(letters)) if sign else place.column
    if engine.operator is None and not engine.is_visual:
        column = min(column, last_column(letters))
    return Reach(Place(place.line, column), kind)


def again(turn: int):
    """``n`` and ``N``."""

    def run(engine: Engine, count: int | None) -> Reach:
        return _go(engine, engine.search.step * turn, count or 1)

    return run


def under_caret(step: int, is_whole: bool):
    """``*``, ``#`` and their forms without word ends."""

    def run(engine: Engine, count: int | None) -> Reach:
        line, column = engine.caret
        letters = engine.text.line(line)
        start, stop = word_around(letters, column)
        word = letters[start:stop]
        if not word:
            raise Refused
        escaped = re.sub(r"([\\.*$^~\[\]/?])" if step < 0 else r"([\\.*$^~\[\]/])", r"\\\1", word)
        has_ends = is_whole and kind_of(word[0]) >= WORD
        engine.search.last = rf"\<{escaped}\>" if has_ends else escaped
        engine.search.step, engine.search.offset = step, ""
        if step < 0 or start > column:
            engine.marks.jump(engine.caret)
            engine.caret = Place(line, start)
        return _go(engine, step, count or 1)

    return run


def match_around(step: int):
    """``gn`` and ``gN``: the match at the caret, or the next one, as a part."""

    def run(engine: Engine, count: int | None) -> Reach:
        if not engine.search.last:
            raise Refused
        pattern = searching.pattern_of(engine, engine.search.last)
        letters = engine.text.line(engine.caret.line)
        found = None
        for match in pattern.finditer(letters):
            is_taken = engine.is_visual and match.end() - 1 == engine.caret.column and step > 0
            if match.start() <= engine.caret.column < match.end() and not is_taken:
                found = Place(engine.caret.line, match.start()), Place(engine.caret.line, match.end())
        found = found or searching.find(engine.text, pattern, engine.caret, step, wraps=engine.options["wrapscan"])
        if found is None or found[0] == found[1]:
            raise Refused
        start, stop = found
        last = Place(stop.line, back(engine.text.line(stop.line), stop.column))
        if engine.operator is None:
            from plugins.scintilla.modal.engine import VISUAL

            if not engine.is_visual:
                engine.mode, engine.anchor = VISUAL, start if step > 0 else last
        else:
            engine.caret = start
            engine.part_start = start
        return Reach(last if step > 0 or engine.operator is not None else start, INCLUSIVE)

    return run


MOTIONS: tuple[Motion, ...] = (
    Motion("/", "search", "search", ask(1), EXCLUSIVE), Motion("?", "search-back", "search backwards", ask(-1)),
    Motion("n", "search-again", "next match", again(1)), Motion("N", "search-again-back", "match before", again(-1)),
    Motion("*", "word-again", "next same word", under_caret(1, True)),
    Motion("#", "word-again-back", "same word before", under_caret(-1, True)),
    Motion("g*", "part-again", "next same letters", under_caret(1, False)),
    Motion("g#", "part-again-back", "same letters before", under_caret(-1, False)),
    Motion("gn", "match", "match at the caret or the next", match_around(1), INCLUSIVE),
    Motion("gN", "match-back", "match at the caret or before", match_around(-1), INCLUSIVE),
)  # fmt: skip
