"""Runs a typed line: the focused view first, where it takes lines itself, then the commands by their ids.

People of Vim have short names for a few commands; a number alone goes to that row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from kernel.error import EspalierError
from kernel.words import say
from shell.command import Later
from shell.running import Caller, perform

if TYPE_CHECKING:
    from shell.window import Window

#: Short name → the lines that it stands for; what follows it goes to the first one.
SHORT: dict[str, tuple[str, ...]] = {
    "w": ("row.save",), "q": ("window.close",), "wq": ("row.save", "window.close"), "x": ("row.save", "window.close"),
    "qa": ("app.quit",), "e": ("app.open",), "u": ("edit.undo",), "red": ("edit.redo",), "ls": ("palette.open",),
    "h": ("help.keys",),
}  # fmt: skip


def run_typed(window: Window, line: str, fail: Callable[[Exception], None]) -> None:
    """Run it where the focus is; ``fail`` is told what went wrong, now or later."""
    try:
        said = _ask_views(window.focusWidget(), line)
        if said is not None:
            _say(window, said)
            return
        _run(window, line, fail)
    except Exception as error:  # told where the line was typed
        fail(error)


def run_commands(window: Window, line: str, fail: Callable[[Exception], None]) -> None:
    """Run it without asking the views, for one of them that does not know it; ``fail`` as above."""
    try:
        _run(window, line, fail)
    except Exception as error:  # told where the line was typed
        fail(error)


def is_command(window: Window, line: str) -> bool:
    """Whether a line begins with a command, or a short name of one."""
    name = line.strip().partition(" ")[0]
    return name in SHORT or window.registry.get(name) is not None


def _run(window: Window, line: str, fail: Callable[[Exception], None]) -> None:
    registry = window.registry
    caller = Caller(registry.ask, registry.ask_arguments, lambda _command, error: fail(error),
                    lambda answer: _say(window, answer, fail))  # fmt: skip
    for one in _lines(window, line):
        perform(registry, one, {}, caller)


def _ask_views(widget: QWidget | None, line: str) -> str | None:
    """What the first view around the focus says that takes the line; None when none does."""
    while widget is not None:
        take = getattr(widget, "run_line", None)
        if take is not None and (said := take(line)) is not None:
            return said
        widget = widget.parentWidget()
    return None


def _lines(window: Window, line: str) -> list[str]:
    name, _, rest = line.strip().partition(" ")
    if name.lstrip("-").isdigit() and not rest:
        return [_to_row(window, name)]
    if name not in SHORT or window.registry.get(name) is not None:
        return [line]
    first, *others = SHORT[name]
    return [f"{first} {rest}".strip(), *others]


def _to_row(window: Window, number: str) -> str:
    from shell.action.table import names_of

    view = window.active_view()
    if view is None or not names_of(view):
        raise EspalierError(say("there is no list here"))
    return f"row.go {names_of(view)[-1]} {number}"


def _say(window: Window, answer: Any, fail: Callable[[Exception], None] | None = None) -> None:
    """Tell the person what a command has answered, if anything."""
    if isinstance(answer, Later):
        answer.then(lambda late: _say(window, late, fail))
    elif isinstance(answer, Exception):
        if fail is not None:
            fail(answer)
    elif answer not in (None, ""):
        window.messages.report("info", str(answer))
