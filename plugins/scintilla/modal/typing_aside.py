"""Keys of insert mode that do something else than type: one command, a register, the next key as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.scintilla.modal import key as keys
from plugins.scintilla.modal.engine import NORMAL, Cancelled
from plugins.scintilla.modal.row import Refused
from plugins.scintilla.modal.text import Place
from plugins.scintilla.modal.typing import put

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine
    from plugins.scintilla.modal.typing import Session


def one_command(engine: Engine) -> Iterator[None]:
    """Ctrl+O: one command of normal mode."""
    from plugins.scintilla.modal.follow import command

    mode, taken = engine.mode, engine.taken
    line = engine.text.line(engine.caret.line)
    at_end = engine.caret.column >= len(line) > 0
    engine.mode = NORMAL
    try:
        yield from command(engine)
        while engine.is_visual:
            engine.settle()
            yield from command(engine)
    except (Cancelled, Refused) as stopped:
        engine.message = str(stopped)
    engine.operator = engine.register = None
    if engine.mode == NORMAL:
        engine.mode = mode
    letters = engine.text.line(min(engine.caret.line, engine.text.line_count - 1))
    if at_end and engine.caret.column == len(letters) - 1 and engine.want is not None:
        engine.caret = Place(engine.caret.line, len(letters))
    engine.taken = [*taken, *engine.taken] if taken else engine.taken


def put_in(engine: Engine, session: Session, key: str) -> Iterator[None]:
    """Ctrl+R puts a register in, Ctrl+V the next key as it is."""
    try:
        name = yield from engine.argument("register" if key == keys.control("r") else "letter")
    except Cancelled:
        return
    is_literal = key == keys.control("v")
    made = name if is_literal else _register(engine, name)
    for letter in made:
        session.keys.append("\r" if letter == "\n" else letter)
    put(engine, session, made)
    engine.carets.type(lambda one: put(engine, one, name if is_literal else _register(engine, name)))


def _register(engine: Engine, name: str) -> str:
    """What a register holds; nothing where there is none."""
    try:
        return engine.registers.get(name).text
    except Refused:
        return ""
