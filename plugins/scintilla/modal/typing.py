"""Insert and replace mode. While a person types, letters are the widget's own; macros and repetitions type here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.api import say
from plugins.scintilla.modal import key as keys
from plugins.scintilla.modal.engine import INSERT, NORMAL, REPLACE
from plugins.scintilla.modal.row import Refused
from plugins.scintilla.modal.text import Place, back, column_at, depth, on, shown_column
from plugins.scintilla.modal.word import SPACE, Walk, kind_of

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

_MOVES = (keys.LEFT, keys.RIGHT, keys.UP, keys.DOWN, keys.HOME, keys.END, keys.PAGE_UP, keys.PAGE_DOWN)
_ENDS = (keys.ESCAPE, keys.control("c"), keys.control("["))


class Session:
    """One stay in insert mode.

    Attributes:
        start: Where it began.
        keys: What was typed, to be typed again for a count.
        is_fresh: Whether nothing was typed into a line that was begun by itself: its indentation goes.
        is_literal: Whether something else than keys put letters in, a completion: then the letters are repeated.
        replaced: What stood under letters typed over them, for Backspace.
    """

    def __init__(self, start: Place) -> None:
        self.start = start
        self.keys: list[str] = []
        self.is_fresh = self.has_moved = False
        self.replaced: list[str] = []
        self.is_literal = False
        self.taken_at = self.recorded_at = 0


def type_text(engine: Engine, count: int = 1, *, mode: str = INSERT, opens: bool = False) -> Iterator[None]:
    """Insert mode, until Escape; a count types the same again.

    Args:
        engine: Whose text.
        count: How often.
        mode: ``insert`` or ``replace``.
        opens: Whether each repetition begins a line of its own.
    """
    engine.mode = mode
    session = Session(engine.caret)
    session.is_fresh = opens or engine.fresh_line == engine.caret.line
    engine.carets.begin_typing()
    yield from _session(engine, session)
    keys, again = list(session.keys), count - 1 if not session.has_moved else 0

    def finish(one: Session) -> None:
        for _ in range(again):
            if opens:
                open_line(engine, engine.caret.line + 1)
            for key in keys:
                type_key(engine, one, key)
        _end(engine, one)

    finish(session)
    engine.carets.end_typing(finish)


def go_on(engine: Engine) -> Iterator[None]:
    """Insert mode that a macro has left open."""
    session = Session(engine.caret)
    yield from _session(engine, session)
    _end(engine, session)


def _session(engine: Engine, session: Session) -> Iterator[None]:
    """Take keys until Escape. What was typed of the command before does not count as pending."""
    from plugins.scintilla.modal.typing_aside import one_command, put_in

    engine.session = session
    session.taken_at, session.recorded_at = len(engine.taken), engine.recorded
    while True:
        engine.pending, engine.awaited = "", None
        where = engine.caret
        key = yield from engine.key()
        if key in _ENDS:
            engine.pending = ""
            _retell(engine, session, key)
            break
        if key == keys.control("o"):
            if not engine.carets.is_typing:
                yield from one_command(engine)
                session.has_moved = True
        elif key in (keys.control("r"), keys.control("v")):
            yield from put_in(engine, session, key)
        elif engine.is_native and engine.is_live and _is_native_key(engine, key):
            engine.passes_on = True
            _note_native(engine, session, key, where)
        elif key in _MOVES:
            _move(engine, session, key)
            engine.carets.type(lambda one, key=key: _move(engine, one, key))
        else:
            session.keys.append(key)
            type_key(engine, session, key)
            engine.carets.type(lambda one, key=key: type_key(engine, one, key))


def _is_native_key(engine: Engine, key: str) -> bool:
    """Whether the widget types a key; at several carets the engine does."""
    return engine.mode == INSERT and key not in _HANDLED and not engine.carets.is_typing


def _retell(engine: Engine, session: Session, key: str) -> None:
    """Where a completion was put in, what stands there now is what was typed."""
    if session.is_literal and not session.has_moved and engine.caret >= session.start:
        session.keys = list(engine.text.get(session.start, engine.caret).replace("\n", keys.RETURN))
        engine.taken[session.taken_at :] = [*session.keys, key]
        engine.retell([*session.keys, key])


def _note_native(engine: Engine, session: Session, key: str, where: Place) -> None:
    """The widget will type it."""
    if key in _MOVES:
        session.has_moved, session.keys = True, []
        engine.taken = ["i"]
        engine.text.pause()
        return
    engine.text.open()
    engine.note_step(min(where.line, session.start.line))
    session.keys.append(key)
    session.is_fresh = key == keys.RETURN


def _end(engine: Engine, session: Session) -> None:
    """Back to normal mode: the caret goes onto the last letter that was typed."""
    line, column = engine.caret
    letters = engine.text.line(line)
    if session.is_fresh and letters and not letters.strip(" \t") and column == len(letters):
        engine.replace(Place(line, 0), Place(line, len(letters)), "")
        letters, column = "", 0
    engine.last_inserted = "".join(one for one in session.keys if one >= " " or one == "\t" or one == "\r").replace(
        "\r", "\n"
    )
    engine.marks.named["^"] = Place(line, column)
    engine.fresh_line = None
    engine.mode = NORMAL
    engine.want = None
    engine.caret = Place(line, back(letters, column) if column else 0)


def put(engine: Engine, session: Session, text: str) -> None:
    """Put a text in at the caret."""
    engine.replace(engine.caret, engine.caret, text)
    lines = text.split("\n")
    line, column = engine.caret
    engine.caret = Place(line + len(lines) - 1, len(lines[-1]) + (column if len(lines) == 1 else 0))
    session.is_fresh = False


def type_key(engine: Engine, session: Session, key: str) -> None:
    """Do what a key does in insert mode."""
    action = _HANDLED.get(key) or _PLAIN.get(key)
    if action is not None:
        action(engine, session)
    elif key >= " " and not "\uf700" <= key <= "\uf7ff":
        if engine.mode == REPLACE:
            _type_over(engine, session, key)
        else:
            put(engine, session, key)


def _type_over(engine: Engine, session: Session, key: str) -> None:
    line, column = engine.caret
    letters = engine.text.line(line)
    stop = on(letters, column) if column < len(letters) else column
    session.replaced.append(letters[column:stop])
    engine.replace(engine.caret, Place(line, stop), key)
    engine.caret = Place(line, column + len(key))


def _new_line(engine: Engine, session: Session) -> None:
    if engine.mode == REPLACE:
        session.replaced.append("")
    if engine.text.is_read_only:
        raise Refused(say("this text is read-only"))
    where = engine.caret
    letters = engine.text.line(where.line)
    if session.is_fresh and letters and not letters.strip(" \t") and where.column == len(letters):
        # A line that has but its indentation is left empty, and the next one as deep.
        engine.replace(where, where, "\n" + letters)
        engine.replace(Place(where.line, 0), Place(where.line, len(letters)), "")
        engine.caret = Place(where.line + 1, len(letters))
        return
    if engine.carets.others:
        _break(engine, letters)
    else:
        engine.caret = engine.text.new_line(where)
        engine.note_change(where.line, 0, 1, where.column)
    session.is_fresh = True


def _break(engine: Engine, letters: str) -> None:
    """A new line as deep as this one, by the engine itself: other carets move along."""
    line, column = engine.caret
    indent, rest = letters[: min(depth(letters), column)], letters[column:]
    stop = column + (depth(rest) if indent or rest.strip() else 0)
    engine.replace(engine.caret, Place(line, stop), "\n" + indent)
    engine.caret = Place(line + 1, len(indent))


def _tab(engine: Engine, session: Session) -> None:
    if engine.text.uses_tabs:
        put(engine, session, "\t")
        return
    letters = engine.text.line(engine.caret.line)
    shown = shown_column(letters, engine.caret.column, engine.text.tab_width)
    put(engine, session, " " * (engine.text.tab_width - shown % engine.text.tab_width))


def _backspace(engine: Engine, session: Session) -> None:
    line, column = engine.caret
    if engine.mode == REPLACE:
        if session.replaced and column:
            letters = engine.text.line(line)
            start = back(letters, column)
            engine.replace(Place(line, start), engine.caret, session.replaced.pop())
            engine.caret = Place(line, start)
        elif column:
            engine.caret = Place(line, back(engine.text.line(line), column))
        return
    if column:
        start = Place(line, back(engine.text.line(line), column))
    elif line:
        start = Place(line - 1, len(engine.text.line(line - 1)))
    else:
        return
    engine.replace(start, engine.caret, "")
    engine.caret = start


def _delete(engine: Engine, session: Session) -> None:
    line, column = engine.caret
    letters = engine.text.line(line)
    if column < len(letters):
        engine.replace(engine.caret, Place(line, on(letters, column)), "")
    elif line + 1 < engine.text.line_count:
        engine.replace(engine.caret, Place(line + 1, 0), "")


def _delete_word(engine: Engine, session: Session) -> None:
    """Ctrl+W."""
    walk = Walk(engine.text, engine.caret)
    line, column = engine.caret
    letters = engine.text.line(line)
    if not column:
        _backspace(engine, session)
        return
    edge = session.start.column if session.start.line == line and session.start.column < column else 0
    while column > edge and kind_of(letters[column - 1]) == SPACE:
        column -= 1
    if column > edge:
        kind = kind_of(letters[column - 1])
        while column > edge and kind_of(letters[column - 1]) == kind:
            column -= 1
    engine.replace(Place(line, column), walk.place, "")
    engine.caret = Place(line, column)


def _delete_line(engine: Engine, session: Session) -> None:
    """Ctrl+U: what was typed in the line, or else all before the caret but the indentation."""
    line, column = engine.caret
    if not column:
        _backspace(engine, session)
        return
    letters = engine.text.line(line)
    edge = session.start.column if session.start.line == line and session.start.column < column else 0
    if not edge and depth(letters) < column:
        edge = depth(letters)
    engine.replace(Place(line, edge), engine.caret, "")
    engine.caret = Place(line, edge)


def _shift(step: int):
    """Ctrl+T and Ctrl+D: indent the line."""

    def run(engine: Engine, session: Session) -> None:
        from plugins.scintilla.modal.operator import indent_text

        line, column = engine.caret
        letters = engine.text.line(line)
        size, now = engine.options["shiftwidth"], shown_column(letters, depth(letters), engine.text.tab_width)
        new = (now // size + 1) * size if step > 0 else max((now - 1) // size * size, 0)
        indent = indent_text(engine, new)
        engine.replace(Place(line, 0), Place(line, depth(letters)), indent)
        engine.caret = Place(line, max(column + len(indent) - depth(letters), 0))

    return run


def _copy(step: int):
    """Ctrl+Y and Ctrl+E: the letter above or below."""

    def run(engine: Engine, session: Session) -> None:
        line, column = engine.caret
        if not 0 <= line + step < engine.text.line_count:
            return
        tab = engine.text.tab_width
        other = engine.text.line(line + step)
        found = column_at(other, shown_column(engine.text.line(line), column, tab), tab)
        if found < len(other):
            put(engine, session, other[found : on(other, found)])

    return run


def _move(engine: Engine, session: Session, key: str) -> None:
    """Arrows and their kin, where the widget does not move by itself."""
    session.has_moved, session.keys = True, []
    engine.taken = ["i"]
    line, column = engine.caret
    letters = engine.text.line(line)
    if key == keys.LEFT and column:
        column = back(letters, column)
    elif key == keys.RIGHT and column < len(letters):
        column = on(letters, column)
    elif key in (keys.HOME, keys.END):
        column = 0 if key == keys.HOME else len(letters)
    elif key in (keys.UP, keys.DOWN):
        wished = engine.wished()
        target = line + (1 if key == keys.DOWN else -1)
        if 0 <= target < engine.text.line_count:
            line = target
            column = column_at(engine.text.line(line), wished, engine.text.tab_width)
        engine.caret = Place(line, column)
        return
    engine.want = None
    engine.caret = Place(line, column)


def open_line(engine: Engine, line: int) -> None:
    """Begin a new line before a line of that number, as deep as its neighbour."""
    above = line - 1 if line > engine.caret.line else line
    letters = engine.text.line(above)
    indent = letters[: depth(letters)]
    if line > engine.caret.line:
        end = Place(line - 1, len(engine.text.line(line - 1)))
        engine.replace(end, end, "\n" + indent)
    else:
        engine.replace(Place(line, 0), Place(line, 0), indent + "\n")
    engine.caret = Place(line, len(indent))


_PLAIN = {keys.RETURN: _new_line, "\n": _new_line, keys.TAB: _tab, keys.BACKSPACE: _backspace, keys.DELETE: _delete}
#: Keys of insert mode that are the engine's, even while a person types.
_HANDLED = {
    keys.control("w"): _delete_word, keys.control("u"): _delete_line, keys.control("t"): _shift(1),
    keys.control("d"): _shift(-1), keys.control("y"): _copy(-1), keys.control("e"): _copy(1),
}  # fmt: skip
#: The same for people: key, what it does.
KEYS = (
    ("<Esc>", "back to normal mode"), ("<C-w>", "delete the word before"),
    ("<C-u>", "delete what was typed in the line"),
    ("<C-r>", "put a register in"), ("<C-o>", "one command of normal mode"), ("<C-v>", "the next key as it is"),
    ("<C-t>", "indent the line"), ("<C-d>", "outdent the line"), ("<C-y>", "the letter above"),
    ("<C-e>", "the letter below"),
)  # fmt: skip
