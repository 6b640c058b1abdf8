"""Ranges of ex commands: ``5``, ``.``, ``$``, ``%``, ``'a``, ``/x/``, ``+2``, joined by ``,`` and ``;``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from plugins.api import say
from plugins.scintilla.modal import search as searching
from plugins.scintilla.modal.motion_mark import place_of
from plugins.scintilla.modal.motion_search import split_offset
from plugins.scintilla.modal.row import Refused
from plugins.scintilla.modal.text import Place

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


class Range(NamedTuple):
    """Lines, from 0; ``count`` = how many were named. A first of -1 stands before the text, for ``:0put``."""

    first: int
    last: int
    count: int = 0


def read_range(engine: Engine, line: str) -> tuple[Range, str]:
    """The range that a line begins with, and the rest of it.

    Raises:
        Refused: a mark is not set, an expression is not found, a line is not there.
    """
    here, found = engine.caret.line, []
    rest = line.lstrip(": \t")
    if rest.startswith("%"):
        return Range(0, engine.text.line_count - 1, 2), rest[1:].lstrip()
    while True:
        number, rest = _address(engine, rest, here)
        rest = rest.lstrip()
        sign = rest[:1]
        if number is None and sign not in (",", ";"):
            break
        found.append(here if number is None else number)
        if sign not in (",", ";"):
            break
        here = found[-1] if sign == ";" else here
        rest = rest[1:].lstrip()
        if not rest or not re.match(r"[\d.$'/?\\+-]", rest):
            found.append(here)
            break
    if not found:
        return Range(engine.caret.line, engine.caret.line, 0), rest
    first, last = (found[-2:] * 2)[:2] if len(found) > 1 else (found[0], found[0])
    first, last = sorted((first, last))
    if last >= engine.text.line_count or first < -1:
        raise Refused(say("there is no such line"))
    return Range(first, last, min(len(found), 2)), rest


def _address(engine: Engine, rest: str, here: int) -> tuple[int | None, str]:
    """One line number; None where there is none."""
    number: int | None = None
    if match := re.match(r"\d+", rest):
        number, rest = int(match[0]) - 1, rest[match.end() :]
    elif rest[:1] == ".":
        number, rest = here, rest[1:]
    elif rest[:1] == "$":
        number, rest = engine.text.line_count - 1, rest[1:]
    elif rest[:1] == "'" and len(rest) > 1:
        number, rest = place_of(engine, rest[1]).line, rest[2:]
    elif rest[:1] in ("/", "?"):
        number, rest = _searched(engine, rest, here)
    while match := re.match(r"\s*([+-])\s*(\d*)", rest):
        amount = int(match[2] or 1)
        number = (here if number is None else number) + (amount if match[1] == "+" else -amount)
        rest = rest[match.end() :]
    return number, rest


def _searched(engine: Engine, rest: str, here: int) -> tuple[int, str]:
    sign = rest[0]
    text, after = split_offset(rest[1:], sign)
    engine.search.last = text or engine.search.last
    pattern = searching.pattern_of(engine, engine.search.last)
    step = 1 if sign == "/" else -1
    place = Place(here, len(engine.text.line(here)) if step > 0 else 0)
    found = searching.find(engine.text, pattern, place, step)
    if found is None:
        raise Refused(say("“{name}” is not found", name=engine.search.last))
    return found[0].line, after
