"""Commands for macros: record, play, show."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from kernel.error import EspalierError
from kernel.words import say

#: The window's memory of the register that was played last, which @@ plays again.
_LAST = "macro.last"


def record(window: Any, register: str = "") -> None:
    """Begin to record commands into a register, a letter or a name; while one is recorded, end that."""
    from shell.macro.recorder import recorder_of

    recorder = recorder_of(window)
    if recorder.register:
        recorder.stop()
    elif register:
        recorder.start(register)
    else:
        _ask(window, say("Record into which register? Press a letter or a digit."), "macro.record")


def play(window: Any, register: Annotated[str, "macro"] = "", count: int = 1) -> Any:
    """Play the macro of a register; ``@`` stands for the one that was played last."""
    from shell.macro.player import play as play_lines
    from shell.macro.recorder import recorder_of

    if not register:
        _ask(window, say("Play which register? Press its letter, or @ for the last one."), "macro.play", count=count)
        return None
    name = window.state.recall(_LAST, "") if register == "@" else register
    if not name:
        raise EspalierError(say("no macro was played yet"))
    lines = recorder_of(window).macros.get(name)
    window.remembering.remember(_LAST, name)
    return play_lines(window, name, lines * max(count, 1))


def stop(window: Any) -> None:
    """End the macros that play behind the command that runs now."""
    from shell.macro.player import stop as stop_all

    if not stop_all(window):
        raise EspalierError(say("no macro plays"))


def show(window: Any) -> None:
    """Show the macros as a table, to edit, delete and play them."""
    from shell.macro.card import MacroCard
    from shell.macro.recorder import recorder_of

    card = window.cards.made.get("macros")
    if card is None:
        card = window.cards.made["macros"] = MacroCard(window, recorder_of(window).macros)
    card.show_macros()


def delete(window: Any, register: Annotated[str, "macro"]) -> None:
    """Remove a macro."""
    from shell.macro.recorder import recorder_of

    macros = recorder_of(window).macros
    macros.get(register)
    macros.put(register, [])


def macros(window: Any) -> dict[str, list[str]]:
    """Name → lines of those that there are; none where they cannot be read."""
    from shell.macro.recorder import recorder_of
    from shell.macro.store import MacroError

    try:
        return recorder_of(window).macros.all()
    except MacroError:
        return {}


def _ask(window: Any, question: str, command: str, **arguments: Any) -> None:
    from shell.macro.letter import ask_letter

    ask_letter(window, question, partial(_take, window, command, arguments))


def _take(window: Any, command: str, arguments: dict[str, Any], letter: str) -> None:
    window.registry.run(command, register=letter, **arguments)
