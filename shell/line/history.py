"""The lines that a person typed, the newest last: kept per app, walked through by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shell.window import Window

#: The name that the window's state has them under, and how many are kept.
NAME, MOST = "line.history", 300


class LineHistory:
    """One window's lines.

    Args:
        window: Remembers them.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        #: What was typed before the walk began, None while nobody walks; and the place in the lines.
        self._typed: str | None = None
        self._at = 0

    def lines(self) -> list[str]:
        """All of them, the oldest first."""
        kept = self._window.state.recall(NAME, [])
        return [line for line in kept if isinstance(line, str)] if isinstance(kept, list) else []

    def add(self, line: str) -> None:
        """Keep a line; one that was there before is the newest now."""
        self._window.remembering.remember(NAME, [*(one for one in self.lines() if one != line), line][-MOST:])
        self.stay()

    def stay(self) -> None:
        """The person types, and walks no more."""
        self._typed = None

    @property
    def is_walking(self) -> bool:
        """Whether a line of the past is shown."""
        return self._typed is not None

    def step(self, text: str, by: int) -> str | None:
        """The line that comes next, back by -1 and on by 1, of those that begin as what was typed; None for none."""
        lines = self.lines()
        if self._typed is None:
            self._typed, self._at = text, len(lines)
        at = self._at + by
        while 0 <= at < len(lines) and not lines[at].startswith(self._typed):
            at += by
        if at >= len(lines):
            text, self._typed = self._typed, None
            return text
        if at < 0:
            return None
        self._at = at
        return lines[at]
