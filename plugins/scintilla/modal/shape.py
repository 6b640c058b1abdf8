"""Text objects: words, sentences, paragraphs, quotes, brackets, tags."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from plugins.scintilla.modal.engine import VISUAL_LINE
from plugins.scintilla.modal.motion_part import BRACKETS, lines, next_sentence, unmatched
from plugins.scintilla.modal.row import CHAR, LINE, Refused, Span, TextObject
from plugins.scintilla.modal.shape_tag import tag
from plugins.scintilla.modal.text import Place, Text, depth
from plugins.scintilla.modal.word import SPACE, Walk, kind_of

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

#: Lines further down that a bracket is looked for in where none is around the caret.
_LINES_ON = 200


def word(is_big: bool):
    """``iw``, ``aw``, ``iW`` and ``aW``."""

    def run(engine: Engine, count: int | None, is_around: bool) -> Span:
        if engine.is_visual and engine.anchor != engine.caret:
            return _grown_word(engine, count or 1, is_around, is_big)
        line, column = engine.caret
        letters = engine.text.line(line)
        start, stop = _run_of(letters, column, is_big)
        begins_blank = not letters or kind_of(letters[start : start + 1], is_big) == SPACE
        left = count or 1
        place = Place(line, stop)
        if not is_around:
            for _ in range(left - 1):
                place = _next_run(engine.text, place, is_big)
        else:
            place, start = _words_around(engine.text, line, start, stop, left, is_big, begins_blank)
        return Span(Place(line, start), place)

    return run


def _run_of(letters: str, column: int, is_big: bool) -> tuple[int, int]:
    """Letters of one kind around one."""
    if not letters:
        return 0, 0
    column = min(column, len(letters) - 1)
    kind = kind_of(letters[column], is_big)
    start = stop = column
    while start and kind_of(letters[start - 1], is_big) == kind:
        start -= 1
    while stop < len(letters) and kind_of(letters[stop], is_big) == kind:
        stop += 1
    return start, stop


def _next_run(text: Text, place: Place, is_big: bool) -> Place:
    """Behind the next run of letters of one kind."""
    letters = text.line(place.line)
    if place.column >= len(letters):
        if place.line + 1 >= text.line_count:
            raise Refused
        place = Place(place.line + 1, 0)
        letters = text.line(place.line)
        if not letters:
            return place
    return Place(place.line, _run_of(letters, place.column, is_big)[1])


def _words_around(
    text: Text, line: int, start: int, stop: int, count: int, is_big: bool, begins_blank: bool
) -> tuple[Place, int]:
    """The end of so many words with the spaces behind them, or before them where there are none behind."""
    place = Place(line, stop)
    if begins_blank:
        for number in range(count):
            if number:
                place = _skip_blank(text, place)
            place = _word_end(text, _skip_blank(text, place), is_big)
        return place, start
    for _ in range(count - 1):
        place = _word_end(text, _skip_blank(text, place), is_big)
    letters = text.line(place.line)
    after = place.column
    while after < len(letters) and kind_of(letters[after]) == SPACE:
        after += 1
    if after > place.column:
        return Place(place.line, after), start
    first = text.line(line)
    before = start
    while before and kind_of(first[before - 1]) == SPACE:
        before -= 1
    return place, before if before else start


def _skip_blank(text: Text, place: Place) -> Place:
    walk = Walk(text, place)
    while walk.kind == SPACE:
        if walk.is_empty and walk.place != place:
            break
        if walk.on() < 0:
            break
    return walk.place


def _word_end(text: Text, place: Place, is_big: bool) -> Place:
    letters = text.line(place.line)
    if place.column >= len(letters):
        if letters or place.line + 1 >= text.line_count:
            raise Refused
        return place
    return Place(place.line, _run_of(letters, place.column, is_big)[1])


def _grown_word(engine: Engine, count: int, is_around: bool, is_big: bool) -> Span:
    """A selection with the next words."""
    text = engine.text
    place = Place(engine.caret.line, engine.caret.column + 1)
    for _ in range(count):
        is_blank = _is_blank_at(text, place)
        place = _next_run(text, place, is_big)
        if is_around and (is_blank or _is_blank_at(text, place)):
            place = _next_run(text, place, is_big)
    return Span(engine.anchor, place)


def _is_blank_at(text: Text, place: Place) -> bool:
    """Whether a space stands there, within the line."""
    letter = text.line(place.line)[place.column : place.column + 1]
    return bool(letter) and kind_of(letter) == SPACE


def quote(sign: str):
    """``i"``, ``a'`` and so on, within the line."""

    def run(engine: Engine, count: int | None, is_around: bool) -> Span:
        line, column = engine.caret
        letters = engine.text.line(line)
        places = [one for one in range(len(letters)) if letters[one] == sign and not _is_escaped(letters, one)]
        if letters[column : column + 1] == sign and column in places:
            pairs = list(zip(places[::2], places[1::2], strict=False))
            pair = next((pair for pair in pairs if column in pair), None)
        else:
            before = [one for one in places if one < column]
            after = [one for one in places if one > column]
            pair = (before[-1], after[0]) if before and after else None
            if pair is None and len(after) > 1:
                pair = after[0], after[1]
        if pair is None:
            raise Refused
        start, stop = pair
        taken = sorted((engine.anchor, engine.caret)) if engine.is_visual else None
        if taken == [Place(line, start + 1), Place(line, stop - 1)]:
            return Span(Place(line, start), Place(line, stop + 1))
        if not is_around:
            return Span(Place(line, start + 1), Place(line, stop)) if not (count or 1) > 1 else Span(
                Place(line, start), Place(line, stop + 1)
            )
        end = stop + 1
        while end < len(letters) and letters[end] in " \t":
            end += 1
        if end == stop + 1:
            while start and letters[start - 1] in " \t":
                start -= 1
        return Span(Place(line, start), Place(line, end))

    return run


def _is_escaped(letters: str, column: int) -> bool:
    count = 0
    while column - count - 1 >= 0 and letters[column - count - 1] == "\\":
        count += 1
    return bool(count % 2)


def brackets(begin: str):
    """``i(``, ``a{`` and so on."""
    close = BRACKETS[begin]

    def run(engine: Engine, count: int | None, is_around: bool) -> Span:
        text = engine.text
        letter = text.line(engine.caret.line)[engine.caret.column : engine.caret.column + 1]
        has_part = engine.is_visual and engine.anchor != engine.caret
        low = min(engine.anchor, engine.caret) if has_part else engine.caret
        start: Place | None
        if has_part:
            start = unmatched(text, low, -1, begin, close, count or 1)
        elif letter == begin:
            start = engine.caret if (count or 1) == 1 else unmatched(text, low, -1, begin, close, (count or 1) - 1)
        else:
            start = unmatched(text, low, -1, begin, close, count or 1)
        if start is None and not has_part and (count or 1) == 1:
            start = _next_open(text, low, begin)
        stop = unmatched(text, start, 1, begin, close) if start is not None else None
        if start is None or stop is None:
            raise Refused
        if is_around:
            return Span(start, Place(stop.line, stop.column + 1))
        return _inside(engine, start, stop)

    return run


def _next_open(text: Text, place: Place, begin: str) -> Place | None:
    """The next opening bracket, for who stands before it; none where a closing one comes first."""
    sign = re.compile("[" + re.escape(begin + BRACKETS[begin]) + "]")
    for line, letters in islice(lines(text, place.line, 1), _LINES_ON):
        found = sign.search(letters, place.column if line == place.line else 0)
        if found is not None:
            return Place(line, found.start()) if found[0] == begin else None
    return None


def _inside(engine: Engine, start: Place, stop: Place) -> Span:
    """Between two brackets; whole lines where the brackets end and begin theirs."""
    text = engine.text
    first = Place(start.line, start.column + 1)
    if stop.line > start.line and first.column >= len(text.line(start.line)):
        first = Place(start.line + 1, 0)
        if not text.line(stop.line)[: stop.column].strip(" \t"):
            if first.line == stop.line:
                if engine.is_visual:
                    raise Refused
                return Span(first, first)
            last = stop.line - 1
            if engine.operator is not None and engine.operator.name in ("delete", "change", "yank") or not (
                engine.is_visual
            ):
                return Span(first, Place(last, 0), LINE)
            return Span(first, Place(last, len(text.line(last))), CHAR)
    elif stop.line > start.line and not text.line(stop.line)[: stop.column].strip(" \t"):
        return Span(first, Place(stop.line - 1, len(text.line(stop.line - 1))))
    if first >= stop and engine.is_visual:
        raise Refused
    return Span(first, max(first, stop))


def paragraph(engine: Engine, count: int | None, is_around: bool) -> Span:
    """``ip`` and ``ap``."""
    text = engine.text
    first = last = engine.caret.line
    if engine.is_visual and (engine.anchor.line != engine.caret.line or engine.mode == VISUAL_LINE):
        first, last = min(engine.anchor.line, engine.caret.line), max(engine.anchor.line, engine.caret.line) + 1
        if last >= text.line_count:
            raise Refused
        kept = first
    else:
        kept = None
    is_blank = _is_blank(text, last)
    if kept is None:
        first = _run_edge(text, first, -1, is_blank)
    for number in range(count or 1):
        if number and last + 1 >= text.line_count:
            raise Refused
        begin = last + 1 if number else last
        blank = _is_blank(text, begin)
        last = _run_edge(text, begin, 1, blank)
        if is_around:
            if last + 1 < text.line_count:
                last = _run_edge(text, last + 1, 1, not blank)
            elif blank:
                raise Refused
            elif kept is None and first and number == (count or 1) - 1 and _is_blank(text, first - 1):
                first = _run_edge(text, first - 1, -1, True)
    return Span(Place(first if kept is None else kept, 0), Place(last, 0), LINE)


def _is_blank(text: Text, line: int) -> bool:
    return not text.line(line).strip(" \t")


def _run_edge(text: Text, line: int, step: int, is_blank: bool) -> int:
    """The last line, in one direction, of a run of lines that are blank, or are not."""
    found = line
    for number, letters in lines(text, line, step):
        if (not letters.strip(" \t")) != is_blank:
            break
        found = number
    return found


def sentence(engine: Engine, count: int | None, is_around: bool) -> Span:
    """``is`` and ``as``; one that ends with its line is that line, where it begins it too."""
    start, stop = _sentence(engine, count, is_around)[:2]
    if stop.column or stop.line == start.line:
        return Span(start, stop)
    if engine.operator is not None and start.column <= depth(engine.text.line(start.line)):
        return Span(start, Place(stop.line - 1, 0), LINE)
    return Span(start, Place(stop.line - 1, len(engine.text.line(stop.line - 1))))


def _sentence(engine: Engine, count: int | None, is_around: bool) -> Span:
    text, caret = engine.text, engine.caret
    walk = Walk(text, caret)
    start = next_sentence(text, Place(caret.line, caret.column + 1), -1) if walk.letter else caret
    start = start if start is not None and start <= caret else Place(0, 0)
    if start.line < caret.line and not text.get(start, Place(caret.line, caret.column + 1)).strip():
        start = next_sentence(text, start, 1) or start  # before the first sentence of a paragraph
    stop = next_sentence(text, start, 1)
    stop = stop if stop is not None and stop > start else engine.end_of_text()
    end = _without_blank(text, start, stop)
    in_blank = caret >= end and end < stop
    if in_blank:
        start, end = end, stop
    left = count or 1
    if not is_around:
        place, blank = stop if in_blank else end, in_blank
        for _ in range(left - 1):
            place = (next_sentence(text, place, 1) or engine.end_of_text()) if blank else stop
            blank = not blank
        return Span(start, place)
    if in_blank:
        following = next_sentence(text, stop, 1) or engine.end_of_text()
        return Span(start, _without_blank(text, stop, following))
    for _ in range(left - 1):
        stop = next_sentence(text, stop, 1) or engine.end_of_text()
        end = _without_blank(text, start, stop)
    if stop > end:
        return Span(start, stop)
    letters = text.line(start.line)
    column = start.column
    while column and letters[column - 1] in " \t":
        column -= 1
    return Span(Place(start.line, column), end)


def _without_blank(text: Text, start: Place, stop: Place) -> Place:
    walk = Walk(text, stop)
    while walk.place > start:
        was = walk.place
        if walk.back() or walk.letter not in (" ", "\t"):
            return was
    return start


def whole(engine: Engine, count: int | None, is_around: bool) -> Span:
    """``ie`` and ``ae``: all of the text."""
    return Span(Place(0, 0), Place(engine.text.line_count - 1, 0), LINE)


def indented(engine: Engine, count: int | None, is_around: bool) -> Span:
    """``ii`` and ``ai``: lines as deep as this one; ``ai`` with the line above."""
    text, line = engine.text, engine.caret.line
    size = depth(text.line(line))

    def edge(step: int) -> int:
        found = line
        for number, letters in lines(text, line, step):
            if letters.strip() and depth(letters) < size:
                break
            if letters.strip():
                found = number
        return found

    first, last = edge(-1), edge(1)
    return Span(Place(max(first - is_around, 0), 0), Place(last, 0), LINE)


OBJECTS: tuple[TextObject, ...] = (
    TextObject("w", "word", "word", word(False)), TextObject("W", "big-word", "word by spaces", word(True)),
    TextObject("s", "sentence", "sentence", sentence), TextObject("p", "paragraph", "paragraph", paragraph),
    TextObject('"', "double-quotes", "double quotes", quote('"')),
    TextObject("'", "single-quotes", "single quotes", quote("'")),
    TextObject("`", "backquotes", "backquotes", quote("`")),
    TextObject("( ) b", "parentheses", "parentheses", brackets("(")),
    TextObject("[ ]", "brackets", "square brackets", brackets("[")),
    TextObject("{ } B", "braces", "braces", brackets("{")),
    TextObject("<lt> >", "angles", "angle brackets", brackets("<")), TextObject("t", "tag", "tags", tag),
    TextObject("e", "whole", "whole text", whole), TextObject("i", "indented", "lines as deep as this one", indented),
)  # fmt: skip
