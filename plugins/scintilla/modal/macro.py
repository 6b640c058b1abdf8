"""Macros: keys that are recorded into a register, and run from one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.scintilla.modal.row import Refused

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


def record(engine: Engine, count: int | None) -> Iterator[None]:
    """``q``: record a macro, or end it."""
    if engine.recording:
        if engine.is_live:
            engine.stop_recording()
        return
    name = yield from engine.argument("register")
    if not (name.isascii() and name.isalnum()) and name != '"':
        raise Refused
    if engine.is_live:
        engine.start_recording(name)


def play(engine: Engine, count: int | None) -> Iterator[None]:
    """``@``: run a macro; ``@@`` the same again, ``@:`` the last ex command."""
    name = yield from engine.argument("register")
    if name == ":":
        from plugins.scintilla.modal.ex import run_line

        for _ in range(count or 1):
            run_line(engine, engine.last_line)
        return
    name = engine.last_macro if name == "@" else name.lower()
    if not name:
        raise Refused
    engine.last_macro = name
    keys = engine.registers.get(name).text
    keys = keys.replace("\n", "\r")
    for _ in range(min(count or 1, 100_000)):
        engine.replay(keys, keeps_typing=True)
