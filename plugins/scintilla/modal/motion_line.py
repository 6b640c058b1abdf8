"""Motions within a line, over lines and over the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.scintilla.modal.row import EXCLUSIVE, INCLUSIVE, LINES, Motion, Reach, Refused
from plugins.scintilla.modal.text import Place, back, column_at, depth, last_column, on

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

#: The wished column of ``$``: every line's end.
END = 1 << 30


def left(engine: Engine, count: int | None) -> Place:
    """``h``."""
    line, column = engine.caret
    letters = engine.text.line(line)
    if not column and not engine.operator:
        raise Refused
    for _ in range(min(count or 1, column)):
        column = back(letters, column)
    return Place(line, column)


def right(engine: Engine, count: int | None) -> Place:
    """``l``: up to the last letter; for an operator and in a selection behind it."""
    line, column = engine.caret
    letters = engine.text.line(line)
    last = len(letters) if engine.operator or engine.is_visual else last_column(letters)
    if column >= last and not engine.operator:
        raise Refused
    for _ in range(min(count or 1, len(letters))):
        column = min(on(letters, column), last)
    if engine.is_visual:
        column = min(column, len(letters) if engine.is_visual else last)
    return Place(line, column)


def space(engine: Engine, count: int | None) -> Place:
    """The space bar: on, over line ends."""
    line, column = engine.caret
    letters = engine.text.line(line)
    for number in range(count or 1):
        if column < (len(letters) if engine.operator else last_column(letters)):
            column = on(letters, column)
        elif line + 1 < engine.text.line_count:
            if engine.operator and number + 1 == (count or 1) and column >= len(letters):
                return Place(line + 1, 0)
            line, column = line + 1, 0
            letters = engine.text.line(line)
        elif not number:
            raise Refused
        else:
            break
    return Place(line, column)


def backspace(engine: Engine, count: int | None) -> Reach:
    """Backspace: back, over line ends."""
    line, column = engine.caret
    letters = engine.text.line(line)
    for number in range(count or 1):
        if column:
            column = back(letters, column)
        elif line:
            line -= 1
            letters = engine.text.line(line)
            is_removed = engine.operator is not None and engine.operator.name in ("delete", "change")
            column = len(letters) if is_removed else last_column(letters)
        elif not number and not engine.operator:
            raise Refused
        else:
            break
    return Reach(Place(line, column), EXCLUSIVE, is_exact=True)


def vertical(engine: Engine, line: int, place: Place | None = None) -> Place:
    """That line at the wished column."""
    text = engine.text
    letters = text.line(line)
    column = column_at(letters, engine.wished(), text.tab_width)
    return Place(line, min(column, engine.last(letters)))


def down(engine: Engine, count: int | None) -> Place:
    """``j``."""
    last = engine.text.line_count - 1
    if engine.caret.line == last:
        raise Refused
    return vertical(engine, min(engine.caret.line + (count or 1), last))


def up(engine: Engine, count: int | None) -> Place:
    """``k``."""
    if not engine.caret.line:
        raise Refused
    return vertical(engine, max(engine.caret.line - (count or 1), 0))


def first(engine: Engine, count: int | None) -> Place:
    """``0``."""
    return Place(engine.caret.line, 0)


def first_letter(engine: Engine, count: int | None) -> Place:
    """``^``."""
    return engine.first_letter(engine.caret.line)


def line_end(engine: Engine, count: int | None) -> Reach:
    """``$``, of a line further down with a count."""
    line = engine.lines_down(count)
    engine.want = END
    letters = engine.text.line(line)
    return Reach(Place(line, len(letters) if engine.is_visual else last_column(letters)), INCLUSIVE)


def last_letter(engine: Engine, count: int | None) -> Reach:
    """``g_``: the last letter that is no space."""
    line = engine.lines_down(count)
    letters = engine.text.line(line).rstrip(" \t")
    return Reach(Place(line, last_column(letters)), INCLUSIVE)


def column(engine: Engine, count: int | None) -> Place:
    """``|``: a column of the screen."""
    letters = engine.text.line(engine.caret.line)
    found = column_at(letters, (count or 1) - 1, engine.text.tab_width)
    engine.want = (count or 1) - 1
    return Place(engine.caret.line, min(found, len(letters) if engine.operator else last_column(letters)))


def middle(engine: Engine, count: int | None) -> Place:
    """``gM``: the middle of the line, or as many percent of it."""
    letters = engine.text.line(engine.caret.line)
    return Place(engine.caret.line, min(len(letters) * min(50 if count is None else count, 100) // 100,
                                        last_column(letters)))  # fmt: skip


def line_below(engine: Engine, count: int | None) -> Place:
    """``+`` and Return."""
    last = engine.text.line_count - 1
    if engine.caret.line == last:
        raise Refused
    return engine.first_letter(min(engine.caret.line + (count or 1), last))


def line_above(engine: Engine, count: int | None) -> Place:
    """``-``."""
    if not engine.caret.line:
        raise Refused
    return engine.first_letter(max(engine.caret.line - (count or 1), 0))


def underscore(engine: Engine, count: int | None) -> Place:
    """``_``: this line, or some further down."""
    if engine.operator is not None and engine.operator.name == "yank":
        return Place(engine.lines_down(count), engine.caret.column)
    return engine.first_letter(engine.lines_down(count))


def go_to_line(engine: Engine, count: int | None) -> Place:
    """``G``: that line, else the last."""
    last = engine.text.line_count - 1
    return engine.first_letter(last if not count else min(count - 1, last))


def go_to_first(engine: Engine, count: int | None) -> Place:
    """``gg``."""
    return engine.first_letter(min((count or 1) - 1, engine.text.line_count - 1))


def go_to_letter(engine: Engine, count: int | None) -> Place:
    """``go``: that letter of the text."""
    left = (count or 1) - 1
    for line in range(engine.text.line_count):
        size = len(engine.text.line(line))
        if left <= size:
            return Place(line, min(left, max(size - 1, 0)))
        left -= size + 1
    return engine.end_of_text()


def screen_top(engine: Engine, count: int | None) -> Place:
    """``H``."""
    top, bottom = engine.sight()
    return engine.first_letter(min(top + (count or 1) - 1, bottom))


def screen_middle(engine: Engine, count: int | None) -> Place:
    """``M``."""
    top, bottom = engine.sight()
    return engine.first_letter((top + bottom) // 2)


def screen_bottom(engine: Engine, count: int | None) -> Place:
    """``L``."""
    top, bottom = engine.sight()
    return engine.first_letter(max(bottom - (count or 1) + 1, top))


def find(step: int, is_before: bool):
    """``f``, ``F``, ``t`` and ``T``: a letter of the line."""

    def run(engine: Engine, count: int | None) -> Iterator[None]:
        letter = yield from engine.argument("letter")
        engine.found_letter = letter, step, is_before
        return _found(engine, letter, step, is_before, count or 1)

    return run


def find_again(turn: int):
    """``;`` and ``,``: the letter that was found last, again or backwards."""

    def run(engine: Engine, count: int | None) -> Reach:
        if engine.found_letter is None:
            raise Refused
        letter, step, is_before = engine.found_letter
        return _found(engine, letter, step * turn, is_before, count or 1, is_again=count in (None, 1))

    return run


def _found(engine: Engine, letter: str, step: int, is_before: bool, count: int, is_again: bool = False) -> Reach:
    line, column = engine.caret
    letters = engine.text.line(line)
    if is_again and is_before and letters[column + step : column + step + 1] == letter and column + step >= 0:
        column += step  # else it would stay where it is
    for _ in range(count):
        column = letters.find(letter, column + 1) if step > 0 else letters.rfind(letter, 0, column)
        if column < 0:
            raise Refused
    if is_before:
        column = back(letters, column) if step > 0 else on(letters, column)
    return Reach(Place(line, column), INCLUSIVE if step > 0 else EXCLUSIVE)


def indent_of(engine: Engine, line: int) -> int:
    """Letters of a line's indentation."""
    return depth(engine.text.line(line))


MOTIONS: tuple[Motion, ...] = (
    Motion("h", "left", "left", left), Motion("<Left>", "left", "left", left), Motion("l", "right", "right", right),
    Motion("<Right>", "right", "right", right), Motion("<Space>", "on", "on, over line ends", space),
    Motion("<BS>", "back", "back, over line ends", backspace),
    Motion("j", "down", "down", down, LINES, keeps=True), Motion("<Down>", "down", "down", down, LINES, keeps=True),
    Motion("k", "up", "up", up, LINES, keeps=True), Motion("<Up>", "up", "up", up, LINES, keeps=True),
    Motion("0", "line-start", "beginning of the line", first),
    Motion("<Home>", "line-start", "beginning of the line", first),
    Motion("^", "first-letter", "first letter of the line", first_letter),
    Motion("$", "line-end", "end of the line", line_end, INCLUSIVE, keeps=True),
    Motion("<End>", "line-end", "end of the line", line_end, INCLUSIVE, keeps=True),
    Motion("g_", "last-letter", "last letter of the line", last_letter, INCLUSIVE),
    Motion("|", "column", "column", column, keeps=True), Motion("gM", "middle", "middle of the line", middle),
    Motion("+", "line-below", "first letter below", line_below, LINES),
    Motion("<CR>", "line-below", "first letter below", line_below, LINES),
    Motion("-", "line-above", "first letter above", line_above, LINES),
    Motion("_", "this-line", "first letter of the line", underscore, LINES),
    Motion("gj", "down", "down", down, keeps=True), Motion("gk", "up", "up", up, keeps=True),
    Motion("G", "line", "line, or the last", go_to_line, LINES, True),
    Motion("gg", "first-line", "line, or the first", go_to_first, LINES, True),
    Motion("go", "letter", "letter of the text", go_to_letter, EXCLUSIVE, True),
    Motion("H", "screen-top", "top of the screen", screen_top, LINES, True),
    Motion("M", "screen-middle", "middle of the screen", screen_middle, LINES, True),
    Motion("L", "screen-bottom", "bottom of the screen", screen_bottom, LINES, True),
    Motion("f", "find", "to a letter", find(1, False), INCLUSIVE),
    Motion("F", "find-back", "back to a letter", find(-1, False)),
    Motion("t", "till", "before a letter", find(1, True), INCLUSIVE),
    Motion("T", "till-back", "back behind a letter", find(-1, True)),
    Motion(";", "find-again", "the letter again", find_again(1)),
    Motion(",", "find-again-back", "the letter again, backwards", find_again(-1)),
)  # fmt: skip
