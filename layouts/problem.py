"""What is wrong with a layout: place, message, hint, and the line with a mark below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kernel.error import EspalierError, Where

_LINE_END = re.compile("\r\n|\n|\r")


class Problem(NamedTuple):
    """One problem; ``severity`` is error or warning. ``str()`` is one line, :meth:`text` shows the source too."""

    where: Where
    message: str
    hint: str = ""
    snippet: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        level = "" if self.severity == "error" else f"{self.severity}: "
        hint = f" ({self.hint})" if self.hint else ""
        place = f"{self.where}: " if str(self.where) else ""
        return f"{place}{level}{self.message}{hint}"

    def text(self) -> str:
        """The problem with its line of the file and a mark below the place."""
        return f"{self}\n{self.snippet}" if self.snippet else str(self)


class LayoutError(EspalierError):
    """A layout cannot be shown; ``problems`` holds everything that is wrong, in order of place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(first.message, where=first.where, hint=first.hint)
        self.problems = list(problems)

    def __str__(self) -> str:
        return "\n".join(problem.text() for problem in self.problems)


def snippet(text: str, where: Where) -> str:
    """The line of ``where`` with its number, and a caret below the column; tabs stay, long lines are cut."""
    lines = _LINE_END.split(text)
    if not 0 < where.line <= len(lines):
        return ""
    line, column = lines[where.line - 1], where.column
    if column > 100:
        line, column = "…" + line[column - 60 :], 62 - 1
    line = line[:140]
    gutter = f"{where.line:>5} | "
    blanks = "".join("\t" if letter == "\t" else " " for letter in line[: column - 1])
    return f"{gutter}{line}\n{' ' * (len(gutter) - 2)}| {blanks}^"
