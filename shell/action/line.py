"""Commands for lines of commands: to type one, to repeat one."""

from __future__ import annotations

from typing import Any

from kernel.error import EspalierError
from kernel.words import say
from shell.command import Rest


def open_line(window: Any, text: Rest = "") -> None:
    """Let the person type a command; ``text`` stands there already."""
    from shell.line.bar import command_line

    command_line(window).open(f"{text} " if text else "")


def repeat(window: Any, count: int = 1) -> None:
    """Run the command that was run last once more."""
    _again(window, window.registry.last_run, count)


def repeat_change(window: Any, count: int = 1) -> None:
    """Do what changed rows last once more."""
    _again(window, window.registry.last_change, count)


def _again(window: Any, run: Any, count: int) -> None:
    if run is None:
        raise EspalierError(say("nothing was done yet that could be repeated"))
    for _ in range(max(count, 1)):
        window.registry.run(run.command.id, **run.arguments)
        if window.is_closing:
            return
