"""What a cell shows besides its stored value: an edit that is under way, or one that was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from kernel.tables.change import Key


class Answer(NamedTuple):
    """A button beside a cell: its title, what it does, and ``emphasis`` as buttons have it (danger)."""

    title: str
    run: Callable[[], object]
    emphasis: str = ""


class Mark(NamedTuple):
    """The typed value and its text; ``message`` is empty while the edit is being written.

    ``answers`` are offered when the person is asked.
    """

    value: Any
    text: str
    message: str = ""
    answers: tuple[Answer, ...] = ()


class Marks(dict[tuple[Key | None, str], Mark]):
    """(Row key, column path) → what its cell shows instead of the stored value; the key is None for the new row."""

    def forget_draft(self) -> None:
        """Drop the marks of the new row."""
        for at in [at for at in self if at[0] is None]:
            del self[at]

    def has_refused(self) -> bool:
        """Whether any edit was refused and is not mended yet."""
        return any(mark.message for mark in self.values())
