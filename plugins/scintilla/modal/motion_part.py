"""Motions by sentences, paragraphs, sections and brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.scintilla.modal.row import EXCLUSIVE, INCLUSIVE, LINES, Motion, Reach, Refused
from plugins.scintilla.modal.text import Place, Text, last_column
from plugins.scintilla.modal.word import Walk

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

#: Opening bracket → closing one.
BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_CLOSING = {close: begin for begin, close in BRACKETS.items()}
_MATCHED = "()[]{}"


def lines(text: Text, line: int, step: int) -> Iterator[tuple[int, str]]:
    """Numbers and letters of the lines from one on."""
    for piece in text.pieces(line, step):
        rows = piece.text.split("\n")
        numbered = range(len(rows)) if step > 0 else range(len(rows) - 1, -1, -1)
        for index in numbered:
            yield piece.first + index, rows[index]


def _border(text: Text, line: int, step: int, mark: str) -> tuple[int, bool]:
    """The next line that ends a paragraph, or begins with the mark; false at the end of the text."""
    is_first, has_skipped, number = True, False, line
    for number, letters in lines(text, line, step):
        has_skipped = has_skipped or bool(letters)
        ends = letters[:1] == mark or letters[:1] == "\f"
        if not is_first and has_skipped and ends:
            return number, True
        is_first = False
    return number, False


def paragraph(step: int, mark: str = ""):
    """``{`` and ``}``; with a mark ``[[`` and its kin."""

    def run(engine: Engine, count: int | None) -> Reach:
        text, line, left = engine.text, engine.caret.line, count or 1
        while left:
            left -= 1
            line, is_found = _border(text, line, step, mark)
            if not is_found and left:
                raise Refused
        letters = text.line(line)
        if mark and engine.operator is None:
            return Reach(engine.first_letter(line), EXCLUSIVE)
        if step > 0 and line == text.line_count - 1 and letters and mark != "}":
            return Reach(Place(line, last_column(letters)), INCLUSIVE)
        return Reach(Place(line, 0), EXCLUSIVE)

    return run


def sentence(step: int):
    """``(`` and ``)``."""

    def run(engine: Engine, count: int | None) -> Place:
        place = next_sentence(engine.text, engine.caret, step, count or 1)
        if place is None:
            raise Refused
        if not engine.operator and not engine.is_visual:
            letters = engine.text.line(place.line)
            place = Place(place.line, min(place.column, last_column(letters)))
        return place

    return run


def _over(walk: Walk, step: int) -> bool:
    """Go on or back, not resting on line ends; false at an end of the text."""
    moved = walk.on() if step > 0 else walk.back()
    if moved >= 1 and walk.column:
        moved = walk.on() if step > 0 else walk.back()
    return moved >= 0


def next_sentence(text: Text, place: Place, step: int, count: int = 1) -> Place | None:
    """The beginning of a sentence after or before; None where the text ends first."""
    walk = Walk(text, place)
    while count:
        count -= 1
        skips = True
        if walk.letter == "" and walk.is_empty or walk.letter == "":
            while _over(walk, step) and not walk.letter:
                pass
            is_found = step > 0
        else:
            is_found = False
            if step < 0:
                _over(walk, -1)
        if not is_found:
            _back_to_letter(text, walk, step)
            skips = _to_sentence_end(text, walk, step)
            if not skips and count:
                return None
        while skips and walk.letter and walk.letter in " \t":
            if not _over(walk, 1):
                break
    return walk.place


def _back_to_letter(text: Text, walk: Walk, step: int) -> None:
    """Back over spaces and signs that end a sentence."""
    has_dot = False
    while walk.letter and walk.letter in " \t.!?)]\"'":
        letter = walk.letter
        probe = Walk(text, walk.place)
        if not _over(probe, -1) or (probe.is_empty and step > 0) or has_dot:
            return
        has_dot = has_dot or letter in ".!?"
        if letter in ")]\"'" and (not probe.letter or probe.letter not in ".!?)]\"'"):
            return
        walk.line, walk.column, walk.letters = probe.line, probe.column, probe.letters


def _to_sentence_end(text: Text, walk: Walk, step: int) -> bool:
    """To where the next sentence begins; false where the text ended first."""
    start = walk.line
    while True:
        letter = walk.letter
        if not letter or (not walk.column and letter == "\f"):
            if step < 0 and walk.line != start:
                walk.on()
            return True
        if letter in ".!?":
            probe = Walk(text, walk.place)
            while (is_inside := probe.on() >= 0) and probe.letter and probe.letter in ")]\"'":
                pass
            if not is_inside or not probe.letter or probe.letter in " \t":
                walk.line, walk.column, walk.letters = probe.line, probe.column, probe.letters
                if not walk.letter:
                    walk.on()
                return True
        if not _over(walk, step):
            return False


def match_bracket(engine: Engine, count: int | None) -> Reach:
    """``%``: the bracket that belongs to the next one of the line; with a count that part of the text."""
    text = engine.text
    if count:
        line = (count * text.line_count + 99) // 100 - 1
        if count > 100:
            raise Refused
        return Reach(engine.first_letter(min(line, text.line_count - 1)), LINES)
    letters = text.line(engine.caret.line)
    found = re.compile("[()\\[\\]{}]").search(letters, engine.caret.column)
    if found is None:
        raise Refused
    place = matching(text, Place(engine.caret.line, found.start()))
    if place is None:
        raise Refused
    return Reach(place, INCLUSIVE)


def matching(text: Text, place: Place) -> Place | None:
    """The bracket that belongs to the one at a place."""
    letter = text.line(place.line)[place.column]
    if letter in BRACKETS:
        return unmatched(text, place, 1, letter, BRACKETS[letter])
    return unmatched(text, place, -1, _CLOSING[letter], letter)


def unmatched(text: Text, place: Place, step: int, begin: str, close: str, count: int = 1) -> Place | None:
    """The next bracket after (closing) or before (opening) a place that has no partner on the way."""
    pattern = re.compile("[" + re.escape(begin + close) + "]")
    wanted, depth = close if step > 0 else begin, count
    for line, letters in lines(text, place.line, step):
        if begin not in letters and close not in letters:
            continue
        found = [one.start() for one in pattern.finditer(letters)]
        if line == place.line:
            found = [one for one in found if (one > place.column if step > 0 else one < place.column)]
        for column in found if step > 0 else reversed(found):
            depth += -1 if letters[column] == wanted else 1
            if not depth:
                return Place(line, column)
    return None


def open_bracket(step: int, begin: str):
    """``[(``, ``])`` and so on."""

    def run(engine: Engine, count: int | None) -> Reach:
        found = unmatched(engine.text, engine.caret, step, begin, BRACKETS[begin], count or 1)
        if found is None:
            raise Refused
        return Reach(found, EXCLUSIVE)

    return run


MOTIONS: tuple[Motion, ...] = (
    Motion("}", "paragraph", "next paragraph", paragraph(1), is_jump=True),
    Motion("{", "paragraph-back", "paragraph before", paragraph(-1), is_jump=True),
    Motion("]]", "section", "next section", paragraph(1, "{"), is_jump=True),
    Motion("[[", "section-back", "section before", paragraph(-1, "{"), is_jump=True),
    Motion("][", "section-end", "next end of a section", paragraph(1, "}"), is_jump=True),
    Motion("[]", "section-end-back", "end of a section before", paragraph(-1, "}"), is_jump=True),
    Motion(")", "sentence", "next sentence", sentence(1), is_jump=True),
    Motion("(", "sentence-back", "sentence before", sentence(-1), is_jump=True),
    Motion("%", "bracket", "matching bracket", match_bracket, INCLUSIVE, True),
    Motion("[(", "open-parenthesis", "opening ( around", open_bracket(-1, "("), is_jump=True),
    Motion("[{", "open-brace", "opening { around", open_bracket(-1, "{"), is_jump=True),
    Motion("])", "close-parenthesis", "closing ) around", open_bracket(1, "("), is_jump=True),
    Motion("]}", "close-brace", "closing } around", open_bracket(1, "{"), is_jump=True),
)
