"""Putting a register's text in: letters, lines, a rectangle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.scintilla.modal.register import Kept
from plugins.scintilla.modal.row import BLOCK, LINE
from plugins.scintilla.modal.text import Place, column_at, on, shown_column

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


def put(
    engine: Engine, kept: Kept, count: int = 1, *, before: bool, ends_behind: bool = False, into_lines: bool = False,
    is_exact: bool = False,
) -> None:  # fmt: skip
    """Put it in behind the caret, or before it.

    Args:
        engine: Whose text.
        kept: What is put in.
        count: How often.
        before: Before the caret's letter or line.
        ends_behind: Whether the caret goes behind what was put in.
        into_lines: Whether letters become lines of their own.
        is_exact: Whether it goes in exactly at the caret.
    """
    if kept.shape == LINE or (into_lines and kept.shape != BLOCK):
        _put_lines(engine, kept.text.removesuffix("\n"), count, before, ends_behind, at_end=kept.shape != LINE)
    elif kept.shape == BLOCK:
        if into_lines:
            line = engine.caret.line + (not before)
            _open(engine, line, "")
            engine.caret = Place(line, 0)
            before = True
        _put_block(engine, kept, count, before, ends_behind)
    else:
        _put_letters(engine, kept.text * count, before, ends_behind, is_exact)


def _open(engine: Engine, line: int, text: str) -> None:
    """Whole lines before the line of that number."""
    if line >= engine.text.line_count:
        end = engine.end_of_text()
        engine.replace(end, end, "\n" + text)
    else:
        engine.replace(Place(line, 0), Place(line, 0), text + "\n")


def _put_lines(engine: Engine, text: str, count: int, before: bool, ends_behind: bool, *, at_end: bool) -> None:
    whole = "\n".join([text] * count)
    line = engine.caret.line + (not before)
    _open(engine, line, whole)
    last = line + whole.count("\n")
    engine.marks.named["["], engine.marks.named["]"] = Place(line, 0), Place(last, 0)
    if ends_behind:
        engine.caret = Place(last + 1, 0)
        if last + 1 >= engine.text.line_count:
            engine.caret = Place(last, 0)
    elif at_end:
        engine.caret = Place(line, 0)
    else:
        engine.caret = engine.first_letter(line)


def _put_letters(engine: Engine, text: str, before: bool, ends_behind: bool, is_exact: bool) -> None:
    line, column = engine.caret
    letters = engine.text.line(line)
    if not before and letters:
        column = on(letters, column)
    start = Place(line, column)
    engine.replace(start, start, text)
    rows = text.split("\n")
    stop = Place(line + len(rows) - 1, len(rows[-1]) + (column if len(rows) == 1 else 0))
    engine.marks.named["["], engine.marks.named["]"] = start, Place(stop.line, max(stop.column - 1, 0))
    if ends_behind:
        engine.caret = stop
    elif len(rows) > 1:
        engine.caret = start
    else:
        engine.caret = Place(line, max(stop.column - 1, column))


def _put_block(engine: Engine, kept: Kept, count: int, before: bool, ends_behind: bool) -> None:
    line, column = engine.caret
    tab, letters = engine.text.tab_width, engine.text.line(line)
    shown = shown_column(letters, column, tab)
    if not before and letters:
        shown = shown_column(letters, on(letters, column), tab)
    rows = kept.text.split("\n")
    stop = Place(line, column)
    for index, row in enumerate(rows):
        number = line + index
        if number >= engine.text.line_count:
            end = engine.end_of_text()
            engine.replace(end, end, "\n")
        other = engine.text.line(number)
        end = shown_column(other, len(other), tab)
        place = Place(number, column_at(other, shown, tab) if end >= shown else len(other))
        pad = " " * (kept.width - shown_column(row, len(row), tab))
        is_last = place.column >= len(other)
        made = " " * max(shown - end, 0) + (row + pad) * (count - 1) + row + ("" if is_last else pad)
        engine.replace(place, place, made)
        stop = Place(number, place.column + len(made))
    first = engine.text.line(line)
    column = column_at(first, shown, tab)
    engine.marks.named["["], engine.marks.named["]"] = Place(line, column), Place(stop.line, max(stop.column - 1, 0))
    engine.caret = stop if ends_behind else Place(line, column)
