"""Operators on running text: breaking lines anew, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.scintilla.modal.row import LINE, Span
from plugins.scintilla.modal.text import Place, column_at, depth, shown_column

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

#: Letters of a line where ``textwidth`` is 0.
_WIDTH = 79


def break_lines(engine: Engine, span: Span) -> None:
    """``gq``: paragraphs in lines of ``textwidth``; the caret goes to the last line."""
    first, last = span.start.line, span.stop.line
    while first <= last:
        if not engine.text.line(first).strip():
            first += 1
            continue
        stop = first
        while stop + 1 <= last and engine.text.line(stop + 1).strip():
            stop += 1
        made = _broken(engine, [engine.text.line(line) for line in range(first, stop + 1)])
        old = engine.text.get(Place(first, 0), Place(stop, len(engine.text.line(stop))))
        if "\n".join(made) != old:
            engine.replace(Place(first, 0), Place(stop, len(engine.text.line(stop))), "\n".join(made))
        last += len(made) - (stop - first + 1)
        first += len(made)
    engine.caret = engine.first_letter(min(last, engine.text.line_count - 1))


def break_lines_here(engine: Engine, span: Span) -> None:
    """``gw``."""
    where = engine.caret
    break_lines(engine, span)
    engine.caret = where


def _broken(engine: Engine, lines: list[str]) -> list[str]:
    """The lines of one paragraph; a comment's mark stands before each."""
    mark = engine.surroundings.comment()[0]
    begin = lines[0][: depth(lines[0])]
    further = lines[1][: depth(lines[1])] if len(lines) > 1 else begin
    bodies = [line.strip() for line in lines]
    if mark and all(body.startswith(mark) for body in bodies):
        bodies = [body.removeprefix(mark).strip() for body in bodies]
        begin, further = f"{begin}{mark} ", f"{further}{mark} "
    size = engine.options["textwidth"] or _WIDTH
    rest, made, tab = begin + " ".join(bodies), [], engine.text.tab_width
    while shown_column(rest, len(rest), tab) > size:
        head = begin if not made else further
        edge = column_at(rest, size, tab)
        cut = rest.rfind(" ", len(head), edge + 1)
        cut = cut if cut > 0 else rest.find(" ", edge)
        following = further + rest[cut:].lstrip(" \t")
        if cut < 0 or len(following) >= len(rest):
            break
        made.append(rest[:cut].rstrip(" \t"))
        rest = following
    return [*made, rest.rstrip()]


def toggle_comment(engine: Engine, span: Span) -> None:
    """``gc``: lines become comments, or lines again where all of them are comments."""
    mark, begin, end = engine.surroundings.comment()
    where = engine.caret
    lines = [line for line in range(span.start.line, span.stop.line + 1) if engine.text.line(line).strip()]
    if mark:
        _toggle_marks(engine, lines, mark)
    elif begin:
        _toggle_pairs(engine, lines, begin, end)
    engine.caret = Place(span.start.line, where.column if where.line == span.start.line else 0)
    if span.shape != LINE or engine.is_selected:
        engine.caret = engine.first_letter(span.start.line)


def _toggle_marks(engine: Engine, lines: list[int], mark: str) -> None:
    if not lines:
        return
    text = engine.text
    are_comments = all(text.line(line).lstrip().startswith(mark) for line in lines)
    column = min(depth(text.line(line)) for line in lines)
    for line in lines:
        letters = text.line(line)
        if are_comments:
            start = depth(letters)
            stop = start + len(mark) + (letters[start + len(mark) :].startswith(" "))
            engine.replace(Place(line, start), Place(line, stop), "")
        else:
            engine.replace(Place(line, column), Place(line, column), f"{mark} ")


def _toggle_pairs(engine: Engine, lines: list[int], begin: str, end: str) -> None:
    text = engine.text
    bodies = [text.line(line).strip() for line in lines]
    are_comments = all(body.startswith(begin) and body.endswith(end) for body in bodies)
    for line, body in zip(lines, bodies, strict=True):
        letters = text.line(line)
        start, stop = depth(letters), len(letters.rstrip())
        new = body[len(begin) : len(body) - len(end)].strip(" ") if are_comments else f"{begin} {body} {end}"
        engine.replace(Place(line, start), Place(line, stop), new)
