"""Ex commands of the search in all files, which the window has: ``:grep``, ``:vimgrep``, ``:cnext`` and their kin."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from plugins.api import say
from plugins.scintilla.modal.row import Refused

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine
    from plugins.scintilla.modal.ex import Line

#: ``/expression/`` with any sign around it, flags, and in which files.
_DELIMITED = re.compile(r"([^\w\s])(?P<text>.*)\1[gjf]*(?:\s+(?P<files>.*))?$")


def find(engine: Engine, line: Line) -> None:
    """``:grep words`` and ``:vimgrep /expression/ *.py``: list the places in all files."""
    argument = line.argument.strip()
    found = _DELIMITED.match(argument) if line.name.startswith(("vim", "lv")) else None
    text, files = (found["text"], found["files"] or "") if found is not None else (argument, "")
    files = "" if files.strip() in ("%", "**", "**/*") else files.replace("**/", "")
    parts = [quoted(text), "expression=yes", *([f"include={quoted(files)}"] if files else [])]
    _run(engine, "search.files " + " ".join(parts if text else []))


def window_line(command: str) -> Callable[[Engine, Line], None]:
    """A command of the window by its id."""
    return lambda engine, _line: _run(engine, command)


def quoted(text: str) -> str:
    """A text as one word of a line."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _run(engine: Engine, line: str) -> None:
    if not engine.surroundings.run_line(line.strip()):
        raise Refused(say("that is not possible here"))
