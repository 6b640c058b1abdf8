"""Folds by what a server knows of the text, in the place of the lexer's where it offers them."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from plugins.scintilla.host import SCI
from plugins.scintilla.language_client.protocol import FoldingRange

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText

#: A pause of the typing, in ms, before they are asked for; lines that get their level in one turn of the event loop.
PAUSE_MS, PORTION = 500, 2_000
#: Ranges that are asked for at most; the greatest depth that Scintilla can count.
MOST, DEEPEST = 5_000, SCI.SC_FOLDLEVELNUMBERMASK - SCI.SC_FOLDLEVELBASE


class Folds(QObject):
    """The folds of one text.

    Attributes:
        ranges: First and last line of each, as they were told last.
    """

    def __init__(self, served: ServedText) -> None:
        super().__init__(served)
        self._served, self._code = served, served.code
        self.ranges: list[tuple[int, int]] = []
        self._has_taken = False
        self._levels: list[int] = []
        self._next = 0
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self._setting = QTimer(self, interval=0)
        self._setting.timeout.connect(self._set_some)
        self._code.edited.connect(self._hear)

    @property
    def is_busy(self) -> bool:
        """Whether lines still get their levels."""
        return self._setting.isActive()

    def start(self) -> None:
        """Ask after a pause."""
        self._pause.start()

    def end(self) -> None:
        """The text is served no more: the lexer folds again."""
        self._pause.stop()
        self._setting.stop()
        self._code.edited.disconnect(self._hear)
        if self._has_taken and self._code.host.is_alive and not self._served.is_shared:
            self._fold_by_lexer(is_on=True)
            self._code.send(SCI.SCI_COLOURISE, 0, -1)

    def look(self) -> None:
        """Ask now."""
        server = self._served.able("foldingRangeProvider")
        if server is not None and self._code.host.editor.lexer() is not None:
            self._served.ask(
                "folds", server, "textDocument/foldingRange", {}, list[FoldingRange] | None, self._take
            )

    def _take(self, found: list[FoldingRange] | None) -> None:
        if not found and not self._has_taken:
            return  # a server that knows none leaves the lexer's
        last = self._code.line_count - 1
        some = {(one.start_line, min(one.end_line, last)) for one in (found or [])[:MOST]}
        self.ranges = sorted(pair for pair in some if 0 <= pair[0] < pair[1])
        if not self._has_taken:
            self._has_taken = True
            self._fold_by_lexer(is_on=False)
        self._levels, self._next = levels_of(self.ranges, last + 1), 0
        self._setting.start()

    def _set_some(self) -> None:
        """Give some lines their levels; those that have them already are left alone."""
        send, stop = self._code.send, min(self._next + PORTION, len(self._levels))
        for line in range(self._next, stop):
            if send(SCI.SCI_GETFOLDLEVEL, line) != self._levels[line]:
                send(SCI.SCI_SETFOLDLEVEL, line, self._levels[line])
        self._next = stop
        if stop == len(self._levels):
            self._setting.stop()

    def _hear(self) -> None:
        """Levels move with the lines; those that were on their way are of a text that is no more."""
        self._setting.stop()
        self._pause.start()

    def _fold_by_lexer(self, *, is_on: bool) -> None:
        self._code.send(SCI.SCI_SETPROPERTY, b"fold", b"1" if is_on else b"0")


def levels_of(ranges: list[tuple[int, int]], count: int) -> list[int]:
    """Scintilla's level of each of ``count`` lines: how deep it stands, and whether a fold begins there."""
    steps, heads = [0] * (count + 1), set()
    for first, last in ranges:
        steps[first + 1] += 1
        steps[last + 1] -= 1
        heads.add(first)
    depths = list(accumulate(steps[:count]))
    base, head = SCI.SC_FOLDLEVELBASE, SCI.SC_FOLDLEVELHEADERFLAG
    return [base + min(depth, DEEPEST) + (head if line in heads else 0) for line, depth in enumerate(depths)]
