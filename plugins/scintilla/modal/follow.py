"""Following the grammar: count, register, command; operator, count, motion or text object."""

from __future__ import annotations

from collections.abc import Iterator
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from plugins.scintilla.modal.engine import NORMAL, TYPING_MODES, VISUAL_BLOCK, VISUAL_LINE, Cancelled, Change
from plugins.scintilla.modal.key import DELETE, ESCAPE, control
from plugins.scintilla.modal.register import READABLE
from plugins.scintilla.modal.row import (
    BLOCK,
    CHAR,
    EXCLUSIVE,
    INCLUSIVE,
    LINE,
    LINES,
    Command,
    Motion,
    Operator,
    Reach,
    Refused,
    Span,
    TextObject,
)  # fmt: skip
from plugins.scintilla.modal.table import DOUBLE, FORCES, NORMAL_TABLE, VISUAL_TABLE, pending_table
from plugins.scintilla.modal.text import Place, depth, on, shown_column, width

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

_MOST = 1_000_000


def command(engine: Engine) -> Iterator[None]:
    """One whole command, or what is typed in insert mode."""
    if engine.mode in TYPING_MODES:
        from plugins.scintilla.modal.typing import go_on

        yield from go_on(engine)
        return
    engine.taken = []
    count, key = yield from _head(engine)
    engine.carets.begin()
    if key == ESCAPE or key == control("c"):
        if not engine.is_visual:
            engine.carets.drop()
        engine.mode = NORMAL if not engine.is_visual else _leave(engine)
        return
    was_visual = engine.is_visual
    table = VISUAL_TABLE if was_visual else NORMAL_TABLE
    row = yield from engine.look_up(table, key)
    engine.row = row
    if isinstance(row, Motion):
        yield from _move(engine, row, count)
    elif isinstance(row, TextObject):
        yield from _select(engine, row, count)
    elif isinstance(row, Operator):
        yield from (_operate_selected(engine, row, count) if was_visual else _operate(engine, row, count))
    else:
        yield from _run(engine, row, count)


def _leave(engine: Engine) -> str:
    from plugins.scintilla.modal.visual import leave

    leave(engine)
    return NORMAL


def _head(engine: Engine) -> Iterator[None]:
    """Count and register before a command; and its first key."""
    count: int | None = None
    while True:
        engine.awaited = VISUAL_TABLE if engine.is_visual else NORMAL_TABLE, ""
        key = yield from engine.key()
        if key.isascii() and key.isdigit() and (key != "0" or count is not None):
            count = min((count or 0) * 10 + int(key), _MOST)
        elif key == DELETE and count is not None:
            count = count // 10 or None
        elif key == '"':
            name = yield from engine.argument("register")
            if name not in READABLE:
                raise Refused
            engine.register = name
        else:
            engine.taken = [key]
            return count, key


def _count(engine: Engine, key: str) -> Iterator[None]:
    """A count, and the key behind it; neither stands in what is repeated."""
    count: int | None = None
    while key.isascii() and key.isdigit() and (key != "0" or count is not None):
        count = min((count or 0) * 10 + int(key), _MOST)
        engine.taken.pop()
        key = yield from engine.key()
    return count, key


def _finish(engine: Engine, made: Any) -> Iterator[None]:
    """What a row's function answers; a generator is waited for."""
    if isinstance(made, GeneratorType):
        return (yield from made)
    return made


def _move(engine: Engine, row: Motion, count: int | None) -> Iterator[None]:
    found = yield from _finish(engine, row.run(engine, count))
    engine.move(row, found.place if isinstance(found, Reach) else found)


def _select(engine: Engine, row: TextObject, count: int | None) -> Iterator[None]:
    """A text object while something is selected."""
    from plugins.scintilla.modal.visual import select_span

    span = yield from _finish(engine, row.run(engine, count, row.keys[0] == "a"))
    select_span(engine, span)


def _run(engine: Engine, row: Command, count: int | None) -> Iterator[None]:
    extent = _extent(engine) if engine.is_visual and row.changes else None
    register = engine.register
    yield from _finish(engine, row.run(engine, count))
    if row.changes:
        engine.want = None
        keep_change(engine, count, register, extent)


def keep_change(engine: Engine, count: int | None, register: str | None, extent: Any = None) -> None:
    """What ``.`` repeats from now on."""
    if not engine.is_repeating:
        engine.last_change = Change("".join(engine.taken), count, register, extent)


def _extent(engine: Engine) -> tuple[str, int, int]:
    """Shape, lines and columns of the selection."""
    from plugins.scintilla.modal.visual import selected

    span = selected(engine)
    low, high = sorted((engine.anchor, engine.caret))
    lines = high.line - low.line
    if span.shape == CHAR:
        columns = high.column + 1 - (low.column if not lines else 0)
    elif span.shape == BLOCK:
        columns = -1 if span.right is None else span.right - span.left + 1
    else:
        columns = 0
    return span.shape, lines, columns


# -- operators --------------------------------------------------------------------------------------------------------


def _operate_selected(engine: Engine, row: Operator, count: int | None) -> Iterator[None]:
    from plugins.scintilla.modal.visual import leave, selected

    span, extent, register = selected(engine), _extent(engine), engine.register
    leave(engine)
    engine.operator = row
    engine.shift_steps = count or 1
    engine.is_selected = True
    engine.undo_place = span.start
    yield from _finish(engine, row.run(engine, span))
    engine.want = None
    if row.changes:
        keep_change(engine, count, register, extent)


def _operate(engine: Engine, row: Operator, count: int | None) -> Iterator[None]:
    engine.operator = row
    engine.shift_steps, engine.is_selected = 1, False
    register = engine.register
    table = pending_table(row)
    engine.awaited = table, ""
    key = yield from engine.key()
    forced = None
    while True:
        inner, key = yield from _count(engine, key)
        if inner is not None:
            count = inner * (count or 1)
        if key in FORCES:
            forced, key = FORCES[key], (yield from engine.key())
            continue
        break
    if key == ESCAPE:
        raise Cancelled
    found = yield from engine.look_up(table, key)
    span = yield from _span(engine, row, found, count, forced)
    engine.operator, engine.undo_place = row, span.start
    yield from _finish(engine, row.run(engine, span))
    engine.want = None
    if row.changes:
        keep_change(engine, count, register)


def _span(engine: Engine, row: Operator, found: Any, count: int | None, forced: str | None) -> Iterator[None]:
    """What an operator works on."""
    if found is DOUBLE:
        line = engine.caret.line
        last = engine.lines_down(count)
        column = engine.caret.column
        if last == line and row.name != "yank":
            column = min(column, engine.first_letter(line).column)
        return Span(Place(line, column), Place(last, 0), LINE)
    if isinstance(found, TextObject):
        return (yield from _finish(engine, found.run(engine, count, found.keys[0] == "a")))
    was, engine.part_start = engine.caret, None
    answer = yield from _finish(engine, found.run(engine, count))
    reach = answer if isinstance(answer, Reach) else Reach(answer, found.kind)
    return _between(engine, engine.part_start or was, reach, forced)


def _between(engine: Engine, start: Place, reach: Reach, forced: str | None) -> Span:
    """The part between the caret and where a motion leads."""
    place, kind = reach.place, reach.kind
    if forced == BLOCK:
        return block(engine, start, place, is_exclusive=kind == EXCLUSIVE)
    if forced == CHAR:
        kind = INCLUSIVE if kind == EXCLUSIVE else EXCLUSIVE
    elif forced == LINE:
        kind = LINES
    low, high = min(start, place), max(start, place)
    if kind == LINES:
        return Span(low, high, LINE)
    text = engine.text
    letters = text.line(high.line)
    if kind == INCLUSIVE:
        return Span(low, Place(high.line, on(letters, high.column) if high.column < len(letters) else high.column))
    if not high.column and high.line > low.line and not reach.is_exact:
        if low.column <= depth(text.line(low.line)):
            return Span(low, Place(high.line - 1, 0), LINE)
        return Span(low, Place(high.line - 1, len(text.line(high.line - 1))))
    return Span(low, high)


def block(engine: Engine, one: Place, other: Place, *, is_exclusive: bool = False) -> Span:
    """The rectangle between two letters."""
    text, edges = engine.text, []
    for place in (one, other):
        letters = text.line(place.line)
        begin = shown_column(letters, place.column, text.tab_width)
        letter = letters[place.column : place.column + 1]
        edges.append((begin, begin + max(width(letter, begin, text.tab_width), 1) - 1 if letter else begin))
    right = max(edge[1] for edge in edges)
    lines = sorted((one.line, other.line))
    left = min(edge[0] for edge in edges)
    return Span(Place(lines[0], 0), Place(lines[1], 0), BLOCK, left, max(right - is_exclusive, left))


def repeat(engine: Engine, count: int | None) -> None:
    """``.``: the last change again, with another count where one is given."""
    change = engine.last_change
    if change is None:
        raise Refused
    if count is not None:
        change = change._replace(count=count)
    register = change.register
    if register is not None and register in "12345678":
        register = str(int(register) + 1)
        change = change._replace(register=register)
    head = f'"{register}' if register else ""
    was, engine.is_repeating = engine.is_repeating, True
    try:
        if change.extent is not None:
            _select_extent(engine, change.extent, count)
        with engine.carets.held():
            engine.replay(head + (str(change.count) if change.count else "") + change.keys)
    finally:
        engine.is_repeating = was
        engine.extent_span = None
    engine.last_change = change


def _select_extent(engine: Engine, extent: tuple[str, int, int], count: int | None) -> None:
    """Select as much from the caret on as was selected when the change was made."""
    from plugins.scintilla.modal.engine import VISUAL
    from plugins.scintilla.modal.motion_line import END
    from plugins.scintilla.modal.text import column_at

    shape, lines, columns = extent
    text = engine.text
    engine.anchor = start = engine.caret
    line = min(start.line + lines, text.line_count - 1)
    letters = text.line(line)
    engine.mode = {CHAR: VISUAL, LINE: VISUAL_LINE, BLOCK: VISUAL_BLOCK}[shape]
    engine.want = None
    if shape == CHAR:
        column = columns + (start.column if not lines else 0)
        engine.caret = Place(line, min(column - 1, len(letters)) if column else 0)
    elif shape == BLOCK and columns >= 0:
        shown = shown_column(text.line(start.line), start.column, text.tab_width) + columns - 1
        left = shown - columns + 1
        engine.extent_span = Span(Place(start.line, 0), Place(line, 0), BLOCK, left, shown)
        engine.caret = Place(line, column_at(letters, shown, text.tab_width))
    else:
        engine.caret = Place(line, min(start.column, len(letters)))
        engine.want = END if columns < 0 else None

