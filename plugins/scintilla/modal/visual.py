"""Visual mode: selecting, and what only a selection knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.scintilla.modal.engine import NORMAL, VISUAL, VISUAL_BLOCK, VISUAL_LINE
from plugins.scintilla.modal.motion_line import END
from plugins.scintilla.modal.row import BLOCK, CHAR, LINE, Command, Refused, Span
from plugins.scintilla.modal.text import Place, back, column_at, on, shown_column

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

_SHAPES = {VISUAL: CHAR, VISUAL_LINE: LINE, VISUAL_BLOCK: BLOCK}


def selected(engine: Engine) -> Span:
    """What is selected."""
    if engine.extent_span is not None:
        return engine.extent_span
    low, high = sorted((engine.anchor, engine.caret))
    shape = _SHAPES[engine.mode]
    if shape == LINE:
        return Span(low, high, LINE)
    if shape == BLOCK:
        from plugins.scintilla.modal.follow import block

        span = block(engine, engine.anchor, engine.caret)
        return span._replace(right=None) if engine.want == END else span
    letters = engine.text.line(high.line)
    if high.column < len(letters):
        return Span(low, Place(high.line, on(letters, high.column)))
    if high.line + 1 < engine.text.line_count:
        return Span(low, Place(high.line + 1, 0))
    return Span(low, Place(high.line, len(letters)))


def leave(engine: Engine) -> None:
    """Select no more; ``gv`` brings it back."""
    if engine.is_visual:
        engine.last_visual = engine.mode, engine.anchor, engine.caret, engine.want == END
        engine.mode = NORMAL
        letters = engine.text.line(min(engine.caret.line, engine.text.line_count - 1))
        engine.caret = Place(engine.caret.line, min(engine.caret.column, back(letters, len(letters)) if letters else 0))


def begin(mode: str):
    """``v``, ``V`` and Ctrl+V: select, select otherwise, or no more."""

    def run(engine: Engine, count: int | None) -> None:
        if engine.mode == mode:
            leave(engine)
            return
        if not engine.is_visual:
            engine.anchor = engine.caret
            if count and mode == VISUAL:
                letters = engine.text.line(engine.caret.line)
                engine.caret = Place(engine.caret.line, min(engine.caret.column + count - 1, len(letters)))
            elif count and mode == VISUAL_LINE:
                line = min(engine.caret.line + count - 1, engine.text.line_count - 1)
                engine.caret = Place(line, engine.caret.column)
        engine.mode = mode

    return run


def select_again(engine: Engine, count: int | None) -> None:
    """``gv``."""
    if engine.last_visual is None:
        raise Refused
    now = (engine.mode, engine.anchor, engine.caret, engine.want == END) if engine.is_visual else None
    engine.mode, engine.anchor, engine.caret, to_end = engine.last_visual
    engine.want = END if to_end else None
    if now is not None:
        engine.last_visual = now


def select_span(engine: Engine, span: Span) -> None:
    """Select a text object."""
    text = engine.text
    if span.shape == LINE:
        engine.mode = VISUAL_LINE
        engine.anchor, engine.caret = span.start, Place(span.stop.line, 0)
        return
    if engine.mode == VISUAL_LINE:
        engine.mode = VISUAL
    stop = span.stop
    letters = text.line(stop.line)
    if stop.column:
        stop = Place(stop.line, back(letters, stop.column))
    elif stop.line > span.start.line:
        stop = Place(stop.line - 1, len(text.line(stop.line - 1)))
    engine.anchor, engine.caret = (stop, span.start) if span.stop < engine.anchor else (span.start, stop)
    engine.want = None


def other_end(engine: Engine, count: int | None) -> None:
    """``o``."""
    engine.anchor, engine.caret = engine.caret, engine.anchor
    engine.want = None


def other_corner(engine: Engine, count: int | None) -> None:
    """``O``: of a rectangle the corner in the same line."""
    if engine.mode != VISUAL_BLOCK:
        other_end(engine, count)
        return
    one, other = engine.anchor, engine.caret
    tab = engine.text.tab_width
    left = shown_column(engine.text.line(one.line), one.column, tab)
    right = shown_column(engine.text.line(other.line), other.column, tab)
    engine.anchor = Place(one.line, column_at(engine.text.line(one.line), right, tab))
    engine.caret = Place(other.line, column_at(engine.text.line(other.line), left, tab))
    engine.want = None


def _taken(engine: Engine, *, lines: bool = False) -> Span:
    """The selection, which ends."""
    span = selected(engine)
    leave(engine)
    engine.is_selected, engine.shift_steps = True, 1
    return Span(span.start, span.stop, LINE) if lines and span.shape != BLOCK else span


def delete_lines(engine: Engine, count: int | None) -> None:
    """``D`` and ``X``: the lines; of a rectangle up to the lines' ends."""
    from plugins.scintilla.modal.operator import delete

    was_block = engine.mode == VISUAL_BLOCK
    is_end = was_block and engine.taken[-1] == "D"
    span = _taken(engine, lines=True)
    if was_block:
        span = span._replace(right=None) if is_end else Span(span.start, span.stop, LINE)
    delete(engine, span)


def delete(engine: Engine, count: int | None) -> None:
    """``x`` and Delete."""
    from plugins.scintilla.modal.operator import delete as run

    run(engine, _taken(engine))


def yank_lines(engine: Engine, count: int | None) -> None:
    """``Y``."""
    from plugins.scintilla.modal.operator import yank

    yank(engine, _taken(engine, lines=True))


def change(engine: Engine, count: int | None) -> Iterator[None]:
    """``s``."""
    from plugins.scintilla.modal.operator import change as run

    yield from run(engine, _taken(engine))


def change_lines(engine: Engine, count: int | None) -> Iterator[None]:
    """``C``, ``S`` and ``R``: the lines; ``C`` of a rectangle up to the lines' ends."""
    from plugins.scintilla.modal.operator import change as run

    was_block = engine.mode == VISUAL_BLOCK
    is_end = was_block and engine.taken[-1] == "C"
    span = _taken(engine, lines=True)
    if was_block:
        span = span._replace(right=None) if is_end else Span(span.start, span.stop, LINE)
    yield from run(engine, span)


def replace(engine: Engine, count: int | None) -> Iterator[None]:
    """``r``: every letter of it becomes that one."""
    from plugins.scintilla.modal.operator import replace_all, start_of

    letter = yield from engine.argument("letter")
    span = _taken(engine)
    replace_all(engine, span, lambda text: "".join(one if one == "\n" else letter for one in text))
    engine.caret = start_of(engine, span) if span.shape != LINE else Place(span.start.line, 0)


def change_case(make):
    """``u``, ``U`` and ``~``."""

    def run(engine: Engine, count: int | None) -> None:
        from plugins.scintilla.modal.operator import change_case as changing

        span = _taken(engine)
        changing(make)(engine, span)

    return run


def join(has_spaces: bool):
    """``J`` and ``gJ``."""

    def run(engine: Engine, count: int | None) -> None:
        from plugins.scintilla.modal.operator import join_lines

        span = _taken(engine)
        first, last = span.start.line, span.stop.line
        if span.shape == CHAR and not span.stop.column and last > first:
            last -= 1
        if first == last == engine.text.line_count - 1:
            raise Refused
        join_lines(engine, first, max(last, first + 1), has_spaces)

    return run


def insert(engine: Engine, count: int | None) -> Iterator[None]:
    """``I``: before the rectangle, in each of its lines."""
    from plugins.scintilla.modal.typing import type_text
    from plugins.scintilla.modal.typing_block import type_block

    mode = engine.mode
    span = _taken(engine)
    if mode == VISUAL_BLOCK:
        letters = engine.text.line(span.start.line)
        engine.caret = Place(span.start.line, column_at(letters, span.left, engine.text.tab_width))
        yield from type_block(engine, span, span.left)
        return
    engine.caret = Place(span.start.line, 0)
    yield from type_text(engine)


def append(engine: Engine, count: int | None) -> Iterator[None]:
    """``A``: behind the rectangle, in each of its lines."""
    from plugins.scintilla.modal.typing import type_text
    from plugins.scintilla.modal.typing_block import type_block

    mode = engine.mode
    span = _taken(engine)
    line = span.start.line
    letters, tab = engine.text.line(line), engine.text.tab_width
    if mode != VISUAL_BLOCK:
        letters = engine.text.line(span.stop.line)
        stop = span.stop if mode == VISUAL else Place(span.stop.line, min(span.stop.column + 1, len(letters)))
        if mode == VISUAL_LINE and not span.stop.column:
            stop = Place(span.stop.line, 0)
        if mode == VISUAL and not stop.column and stop.line > span.start.line:
            stop = Place(stop.line - 1, len(engine.text.line(stop.line - 1)))
        engine.caret = stop
        yield from type_text(engine)
        return
    if span.right is None:
        engine.caret = Place(line, len(letters))
        yield from type_block(engine, span, 0, appends=True)
        return
    shown, end = span.right + 1, shown_column(letters, len(letters), tab)
    if end < shown:
        engine.replace(Place(line, len(letters)), Place(line, len(letters)), " " * (shown - end))
        letters = engine.text.line(line)
    engine.caret = Place(line, column_at(letters, shown, tab))
    yield from type_block(engine, span, shown, appends=True)


def put(is_kept: bool):
    """``p`` and ``P``: in the place of the selection."""

    def run(engine: Engine, count: int | None) -> None:
        from plugins.scintilla.modal.operator import delete as deleting
        from plugins.scintilla.modal.put import put as putting

        kept = engine.registers.get(engine.register)
        span = _taken(engine)
        engine.register = "_" if is_kept else None
        text = engine.text
        at_end = span.shape == LINE and span.stop.line == text.line_count - 1
        reaches_end = span.shape == CHAR and span.stop.column >= len(text.line(span.stop.line)) and (
            span.stop.column or span.start.line == span.stop.line
        )
        deleting(engine, span)
        if span.shape == LINE and text.line_count == 1 and not text.line(0) and at_end:
            putting(engine, kept, count or 1, before=False, into_lines=True)
            if kept.shape == LINE:
                engine.remove_lines(0, 0)
                engine.caret = engine.first_letter(0)
            return
        if kept.shape == LINE and span.shape == CHAR:
            engine.replace(engine.caret, engine.caret, "\n")
            engine.caret = Place(engine.caret.line, 0)
            putting(engine, kept, count or 1, before=False)
            return
        if span.shape == CHAR:
            engine.caret = span.start
            putting(engine, kept, count or 1, before=True, is_exact=True)
            return
        is_before = not (at_end if span.shape == LINE else reaches_end)
        if kept.shape == BLOCK and span.shape != LINE or kept.shape == CHAR and span.shape == BLOCK:
            is_before = True
        putting(engine, kept, count or 1, before=is_before, into_lines=span.shape == LINE)

    return run


def add(step: int, is_growing: bool):
    """Ctrl+A and Ctrl+X: numbers of the selection; with ``g`` by one more each line."""

    def run(engine: Engine, count: int | None) -> None:
        from plugins.scintilla.modal.number import add_to
        from plugins.scintilla.modal.operator import parts, start_of

        span, amount = _taken(engine), (count or 1) * step
        now = amount
        for start, stop in parts(engine, span) if span.shape != CHAR else _by_lines(engine, span):
            letters = engine.text.line(start.line)
            made = add_to(letters[: stop.column], start.column, now, is_within=True)
            if made is not None:
                first, last, new = made
                engine.replace(Place(start.line, first), Place(start.line, last), new)
                now += amount if is_growing else 0
        engine.caret = start_of(engine, span) if span.shape != LINE else Place(span.start.line, 0)

    return run


def _by_lines(engine: Engine, span: Span) -> list[tuple[Place, Place]]:
    made = []
    for line in range(span.start.line, span.stop.line + 1):
        start = span.start if line == span.start.line else Place(line, 0)
        stop = span.stop if line == span.stop.line else Place(line, len(engine.text.line(line)))
        made.append((start, stop))
    return made


def _capitals(text: str) -> str:
    from plugins.scintilla.modal.operator import upper

    return upper(text)


def _swapped(text: str) -> str:
    from plugins.scintilla.modal.operator import swapped

    return swapped(text)


COMMANDS: tuple[Command, ...] = (
    Command("v", "visual", "select letters", begin(VISUAL), "nv"),
    Command("V", "visual-line", "select lines", begin(VISUAL_LINE), "nv"),
    Command("<C-v>", "visual-block", "select a rectangle", begin(VISUAL_BLOCK), "nv"),
    Command("<C-q>", "visual-block", "select a rectangle", begin(VISUAL_BLOCK), "v"),
    Command("gv", "select-again", "select the same again", select_again, "nv"),
    Command("o", "other-end", "other end of the selection", other_end, "v"),
    Command("O", "other-corner", "other corner of the selection", other_corner, "v"),
    Command("x", "delete", "delete", delete, "v", True), Command("<Del>", "delete", "delete", delete, "v", True),
    Command("D", "delete-lines", "delete the lines", delete_lines, "v", True),
    Command("X", "delete-lines", "delete the lines", delete_lines, "v", True),
    Command("Y", "yank-lines", "yank the lines", yank_lines, "v"), Command("s", "change", "change", change, "v", True),
    Command("C", "change-lines", "change the lines", change_lines, "v", True),
    Command("R", "change-lines", "change the lines", change_lines, "v", True),
    Command("r", "replace", "make all letters that one", replace, "v", True),
    Command("u", "small-letters", "small letters", change_case(str.lower), "v", True),
    Command("U", "capitals", "capitals", change_case(_capitals), "v", True),
    Command("~", "swap-case", "swap capitals and small letters", change_case(_swapped), "v", True),
    Command("J", "join", "join the lines", join(True), "v", True),
    Command("gJ", "join-bare", "join the lines as they are", join(False), "v", True),
    Command("I", "insert-block", "type before each line of the rectangle", insert, "v", True),
    Command("A", "append-block", "type behind each line of the rectangle", append, "v", True),
    Command("p", "put", "put in its place", put(False), "v", True),
    Command("P", "put-keep", "put in its place, the register stays", put(True), "v", True),
    Command("<C-a>", "add", "add to the numbers", add(1, False), "v", True),
    Command("<C-x>", "subtract", "subtract from the numbers", add(-1, False), "v", True),
    Command("g<C-a>", "add-growing", "add one more each line", add(1, True), "v", True),
    Command("g<C-x>", "subtract-growing", "subtract one more each line", add(-1, True), "v", True),
)  # fmt: skip
