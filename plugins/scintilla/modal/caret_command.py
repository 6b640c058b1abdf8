"""Commands that put carets, go through them, and take them away: ``gb`` and the keys behind ``gs``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.api import say
from plugins.scintilla.modal import search as searching
from plugins.scintilla.modal.caret import MOST, Caret, Selected
from plugins.scintilla.modal.line import read_line
from plugins.scintilla.modal.row import CHAR, LINE, Command, Refused, Span
from plugins.scintilla.modal.text import Place, back, column_at, shown_column
from plugins.scintilla.modal.word import word_around

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


def hit(step: int, *, leaves: bool = False):
    """``gb``: select the word at the caret; then, each time, also the next or last place where the same stands.

    Args:
        step: 1 for the next, -1 for the one before.
        leaves: Whether the caret goes there and leaves none where it was.
    """

    def run(engine: Engine, count: int | None) -> None:
        if not engine.is_visual:
            _each(engine, lambda: _select_word(engine))
            count = (count or 1) - 1
        for _ in range(count or 0 if not engine.is_visual else (count if count is not None else 1)):
            _add_hit(engine, step, leaves=leaves)

    return run


def _each(engine: Engine, act) -> None:
    """At each caret, the mode of all being that of the engine's own one."""
    mode = engine.mode
    act()
    made = engine.mode
    engine.mode = mode
    engine.carets.each(act)
    engine.mode = made


def _select_word(engine: Engine) -> None:
    from plugins.scintilla.modal.engine import VISUAL

    line, column = engine.caret
    letters = engine.text.line(line)
    start, stop = word_around(letters, column)
    if start == stop:
        raise Refused
    engine.anchor, engine.caret = Place(line, start), Place(line, back(letters, stop))
    engine.mode, engine.want = VISUAL, None


def _selected_text(engine: Engine) -> str:
    from plugins.scintilla.modal.visual import selected

    span = selected(engine)
    if span.shape == CHAR:
        return engine.text.get(span.start, span.stop)
    if span.shape == LINE:
        return engine.text.get(Place(span.start.line, 0), Place(span.stop.line, len(engine.text.line(span.stop.line))))
    raise Refused(say("a rectangle has one caret"))


def _add_hit(engine: Engine, step: int, *, leaves: bool) -> None:
    wanted = _selected_text(engine)
    taken = {min(one.caret, one.anchor) for one in (Selected(engine.caret, engine.anchor), *engine.carets.others)}
    place, pattern = min(engine.caret, engine.anchor), re.compile(re.escape(wanted))
    for _ in range(len(taken) + 1):
        found = searching.find(engine.text, pattern, place, step) if wanted else None
        if found is None:
            break
        place = found[0]
        if place not in taken:
            _take(engine, *found, leaves=leaves)
            return
    raise Refused(say("it stands nowhere else"))


def _take(engine: Engine, start: Place, stop: Place, *, leaves: bool = False) -> None:
    """A caret with that part selected, turned as the engine's own one is."""
    from plugins.scintilla.modal.engine import VISUAL

    low, high = _ends(engine, start, stop)
    anchor, caret = (low, high) if engine.caret >= engine.anchor else (high, low)
    engine.mode = VISUAL
    if leaves:
        engine.anchor, engine.caret, engine.want = anchor, caret, None
    else:
        engine.carets.add(caret, anchor)


def _ends(engine: Engine, start: Place, stop: Place) -> tuple[Place, Place]:
    """First and last letter of a part."""
    if stop.column:
        return start, Place(stop.line, back(engine.text.line(stop.line), stop.column))
    return start, Place(stop.line - 1, len(engine.text.line(stop.line - 1))) if stop > start else start


def all_hits(engine: Engine, count: int | None) -> None:
    """``gsa``: every place where what is selected, or the word at the caret, stands."""
    if not engine.is_visual:
        _select_word(engine)
    wanted = _selected_text(engine)
    if wanted:
        whole = Span(Place(0, 0), engine.end_of_text())
        _select_matches(engine, re.compile(re.escape(wanted)), [whole])


def matches(engine: Engine, count: int | None) -> Iterator[None]:
    """``gs/``: what fits an expression, within what is selected or in the whole text."""
    from plugins.scintilla.modal.visual import selected

    spans = [Span(Place(0, 0), engine.end_of_text())]
    if engine.is_visual:
        spans = [selected(engine)]
        engine.carets.each(lambda: spans.append(selected(engine)))
    typed = yield from read_line(engine, "/")
    typed = searching_text(engine, typed)
    _select_matches(engine, searching.pattern_of(engine, typed), spans)


def searching_text(engine: Engine, typed: str) -> str:
    """What is typed, else what was searched for last."""
    wanted = typed or engine.search.last
    if not wanted:
        raise Refused(say("nothing was searched for yet"))
    engine.search.last, engine.search.step, engine.search.offset = wanted, 1, ""
    return wanted


def _select_matches(engine: Engine, pattern: re.Pattern[str], spans: list[Span]) -> None:
    """Select what fits within the parts; the engine's own caret goes to the first from where it is."""
    from plugins.scintilla.modal.engine import VISUAL

    found = [part for span in sorted(spans, key=lambda span: span.start) for part in _within(engine, pattern, span)]
    if not found:
        raise Refused(say("“{name}” is not found", name=engine.search.last) if engine.search.last else "")
    here = min(engine.caret, engine.anchor) if engine.is_visual else engine.caret
    own = next((at for at, (_, stop) in enumerate(found) if stop > here), 0)
    places = [Selected(*reversed(_ends(engine, *part))) for part in found[:MOST]]
    own = min(own, len(places) - 1)
    engine.mode, engine.want = VISUAL, None
    engine.caret, engine.anchor = places.pop(own)
    engine.carets.drop()
    engine.carets.put(places)
    if len(found) > MOST:
        engine.message = say("there are {count} carets at most", count=MOST)


def _within(engine: Engine, pattern: re.Pattern[str], span: Span) -> Iterator[tuple[Place, Place]]:
    """What fits in a part, in order, as far as carets go."""
    start = span.start if span.shape == CHAR else Place(span.start.line, 0)
    stop = span.stop if span.shape == CHAR else Place(span.stop.line, len(engine.text.line(span.stop.line)))
    count = 0
    for piece in engine.text.pieces(start.line, 1):
        if piece.first > stop.line or count > MOST:
            return
        for one, other in searching.spans(piece, pattern):
            part = piece.place(one), piece.place(other)
            if part[0] >= start and part[1] <= stop and one < other and count <= MOST:
                count += 1
                yield part


def beside(step: int):
    """``gsj`` and ``gsk``: carets in the lines below or above, at the same column."""

    def run(engine: Engine, count: int | None) -> None:
        own = Selected(engine.caret, engine.anchor if engine.is_visual else engine.caret)
        everyone = [own, *engine.carets.places()]
        edge = (max if step > 0 else min)(everyone, key=lambda one: one.caret.line)
        high = max(edge.caret.line, edge.anchor.line) - min(edge.caret.line, edge.anchor.line)
        for _ in range(count or 1):
            by = step * (high + 1 if engine.is_visual else 1)
            caret, anchor = (_shifted(engine, place, by) for place in edge)
            edge = Selected(caret, anchor if engine.is_visual else caret)
            engine.carets.add(*edge)

    return run


def _shifted(engine: Engine, place: Place, by: int) -> Place:
    """So many lines below, at the same column of the screen.

    Raises:
        Refused: there is no such line.
    """
    line = place.line + by
    if not 0 <= line < engine.text.line_count:
        raise Refused(say("there is no further line"))
    tab = engine.text.tab_width
    shown, letters = shown_column(engine.text.line(place.line), place.column, tab), engine.text.line(line)
    return Place(line, min(column_at(letters, shown, tab), engine.last(letters)))


def lines(engine: Engine, count: int | None) -> None:
    """``gsl``: a caret in each line of the selections; of a rectangle at its left edge, else at the first letter."""
    from plugins.scintilla.modal.visual import leave, selected

    spans = [selected(engine)]
    engine.carets.each(lambda: spans.append(selected(engine)))
    places = [place for span in spans for place in _starts(engine, span)]
    leave(engine)
    engine.carets.drop()
    engine.caret, engine.want = places[0], None
    engine.carets.put([Selected(place, place) for place in places[1:]])


def _starts(engine: Engine, span: Span) -> Iterator[Place]:
    last = span.stop.line - (span.shape == CHAR and not span.stop.column and span.stop.line > span.start.line)
    for line in range(span.start.line, last + 1):
        letters, tab = engine.text.line(line), engine.text.tab_width
        if span.shape == LINE or span.shape == CHAR:
            yield span.start if span.shape == CHAR and line == span.start.line else engine.first_letter(line)
        elif span.left <= shown_column(letters, len(letters), tab):
            yield Place(line, column_at(letters, span.left, tab))


def only(engine: Engine, count: int | None) -> None:
    """``gso``: this one alone."""
    engine.carets.drop()


def turn(step: int):
    """``gsn`` and ``gsp``: the next caret is the one that is seen and asked."""

    def run(engine: Engine, count: int | None) -> None:
        _exchange(engine, step, keeps=True)

    return run


def leave_this(engine: Engine, count: int | None) -> None:
    """``gsx``: no caret here any more; the next one is the one that is seen."""
    _exchange(engine, 1, keeps=False)


def _exchange(engine: Engine, step: int, *, keeps: bool) -> None:
    carets = engine.carets
    if not carets.others:
        raise Refused(say("there is one caret"))
    order = sorted(carets.others, key=lambda one: one.caret)
    behind = [one for one in order if one.caret > engine.caret]
    found: Caret = (behind or order)[0] if step > 0 else ([one for one in order if one not in behind] or order)[-1]
    carets.exchange(found, keeps=keeps)


COMMANDS: tuple[Command, ...] = (
    Command("gb", "caret", "select the word, then the next same one too", hit(1), "nv"),
    Command("gB", "caret", "select the word, then the same one before too", hit(-1), "nv"),
    Command("gss", "caret", "go to the next same word, leave this one", hit(1, leaves=True), "v"),
    Command("gsa", "caret", "a caret wherever the same stands", all_hits, "nv"),
    Command("gs/", "caret", "a caret wherever something is found", matches, "nv"),
    Command("gsj", "caret", "a caret in the line below", beside(1), "nv"),
    Command("gsk", "caret", "a caret in the line above", beside(-1), "nv"),
    Command("gsl", "caret", "a caret in each line", lines, "v"),
    Command("gsn", "caret", "to the next caret", turn(1), "nv"),
    Command("gsp", "caret", "to the caret before", turn(-1), "nv"),
    Command("gsx", "caret", "no caret here any more", leave_this, "nv"),
    Command("gso", "caret", "this caret alone", only, "nv"),
)  # fmt: skip
