"""Ex commands: the line behind ``:``, its range, its command of the table, its argument."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import GeneratorType
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.api import say
from plugins.scintilla.modal.ex_range import Range, read_range
from plugins.scintilla.modal.line import read_line
from plugins.scintilla.modal.motion_search import split_offset
from plugins.scintilla.modal.row import Refused
from plugins.scintilla.modal.text import Place

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


#: What stands for the caret where an ex command changed something: after undo it goes to the line itself.
NOWHERE = Place(-9, 0)


class Line(NamedTuple):
    """One line of ex.

    Attributes:
        where: Its range.
        name: What is typed of the command's name.
        has_sign: Whether ``!`` stands behind it.
        argument: What follows.
    """

    where: Range
    name: str
    has_sign: bool
    argument: str


class UnknownError(Refused):
    """There is no such ex command; a window may know one of that name."""


def ask(engine: Engine, count: int | None) -> Iterator[None]:
    """``:`` with what is typed up to Return; a selection is its range."""
    begin = "'<,'>" if engine.is_visual else "" if not count else f".,.+{count - 1}" if count > 1 else "."
    if engine.is_visual:
        from plugins.scintilla.modal.visual import leave

        leave(engine)
    typed = yield from read_line(engine, ":", begin=begin)
    if typed.strip():
        engine.lines_before = [one for one in engine.lines_before if one != typed][-99:] + [typed]
        engine.undo_place = NOWHERE
        try:
            yield from _run(engine, typed)
        except UnknownError:
            if not engine.is_live or not engine.surroundings.run_line(typed):
                raise
        engine.last_line = typed


def completions(engine: Engine, typed: str) -> list[str]:
    """What a line may become: ex commands, options of ``:set``, and commands of the window."""
    from plugins.scintilla.modal.ex_command import COMMANDS
    from plugins.scintilla.modal.option import OPTIONS

    if match := re.match(r"(\s*set?\s+(?:.*\s)?)(\w*)$", typed):
        names = [one.name for one in OPTIONS if one.name.startswith(match[2])]
        return [match[1] + name for name in names]
    head, name = re.match(r"(.*?)([A-Za-z]*)$", typed, re.DOTALL).groups()  # type: ignore[union-attr]
    is_name = not re.search(r"[A-Za-z] *$|[A-Za-z.-]$|[A-Za-z]\s", head)
    found = [head + row.name for row in COMMANDS if is_name and row.name.startswith(name) and row.name.isalpha()]
    return list(dict.fromkeys([*sorted(found), *engine.surroundings.complete_line(typed)]))


def run_line(engine: Engine, typed: str) -> None:
    """Run a line at once; what it would ask for is answered with yes.

    Raises:
        Refused: it cannot be done; :class:`UnknownError` where there is no such command.
    """
    engine.undo_place = NOWHERE
    engine.text.begin()
    try:
        running = _run(engine, typed)
        try:
            next(running)
            while True:
                running.send("y")
        except StopIteration:
            pass
    finally:
        engine.text.end()
    if not typed.startswith("@"):
        engine.last_line = typed


def _run(engine: Engine, typed: str) -> Iterator[None]:
    with engine.carets.held():
        for part in _commands(typed):
            made = _line(engine, part)
            answer = _row(made.name)(engine, made)
            if isinstance(answer, GeneratorType):
                yield from answer


def _commands(typed: str) -> list[str]:
    """The commands of a line, at ``|``; those that take a command take all that follows."""
    if "|" not in typed or re.match(r"[\s:\d.,$%'+-]*(g|v|global|vglobal|norm|normal)\b", typed):
        return [typed]
    start = 0
    if match := re.match(r"[\s:\d.,$%+<>-]*(?:'.,?'?.?)?s(?:ubstitute)?([^\w\s|&])", typed):
        rest = split_offset(typed[match.end() :], match[1])[1]
        start = len(typed) - len(split_offset(rest, match[1])[1])
    end = typed.find("|", start)
    return [typed] if end < 0 else [typed[:end], *_commands(typed[end + 1 :])]


def _line(engine: Engine, typed: str) -> Line:
    where, rest = read_range(engine, typed)
    match = re.match(r"([A-Za-z]+|[&<>=!@~#]|)", rest)
    name = match[0] if match else ""
    if re.match(r"(s|k|g|v|d|y|m|t)(?=[^A-Za-z])", rest):
        name = rest[0]
    if re.match(r"s[gciI&]+\s*$", rest):  # :sg and :sc are :s with flags
        name = "s"
    rest = rest[len(name) :]
    has_sign = rest.startswith("!") and name not in ("s",)
    return Line(where, name, has_sign, rest[has_sign:])


def _row(name: str) -> Any:
    from plugins.scintilla.modal.ex_command import COMMANDS

    for row in COMMANDS:
        full, short = row.name, row.short
        if name == full or (len(name) >= len(short) and full.startswith(name) and name.startswith(short)):
            return row.run
    raise UnknownError(say("there is no command “{name}”", name=name))
