"""Selections that grow by the syntax, and shrink again the way they came: word, expression, statement, block, all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.scintilla.host import SCI
from plugins.scintilla.syntax_kind import GRAMMARS

if TYPE_CHECKING:
    from plugins.scintilla.pane import Pane


class Growth:
    """What one text's selection was before it grew.

    Args:
        pane: The text.
    """

    def __init__(self, pane: Pane) -> None:
        self._pane = pane
        self._before: list[tuple[int, int]] = []
        self._now: tuple[int, int] | None = None

    def grow(self) -> bool:
        """Select the next larger part; false where all of it is selected."""
        code = self._pane.code
        span = code.selection
        if span != self._now:
            self._before = []
        if self._ask_server(span):
            return True
        return self._take(span, [])

    def _ask_server(self, span: tuple[int, int]) -> bool:
        """Ask a language server where the editor knows no syntax; false where there is none to ask."""
        served = self._pane.served
        if served is None or self._pane.code.language.name in GRAMMARS:
            return False
        from plugins.scintilla.language_client.growing import ask_parts

        return ask_parts(served, lambda parts: self._take(span, parts))

    def _take(self, span: tuple[int, int], known: list[tuple[int, int]]) -> bool:
        """Select the next larger part, of those that a server knows too."""
        larger = self._larger(*span, known) if self._pane.code.selection == span else None
        if larger is None:
            return False
        self._before.append(span)
        self._show(larger)
        return True

    def shrink(self) -> bool:
        """Select what was selected before; false where nothing grew."""
        if self._pane.code.selection != self._now or not self._before:
            return False
        self._show(self._before.pop())
        return True

    def _show(self, span: tuple[int, int]) -> None:
        self._now = span
        self._pane.code.select(*span)

    def _larger(self, start: int, stop: int, known: list[tuple[int, int]]) -> tuple[int, int] | None:
        """The smallest part that has more than the selection: a word, a node of the syntax, lines, everything."""
        code, send = self._pane.code, self._pane.code.send
        line, last = code.line_of(start), code.line_of(stop)
        text = code.line_text(line)
        parts = [
            (send(SCI.SCI_WORDSTARTPOSITION, start, 1), send(SCI.SCI_WORDENDPOSITION, stop, 1)),
            *known,
            self._pane.syntax.around(code.language.name, start, stop),
            (code.line_start(line) + len(text) - len(text.lstrip()), code.line_stop(last)),
            (code.line_start(line), code.line_start(last + 1)),
            (0, code.length),
        ]
        others = [part for part in parts if part is not None and part != (start, stop)]
        fits = [part for part in others if part[0] <= start and part[1] >= stop]
        return min(fits, key=lambda part: part[1] - part[0]) if fits else None
