"""``:s``: replacing in lines, with vim's expressions, replacements and flags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from plugins.api import say, say_count
from plugins.scintilla.modal import search as searching
from plugins.scintilla.modal.ex_range import Range
from plugins.scintilla.modal.motion_search import split_offset
from plugins.scintilla.modal.pattern import span_of
from plugins.scintilla.modal.row import Refused
from plugins.scintilla.modal.text import Place

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

_CASES = {"u": 1, "U": -1, "l": 2, "L": -2}


class Substitution(NamedTuple):
    """What ``:s`` does: expression, what takes its place, flags."""

    pattern: str
    new: str
    flags: str = ""


def read(engine: Engine, argument: str) -> tuple[Substitution, str]:
    """What stands behind ``:s``, and a count behind that.

    Raises:
        Refused: nothing was replaced before, or the flags are none.
    """
    last: Substitution | None = engine.last_substitute
    if not argument or argument[0].isalnum() or argument[0] in " &\"|":
        if last is None:
            raise Refused(say("nothing was replaced yet"))
        made, rest = last._replace(flags=""), argument
    else:
        sign = argument[0]
        pattern, rest = split_offset(argument[1:], sign)
        new, rest = _until(rest, sign)
        made = Substitution(pattern or engine.search.last, new)
        if new == "~" and last is not None:
            made = made._replace(new=last.new)
    match = re.match(r"\s*([&cegiInp#]*)\s*(\d*)\s*$", rest)
    if match is None:
        raise Refused(say("“{name}” are no flags of :s", name=rest.strip()))
    flags = match[1]
    if "&" in flags and last is not None:
        flags = last.flags + flags.replace("&", "")
    if engine.options["gdefault"]:
        flags = flags.replace("g", "") if "g" in flags else flags + "g"
    return made._replace(flags=flags), match[2]


def _until(text: str, sign: str) -> tuple[str, str]:
    """A replacement, and what stands behind its end."""
    index = 0
    while index < len(text):
        if text[index] == "\\":
            index += 1
        elif text[index] == sign:
            return text[:index], text[index + 1 :]
        index += 1
    return text, ""


def substitute(engine: Engine, where: Range, made: Substitution) -> Iterator[None]:
    """Do it; with the flag ``c`` each place is asked for."""
    pattern_text = made.pattern
    if "i" in made.flags:
        pattern_text += r"\c"
    elif "I" in made.flags:
        pattern_text += r"\C"
    pattern = searching.pattern_of(engine, pattern_text)
    engine.search.last = made.pattern
    engine.last_substitute = made
    if "n" in made.flags:
        count = sum(1 for line in range(where.first, where.last + 1) for _ in _matches(engine, pattern, line, "g"))
        engine.message = say_count("{count} match", "{count} matches", count)
        return
    line, last, count, changed = where.first, where.last, 0, None
    answer = "y"
    while line <= last:
        done, added, answer = yield from _in_line(engine, pattern, line, made, answer)
        if done:
            count += done
            changed = line + added
        last, line = last + added, line + added + 1
        if answer == "q":
            break
    engine.surroundings.mark_found(None)
    if changed is not None:
        engine.caret = engine.first_letter(min(changed, engine.text.line_count - 1))
        if count > 1:
            engine.message = say_count("{count} place replaced", "{count} places replaced", count)
    elif "e" not in made.flags and answer == "y":
        raise Refused(say("“{name}” is not found", name=made.pattern))


def _matches(engine: Engine, pattern: re.Pattern[str], line: int, flags: str) -> Iterator[re.Match[str]]:
    """Where it fits in a line; an expression over line ends is tried with the lines below."""
    letters = engine.text.line(line)
    text = letters
    if "\\n" in pattern.pattern or "\n" in pattern.pattern:
        below = min(line + 1 + pattern.pattern.count("\n") + 4, engine.text.line_count - 1)
        text = engine.text.get(Place(line, 0), Place(below, len(engine.text.line(below))))
        if below == engine.text.line_count - 1:
            text += "\n"
    end = -1
    for match in pattern.finditer(text):
        start, stop = span_of(match)
        if start > len(letters) or (start == stop == end) or (start == len(letters) and start and start == end):
            continue
        end = stop
        yield match
        if "g" not in flags:
            return


def _in_line(
    engine: Engine, pattern: re.Pattern[str], line: int, made: Substitution, answer: str
) -> Iterator[None]:
    """Replace in one line: how often, how many lines came, and the last answer."""
    done = added = shift = base = 0
    for match in list(_matches(engine, pattern, line, made.flags)):
        start, stop = span_of(match)
        low, high = _place(line, match.string, start), _place(line, match.string, stop)
        if high.line >= engine.text.line_count:
            high = engine.end_of_text()
        low, high = (_shifted(one, line, shift, added, base) for one in (low, high))
        if "c" in made.flags and answer != "a":
            answer = yield from _ask(engine, low, high, made.new)
            if answer in ("q", "\x1b"):
                return done, added, "q"
            if answer == "n":
                answer = "y"
                continue
        new = replacement(made.new, match)
        engine.replace(low, high, new)
        done += 1
        rows = new.split("\n")
        removed = high.line - low.line
        if len(rows) > 1 or removed:
            base = stop
            shift = len(rows[-1]) + (low.column if len(rows) == 1 else 0) - stop
        else:
            shift += len(new) - (stop - start)
        added += len(rows) - 1 - removed
        if answer == "l":
            return done, added, "q"
    return done, added, answer


def _place(line: int, text: str, index: int) -> Place:
    return Place(line + text.count("\n", 0, index), index - (text.rfind("\n", 0, index) + 1))


def _shifted(place: Place, line: int, shift: int, added: int, base: int) -> Place:
    """A place of the line as it was, where it is now."""
    return Place(place.line + added, place.column + shift if place.line == line else place.column)


def _ask(engine: Engine, start: Place, stop: Place, new: str) -> Iterator[None]:
    """Whether to replace here: ``y n a q l``."""
    engine.caret = start
    engine.surroundings.mark_found(None, (start, stop))
    while True:
        engine.line = ":" + say("replace with {new}? y, n, a, q, l", new=new)
        key = yield from engine.key()
        if key in "ynaql\x1b":
            engine.line = ""
            return key


def replacement(new: str, match: re.Match[str]) -> str:
    """What takes the place of a match: ``&``, ``\\1``, ``\\u``, ``\\r`` and their kin."""
    made: list[str] = []
    whole = match.string[slice(*span_of(match))]
    once = always = 0
    index = 0

    def add(text: str) -> None:
        nonlocal once
        if not text:
            return
        text = {-1: str.upper, -2: str.lower}.get(always, str)(text)
        if once:
            text = (text[0].upper() if once == 1 else text[0].lower()) + text[1:]
            once = 0
        made.append(text)

    while index < len(new):
        letter = new[index]
        index += 1
        if letter == "&":
            add(whole)
        elif letter == "\r":
            add("\n")
        elif letter != "\\" or index >= len(new):
            add(letter)
        else:
            following = new[index]
            index += 1
            if following in _CASES:
                kind = _CASES[following]
                once, always = (kind, always) if kind > 0 else (once, kind)
            elif following in "eE":
                once = always = 0
            elif following.isdigit():
                number = int(following)
                add(whole if not number else (match.group(number) or "" if number <= match.re.groups else ""))
            else:
                add({"n": "\0", "r": "\n", "t": "\t"}.get(following, following))
    return "".join(made)
