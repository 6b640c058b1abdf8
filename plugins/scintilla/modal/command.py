"""The commands of normal mode that are neither motions nor operators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.api import say
from plugins.scintilla.modal import screen
from plugins.scintilla.modal.key import RETURN, TAB
from plugins.scintilla.modal.macro import play, record
from plugins.scintilla.modal.row import LINE, Command, Refused, Span
from plugins.scintilla.modal.text import Place, depth, on
from plugins.scintilla.modal.travel import redo, undo

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


def insert(where):
    """A command that goes to insert mode at a place of the line."""

    def run(engine: Engine, count: int | None) -> Iterator[None]:
        from plugins.scintilla.modal.typing import type_text

        _writable(engine)
        line, column = engine.caret
        engine.caret = Place(line, where(engine.text.line(line), column))
        yield from type_text(engine, count or 1)

    return run


def insert_again(engine: Engine, count: int | None) -> Iterator[None]:
    """``gi``: where insert mode was left."""
    from plugins.scintilla.modal.typing import type_text

    _writable(engine)
    place = engine.marks.named.get("^", engine.caret)
    line = min(place.line, engine.text.line_count - 1)
    engine.caret = Place(line, min(place.column, len(engine.text.line(line))))
    yield from type_text(engine, count or 1)


def open_line(step: int):
    """``o`` and ``O``."""

    def run(engine: Engine, count: int | None) -> Iterator[None]:
        from plugins.scintilla.modal import typing

        _writable(engine)
        typing.open_line(engine, engine.caret.line + (step > 0))
        yield from typing.type_text(engine, count or 1, opens=True)

    return run


def type_over(engine: Engine, count: int | None) -> Iterator[None]:
    """``R``."""
    from plugins.scintilla.modal.engine import REPLACE
    from plugins.scintilla.modal.typing import type_text

    _writable(engine)
    yield from type_text(engine, count or 1, mode=REPLACE)


def _writable(engine: Engine) -> None:
    if engine.text.is_read_only:
        raise Refused(say("this text is read-only"))


def _right(engine: Engine, count: int | None) -> Span:
    """As many letters from the caret on, within the line."""
    line, column = engine.caret
    letters = engine.text.line(line)
    stop = column
    for _ in range(min(count or 1, len(letters) - column)):
        stop = on(letters, stop)
    return Span(engine.caret, Place(line, stop))


def delete_letters(engine: Engine, count: int | None) -> None:
    """``x``."""
    from plugins.scintilla.modal.operator import delete

    span = _right(engine, count)
    if span.start == span.stop:
        from plugins.scintilla.modal.follow import keep_change

        keep_change(engine, count, engine.register)
        raise Refused
    engine.is_selected = False
    delete(engine, span)


def delete_before(engine: Engine, count: int | None) -> None:
    """``X``."""
    from plugins.scintilla.modal.motion_line import left
    from plugins.scintilla.modal.operator import delete

    engine.is_selected = False
    delete(engine, Span(left(engine, count), engine.caret))


def substitute(engine: Engine, count: int | None) -> Iterator[None]:
    """``s``."""
    from plugins.scintilla.modal.operator import change

    yield from change(engine, _right(engine, count))


def substitute_lines(engine: Engine, count: int | None) -> Iterator[None]:
    """``S``."""
    from plugins.scintilla.modal.operator import change

    yield from change(engine, Span(engine.caret, Place(engine.lines_down(count), 0), LINE))


def _to_end(engine: Engine, count: int | None) -> Span:
    line = engine.lines_down(count)
    return Span(engine.caret, Place(line, len(engine.text.line(line))))


def delete_to_end(engine: Engine, count: int | None) -> None:
    """``D``."""
    from plugins.scintilla.modal.operator import delete

    engine.is_selected = False
    delete(engine, _to_end(engine, count))


def change_to_end(engine: Engine, count: int | None) -> Iterator[None]:
    """``C``."""
    from plugins.scintilla.modal.operator import change

    yield from change(engine, _to_end(engine, count))


def yank_lines(engine: Engine, count: int | None) -> None:
    """``Y``."""
    from plugins.scintilla.modal.operator import yank

    engine.is_selected = False
    yank(engine, Span(engine.caret, Place(engine.lines_down(count), 0), LINE))


def replace(engine: Engine, count: int | None) -> Iterator[None]:
    """``r``."""
    letter = yield from engine.argument("letter")
    line, column = engine.caret
    letters = engine.text.line(line)
    stop = column
    for _ in range(count or 1):
        if stop >= len(letters):
            raise Refused
        stop = on(letters, stop)
    if letter == RETURN:
        engine.replace(engine.caret, Place(line, stop), "")
        rest = engine.text.line(line)[column:]
        cut = depth(rest)
        indent = letters[: min(depth(letters), column)]
        engine.replace(engine.caret, Place(line, column + cut), "\n" + indent)
        engine.caret = Place(line + 1, max(len(indent) - 1, 0))
        return
    engine.replace(engine.caret, Place(line, stop), letter * (count or 1))
    engine.caret = Place(line, column + (count or 1) - 1)


def swap_case(engine: Engine, count: int | None) -> None:
    """``~``."""
    from plugins.scintilla.modal.operator import swapped

    span = _right(engine, count)
    if span.start == span.stop:
        raise Refused
    new = swapped(engine.text.get(span.start, span.stop))
    engine.replace(span.start, span.stop, new)
    engine.caret = Place(span.start.line, span.start.column + len(new))


def join(has_spaces: bool):
    """``J`` and ``gJ``."""

    def run(engine: Engine, count: int | None) -> None:
        from plugins.scintilla.modal.operator import join_lines

        line = engine.caret.line
        last = line + max(count or 2, 2) - 1
        if line + 1 >= engine.text.line_count or last >= engine.text.line_count and (count or 2) > 2:
            if line + 1 >= engine.text.line_count:
                raise Refused
            last = engine.text.line_count - 1
        join_lines(engine, line, last, has_spaces)

    return run


def put(before: bool, ends_behind: bool = False):
    """``p``, ``P``, ``gp`` and ``gP``."""

    def run(engine: Engine, count: int | None) -> None:
        from plugins.scintilla.modal.put import put as putting

        putting(engine, engine.registers.get(engine.register), count or 1, before=before, ends_behind=ends_behind)

    return run


def put_indented(before: bool):
    """``]p`` and ``[p``: lines, as deep as the caret's."""

    def run(engine: Engine, count: int | None) -> None:
        from plugins.scintilla.modal.put import put as putting

        kept = engine.registers.get(engine.register)
        if kept.shape == LINE:
            rows = kept.text.removesuffix("\n").split("\n")
            now = depth(rows[0])
            letters = engine.text.line(engine.caret.line)
            indent = letters[: depth(letters)]
            rows = [indent + row[min(now, depth(row)) :] if row else row for row in rows]
            kept = kept._replace(text="\n".join(rows) + "\n")
        putting(engine, kept, count or 1, before=before)

    return run


def repeat(engine: Engine, count: int | None) -> None:
    """``.``."""
    from plugins.scintilla.modal.follow import repeat as again

    again(engine, count)


def mark(engine: Engine, count: int | None) -> Iterator[None]:
    """``m``."""
    name = yield from engine.argument("mark")
    if not (name.isascii() and name.isalpha()) and name not in "'`[]<>":
        raise Refused
    engine.marks.named["'" if name == "`" else name] = engine.caret
    if name in "<>" and engine.last_visual is not None:
        engine.marks.named.pop(name)
        mode, one, other, to_end = engine.last_visual
        low, high = min(one, other), max(one, other)
        low, high = (engine.caret, high) if name == "<" else (low, engine.caret)
        engine.last_visual = mode, low, high, to_end


def jump(step: int):
    """Ctrl+O and Ctrl+I: back and forth in the list of jumps."""

    def run(engine: Engine, count: int | None) -> None:
        for _ in range(count or 1):
            place = engine.marks.step_jumps(step, engine.caret)
            if place is None:
                raise Refused
            line = min(place.line, engine.text.line_count - 1)
            engine.caret = Place(line, place.column)
            engine.want = None

    return run


def change_place(step: int):
    """``g;`` and ``g,``."""

    def run(engine: Engine, count: int | None) -> None:
        for _ in range(count or 1):
            place = engine.marks.step_changes(step)
            if place is None:
                raise Refused(say("there is no further change"))
            line = min(place.line, engine.text.line_count - 1)
            engine.caret = Place(line, place.column)
            engine.want = None

    return run


def add(step: int):
    """Ctrl+A and Ctrl+X."""

    def run(engine: Engine, count: int | None) -> None:
        from plugins.scintilla.modal.number import add_to

        line, column = engine.caret
        found = add_to(engine.text.line(line), column, (count or 1) * step)
        if found is None:
            raise Refused
        start, stop, new = found
        engine.replace(Place(line, start), Place(line, stop), new)
        engine.caret = Place(line, start + len(new) - 1)

    return run


def ex(engine: Engine, count: int | None) -> Iterator[None]:
    """``:``."""
    from plugins.scintilla.modal.ex import ask

    yield from ask(engine, count)


def substitute_again(everywhere: bool):
    """``&`` and ``g&``."""

    def run(engine: Engine, count: int | None) -> None:
        from plugins.scintilla.modal.ex import run_line

        if engine.last_substitute is None:
            raise Refused(say("nothing was replaced yet"))
        run_line(engine, "%s//~/&" if everywhere else "s")

    return run


def window(name: str, argument: str = ""):
    """A command of the window: save, close, fold."""

    def run(engine: Engine, count: int | None) -> None:
        if not engine.surroundings.run(name, argument):
            raise Refused

    return run


COMMANDS: tuple[Command, ...] = (
    Command("i", "insert", "type before the caret", insert(lambda letters, column: column), changes=True),
    Command("<Insert>", "insert", "type before the caret", insert(lambda letters, column: column), changes=True),
    Command("a", "append", "type behind the caret",
            insert(lambda letters, column: on(letters, column) if letters else 0), changes=True),
    Command("I", "insert-at-start", "type before the line", insert(lambda letters, column: depth(letters)),
            changes=True),
    Command("A", "append-at-end", "type behind the line", insert(lambda letters, column: len(letters)), changes=True),
    Command("gI", "insert-at-column-0", "type at the very beginning", insert(lambda letters, column: 0), changes=True),
    Command("gi", "insert-again", "type where typing ended", insert_again, changes=True),
    Command("o", "open-below", "a new line below", open_line(1), changes=True),
    Command("O", "open-above", "a new line above", open_line(-1), changes=True),
    Command("R", "type-over", "type over what is there", type_over, changes=True),
    Command("x", "delete-letters", "delete letters", delete_letters, changes=True),
    Command("<Del>", "delete-letters", "delete letters", delete_letters, changes=True),
    Command("X", "delete-before", "delete letters before", delete_before, changes=True),
    Command("s", "substitute", "change letters", substitute, changes=True),
    Command("S", "substitute-lines", "change lines", substitute_lines, changes=True),
    Command("D", "delete-to-end", "delete to the line's end", delete_to_end, changes=True),
    Command("C", "change-to-end", "change to the line's end", change_to_end, changes=True),
    Command("Y", "yank-lines", "yank lines", yank_lines),
    Command("r", "replace", "replace letters", replace, changes=True),
    Command("~", "swap-letters", "swap capitals and small letters", swap_case, changes=True),
    Command("J", "join", "join lines", join(True), changes=True),
    Command("gJ", "join-bare", "join lines as they are", join(False), changes=True),
    Command("p", "put", "put behind", put(False), changes=True), Command("P", "put-before", "put before", put(True),
                                                                         changes=True),
    Command("gp", "put-on", "put, and go behind it", put(False, True), changes=True),
    Command("gP", "put-before-on", "put before, and go behind it", put(True, True), changes=True),
    Command("]p", "put-indented", "put as deep as this line", put_indented(False), changes=True),
    Command("[p", "put-indented-before", "put before, as deep as this line", put_indented(True), changes=True),
    Command("u", "undo", "take back", undo), Command("<C-r>", "redo", "do again", redo),
    Command(".", "repeat", "the last change again", repeat),
    Command("q", "record", "record a macro, or end it", record, "nv"),
    Command("@", "play", "run a macro", play, "n"), Command("m", "set-mark", "set a mark", mark, "nv"),
    Command("<C-o>", "jump-back", "back in the list of jumps", jump(-1)),
    Command(TAB, "jump-on", "on in the list of jumps", jump(1)),
    Command("g;", "change-back", "to the change before", change_place(-1)),
    Command("g,", "change-on", "to the change after", change_place(1)),
    Command("<C-a>", "add", "add to the number", add(1), changes=True),
    Command("<C-x>", "subtract", "subtract from the number", add(-1), changes=True),
    Command(":", "ex", "an ex command", ex, "nv"),
    Command("&", "substitute-again", ":s again", substitute_again(False), changes=True),
    Command("g&", "substitute-everywhere", ":s again, everywhere", substitute_again(True), changes=True),
    Command("gd", "go-to-definition", "to the definition", window("ask-server", "definition")),
    Command("gD", "go-to-declaration", "to the declaration", window("ask-server", "declaration")),
    Command("gr", "find-references", "where it is used", window("ask-server", "references")),
    Command("K", "hover", "what is known of the word", window("ask-server", "hover")),
    Command("]c", "next-change", "to the next change", window("changes", "next_change")),
    Command("[c", "previous-change", "to the previous change", window("changes", "previous_change")),
    Command("ZZ", "save-close", "save and close", window("save-close")),
    Command("ZQ", "close", "close", window("close")),
    *screen.COMMANDS,
)  # fmt: skip
