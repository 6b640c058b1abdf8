"""The operators: what is done to a part of the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from plugins.api import say, say_count
from plugins.scintilla.modal import paragraph
from plugins.scintilla.modal.register import Kept
from plugins.scintilla.modal.row import BLOCK, CHAR, LINE, Operator, Refused, Span
from plugins.scintilla.modal.text import Place, column_at, depth, shown_column, width

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


# -- parts ------------------------------------------------------------------------------------------------------------


def parts(engine: Engine, span: Span) -> list[tuple[Place, Place]]:
    """A part as pieces within lines; of a block one for each line, of lines their letters."""
    text = engine.text
    if span.shape == CHAR:
        return [(span.start, span.stop)]
    if span.shape == LINE:
        return [(Place(line, 0), Place(line, len(text.line(line)))) for line in _lines(span)]
    return [block_part(engine, span, line) for line in _lines(span)]


def _lines(span: Span) -> range:
    return range(span.start.line, span.stop.line + 1)


def block_part(engine: Engine, span: Span, line: int) -> tuple[Place, Place]:
    """What a rectangle has of a line."""
    letters, tab = engine.text.line(line), engine.text.tab_width
    start = column_at(letters, span.left, tab)
    if span.right is None:
        return Place(line, min(start, len(letters))), Place(line, len(letters))
    stop = column_at(letters, span.right, tab)
    if stop < len(letters):
        stop += 1
        while stop < len(letters) and not width(letters[stop], 1, tab):
            stop += 1
    return Place(line, start), Place(line, max(stop, start))


def text_of(engine: Engine, span: Span) -> Kept:
    """What a register keeps of a part."""
    text = engine.text
    if span.shape == LINE:
        last = Place(span.stop.line, len(text.line(span.stop.line)))
        return Kept(text.get(Place(span.start.line, 0), last) + "\n", LINE)
    if span.shape == BLOCK:
        found, tab = [text.get(*part) for part in parts(engine, span)], text.tab_width
        size = max(shown_column(one, len(one), tab) for one in found)
        if span.right is not None:
            size = span.right - span.left + 1
            for index, line in enumerate(_lines(span)):
                letters = text.line(line)
                if shown_column(letters, len(letters), tab) < span.left:
                    found[index] = " " * size
        return Kept("\n".join(found), BLOCK, size)
    return Kept(text.get(span.start, span.stop), CHAR)


def remove(engine: Engine, span: Span) -> None:
    """Take a part out; the caret goes to its beginning."""
    if span.shape == LINE:
        engine.remove_lines(span.start.line, span.stop.line)
        engine.caret = engine.first_letter(min(span.start.line, engine.text.line_count - 1))
        return
    if span.shape == CHAR:
        engine.replace(span.start, span.stop, "")
        engine.caret = span.start
        return
    for start, stop in reversed(parts(engine, span)):
        if stop > start:
            _remove_block_part(engine, span, start, stop)
    letters = engine.text.line(span.start.line)
    engine.caret = Place(span.start.line, column_at(letters, span.left, engine.text.tab_width))


def _remove_block_part(engine: Engine, span: Span, start: Place, stop: Place) -> None:
    """A part of a rectangle; what reaches out of it stays, as spaces."""
    letters, tab = engine.text.line(start.line), engine.text.tab_width
    before = max(span.left - shown_column(letters, start.column, tab), 0)
    after = 0
    if span.right is not None:
        after = max(shown_column(letters, stop.column, tab) - span.right - 1, 0) if stop.column > start.column else 0
    engine.replace(start, stop, " " * (before + after))


def replace_all(engine: Engine, span: Span, make: Callable[[str], str]) -> None:
    """Put other letters in the place of a part."""
    for start, stop in reversed(parts(engine, span)):
        old = engine.text.get(start, stop)
        new = make(old)
        if new != old:
            engine.replace(start, stop, new)


def start_of(engine: Engine, span: Span) -> Place:
    """Where the caret goes to behind an operator that changes letters."""
    if span.shape == BLOCK:
        letters = engine.text.line(span.start.line)
        return Place(span.start.line, column_at(letters, span.left, engine.text.tab_width))
    return span.start


# -- operators --------------------------------------------------------------------------------------------------------


def yank(engine: Engine, span: Span) -> None:
    """``y``."""
    kept = text_of(engine, span)
    engine.registers.yank(engine.register, kept)
    set_edges(engine, span)
    if span.shape == LINE:
        engine.caret = span.start
    else:
        engine.caret = start_of(engine, span)
    if span.stop.line - span.start.line > 1 and engine.is_live:
        count = span.stop.line - span.start.line + 1
        engine.message = say_count("{count} line yanked", "{count} lines yanked", count)


def set_edges(engine: Engine, span: Span) -> None:
    """The marks ``[`` and ``]``."""
    if span.shape == LINE:
        start, stop = Place(span.start.line, 0), Place(span.stop.line, len(engine.text.line(span.stop.line)))
    else:
        start, stop = span.start, Place(span.stop.line, max(span.stop.column - 1, 0))
    engine.marks.named["["], engine.marks.named["]"] = start, stop


def keep(engine: Engine, kept: Kept) -> None:
    """Give what is deleted to its register."""
    engine.registers.delete(engine.register, kept, is_small=kept.shape != LINE and "\n" not in kept.text)


def _is_nothing(engine: Engine, span: Span, kept: Kept) -> bool:
    """Whether nothing would be deleted: no letter, or the only line of an empty text."""
    is_empty = engine.text.line_count == 1 and not engine.text.line(0)
    return (not kept.text and span.shape == CHAR) or (is_empty and span.shape == LINE)


def delete(engine: Engine, span: Span) -> None:
    """``d``."""
    text = engine.text
    if span.shape == CHAR and span.stop.line > span.start.line and not engine.is_selected:
        rest = text.line(span.stop.line)[span.stop.column :]
        if not rest.strip(" \t") and span.start.column <= depth(text.line(span.start.line)):
            span = Span(span.start, span.stop, LINE)
    if text.is_read_only:
        raise Refused(say("this text is read-only"))
    kept = text_of(engine, span)
    if _is_nothing(engine, span, kept):
        engine.caret = span.start
        return
    keep(engine, kept)
    remove(engine, span)
    if span.shape == LINE and kept.text.count("\n") > 2 and engine.is_live:
        count = kept.text.count("\n")
        engine.message = say_count("{count} line fewer", "{count} lines fewer", count)


def change(engine: Engine, span: Span) -> Iterator[None]:
    """``c``."""
    from plugins.scintilla.modal.typing import type_text
    from plugins.scintilla.modal.typing_block import type_block

    if engine.text.is_read_only:
        raise Refused(say("this text is read-only"))
    kept = text_of(engine, span)
    if not _is_nothing(engine, span, kept):
        keep(engine, kept)
    if span.shape == BLOCK:
        remove(engine, span)
        yield from type_block(engine, span, span.left)
        return
    if span.shape == LINE:
        indent = engine.text.line(span.start.line)[: depth(engine.text.line(span.start.line))]
        if span.stop.line > span.start.line:
            engine.remove_lines(span.start.line + 1, span.stop.line)
        line = span.start.line
        engine.replace(Place(line, 0), Place(line, len(engine.text.line(line))), indent)
        engine.caret = Place(line, len(indent))
        engine.fresh_line = line
    else:
        if span.stop > span.start:
            engine.replace(span.start, span.stop, "")
        engine.caret = span.start
    yield from type_text(engine)


def change_case(make: Callable[[str], str]):
    """``gu``, ``gU``, ``g~`` and ``g?``."""

    def run(engine: Engine, span: Span) -> None:
        replace_all(engine, span, make)
        engine.caret = start_of(engine, span)

    return run


def swapped(text: str) -> str:
    """Capitals for small letters, and the other way round."""
    return "".join(one.lower() if one.isupper() else (one.upper() if len(one.upper()) == 1 else one) for one in text)


def upper(text: str) -> str:
    """Capitals, letter by letter."""
    return "".join(one.upper() if len(one.upper()) == 1 else one for one in text)


def rotated(text: str) -> str:
    """Letters thirteen further."""
    from codecs import encode

    return encode(text, "rot13")


def shift(step: int):
    """``>`` and ``<``."""

    def run(engine: Engine, span: Span) -> None:
        if span.shape == BLOCK:
            _shift_block(engine, span, step * engine.shift_steps)
            return
        for line in _lines(span):
            shift_line(engine, line, step * engine.shift_steps)
        engine.caret = engine.first_letter(span.start.line)
        if span.stop.line - span.start.line > 1 and engine.is_live:
            count = span.stop.line - span.start.line + 1
            engine.message = say_count("{count} line moved", "{count} lines moved", count)

    return run


def shift_line(engine: Engine, line: int, steps: int) -> None:
    """Indent a line by so many steps."""
    letters, tab = engine.text.line(line), engine.text.tab_width
    if not letters:
        return
    size = engine.options["shiftwidth"]
    now = shown_column(letters, depth(letters), tab)
    if engine.options["shiftround"] and now % size:
        now += (-now % size) - size if steps > 0 else (-now % size)
    indent = indent_text(engine, max(now + steps * size, 0))
    engine.replace(Place(line, 0), Place(line, depth(letters)), indent)


def indent_text(engine: Engine, columns: int) -> str:
    """Spaces, or tabs, of that width."""
    if not engine.text.uses_tabs:
        return " " * columns
    return "\t" * (columns // engine.text.tab_width) + " " * (columns % engine.text.tab_width)


def _shift_block(engine: Engine, span: Span, steps: int) -> None:
    tab = engine.text.tab_width
    for line in _lines(span):
        letters = engine.text.line(line)
        column = column_at(letters, span.left, tab)
        if not letters or shown_column(letters, len(letters), tab) < span.left:
            continue
        rest = letters[column:]
        spaces = len(rest) - len(rest.lstrip(" \t"))
        shown = shown_column(letters, column + spaces, tab) - shown_column(letters, column, tab)
        size = max(shown + steps * engine.options["shiftwidth"], 0)
        engine.replace(Place(line, column), Place(line, column + spaces), " " * size)
    engine.caret = start_of(engine, span)


def indent_again(engine: Engine, span: Span) -> None:
    """``=``: each line as deep as the one before that is not empty; one that opens a part makes the next deeper."""
    closes = (")", "]", "}")
    for line in _lines(span):
        letters = engine.text.line(line)
        above = next((engine.text.line(one) for one in range(line - 1, max(line - 200, -1), -1)
                      if engine.text.line(one).strip()), "")  # fmt: skip
        columns = shown_column(above, depth(above), engine.text.tab_width) if above else 0
        if above.rstrip().endswith(engine.surroundings.opens()):
            columns += engine.options["shiftwidth"]
        if letters.lstrip().startswith(closes):
            columns = max(columns - engine.options["shiftwidth"], 0)
        indent = indent_text(engine, columns) if letters.strip() else ""
        if letters[: depth(letters)] != indent:
            engine.replace(Place(line, 0), Place(line, depth(letters)), indent)
    engine.caret = engine.first_letter(span.start.line)


def join_lines(engine: Engine, first: int, last: int, has_spaces: bool = True) -> None:
    """Make one line of several; the caret stands where the last two met."""
    column = 0
    for _ in range(last - first):
        if first + 1 >= engine.text.line_count:
            break
        letters, below = engine.text.line(first), engine.text.line(first + 1)
        cut = depth(below) if has_spaces else 0
        rest = below[cut:]
        between = ""
        if has_spaces and rest and not rest.startswith(")") and letters and not letters.endswith((" ", "\t")):
            between = " "
        column = len(letters)
        engine.replace(Place(first, len(letters)), Place(first + 1, cut), between)
    engine.caret = Place(first, max(column, 0))


OPERATORS: tuple[Operator, ...] = (
    Operator("d", "delete", "delete", delete), Operator("y", "yank", "yank", yank, changes=False),
    Operator("c", "change", "change", change), Operator(">", "indent", "indent", shift(1)),
    Operator("<lt>", "outdent", "outdent", shift(-1)), Operator("=", "indent-again", "indent anew", indent_again),
    Operator("gu", "small-letters", "small letters", change_case(str.lower)),
    Operator("gU", "capitals", "capitals", change_case(upper)),
    Operator("g~", "swap-case", "swap capitals and small letters", change_case(swapped)),
    Operator("g?", "rotate", "letters thirteen further", change_case(rotated)),
    Operator("gq", "break-lines", "break lines anew", paragraph.break_lines),
    Operator("gw", "break-lines-here", "break lines anew, the caret stays", paragraph.break_lines_here),
    Operator("gc", "comment", "comment", paragraph.toggle_comment),
)  # fmt: skip
