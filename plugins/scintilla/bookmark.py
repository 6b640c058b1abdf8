"""Bookmarks: lines that are marked by a person; they move with the text."""

from __future__ import annotations

from plugins.scintilla.code import Code
from plugins.scintilla.host import SCI
from plugins.scintilla.look import MARGIN, MARKER

_NUMBER = MARKER["bookmark"]


class Bookmarks:
    """The bookmarks of one text."""

    def __init__(self, code: Code) -> None:
        self._code = code
        code.margin_pressed.connect(lambda margin, line: self.toggle(line) if margin == MARGIN["marks"] else None)

    def toggle(self, line: int) -> None:
        """Mark a line, or take its mark off."""
        is_marked = bool(self._code.send(SCI.SCI_MARKERGET, line) & 1 << _NUMBER)
        self._code.send(SCI.SCI_MARKERDELETE if is_marked else SCI.SCI_MARKERADD, line, _NUMBER)

    def step(self, step: int) -> bool:
        """Go to the next or previous marked line, from the end on to the beginning; False where there is none."""
        line = self._code.line_of(self._code.caret)
        if step > 0:
            ask, start, again = SCI.SCI_MARKERNEXT, line + 1, 0
        else:
            ask, start, again = SCI.SCI_MARKERPREVIOUS, line - 1, self._code.line_count - 1
        found = self._code.send(ask, start, 1 << _NUMBER) if start >= 0 else -1
        found = self._code.send(ask, again, 1 << _NUMBER) if found < 0 else found
        if found >= 0:
            self._code.go_to_line(found)
        return found >= 0

    def lines(self) -> list[int]:
        """The marked lines, from 0."""
        found, line = [], self._code.send(SCI.SCI_MARKERNEXT, 0, 1 << _NUMBER)
        while line >= 0:
            found.append(line)
            line = self._code.send(SCI.SCI_MARKERNEXT, line + 1, 1 << _NUMBER)
        return found

    def clear(self) -> None:
        """Take all marks off."""
        self._code.send(SCI.SCI_MARKERDELETEALL, _NUMBER)
