"""Places of one text that a person left by a jump, to go back to and on again; they move with the text."""

from __future__ import annotations

from plugins.scintilla.code import Code
from plugins.scintilla.host import SCI
from plugins.scintilla.look import MARKER

#: Lines from which on a move is a jump; places that are kept.
FAR, MOST = 10, 100
_NUMBER = MARKER["jump"]


class Jumps:
    """The list of one text. A place is a marker that is not drawn, so that Scintilla moves it."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._places: list[int] = []
        self._at = 0
        self._line = 0
        self._is_going = False
        code.moved.connect(self.look)

    def look(self) -> None:
        """See where the caret is; where that is far from where it was, that was a jump."""
        line = self._code.line_of(self._code.caret)
        was, self._line = self._line, line
        if self._is_going or abs(line - was) < FAR or self._code.is_large:
            return
        self._forget(self._places[self._at :])
        del self._places[self._at :]
        self._add(min(was, self._code.line_count - 1))
        self._forget(self._places[:-MOST])
        del self._places[:-MOST]
        self._at = len(self._places)

    def step(self, step: int) -> bool:
        """Go back (-1) or on (1); false where there is no place."""
        self.look()
        here = self._code.line_of(self._code.caret)
        if step < 0 and self._at == len(self._places) and self._places:
            self._add(here)
        while 0 <= self._at + step < len(self._places):
            self._at += step
            line = self._code.send(SCI.SCI_MARKERLINEFROMHANDLE, self._places[self._at])
            if line >= 0 and line != here:
                self._is_going = True
                self._code.go_to_line(line)
                self._line, self._is_going = line, False
                return True
        return False

    def clear(self) -> None:
        """Another text: no place of it is known."""
        self._code.send(SCI.SCI_MARKERDELETEALL, _NUMBER)
        self._places, self._at, self._line = [], 0, 0

    def _add(self, line: int) -> None:
        self._places.append(self._code.send(SCI.SCI_MARKERADD, line, _NUMBER))

    def _forget(self, places: list[int]) -> None:
        for place in places:
            self._code.send(SCI.SCI_MARKERDELETEHANDLE, place)
