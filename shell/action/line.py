"""Commands for lines of commands: to type one, to repeat one."""

from __future__ import annotations

from typing import Any

from shell.command import Rest


def open_line(window: Any, text: Rest = "") -> None:
    """Let the person type a command; ``text`` stands there already."""
    from shell.line.bar import command_line

    command_line(window).open(f"{text} " if text else "")
