"""The base of every error a person may read: one sentence, where it happened, what to do."""

from __future__ import annotations

from typing import NamedTuple


class Where(NamedTuple):
    """A place in a text: file name, line and column counted from 1 (0 = not known)."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


class EspalierError(Exception):
    """An error with a message for people, a place and a hint.

    Args:
        message: One sentence without a final full stop: what is wrong.
        where: The place in a file, when there is one.
        hint: What to do about it.
    """

    #: Process exit code when this error ends a command.
    exit_code = 1

    def __init__(self, message: str, *, where: Where | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where and str(self.where) else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{hint}"
