"""Marks, the list of jumps and the list of changes: places that move with the text around them."""

from __future__ import annotations

from plugins.scintilla.modal.text import Place

#: Places that are kept of jumps and of changes.
_MOST = 100


class Marks:
    """The places of one text.

    Attributes:
        named: Letter → place; ``[ ] < > . ^`` and the quotes are set by commands.
    """

    def __init__(self) -> None:
        self.named: dict[str, Place] = {}
        self.jumps: list[Place] = []
        self.changes: list[Place] = []
        self._at_jump = self._at_change = 0

    def jump(self, place: Place) -> None:
        """A jump begins here."""
        self.named["'"] = place
        self.jumps = [one for one in self.jumps if one.line != place.line][1 - _MOST :]
        self.jumps.append(place)
        self._at_jump = len(self.jumps)

    def step_jumps(self, step: int, now: Place) -> Place | None:
        """The place before or after in the list of jumps; None at its end."""
        if step < 0 and self._at_jump == len(self.jumps):
            target = self._at_jump + step
            if target < 0:
                return None
            self.jump(now)
            self._at_jump = max(len(self.jumps) - 1 + step, 0) if target >= 0 else 0
            return self.jumps[self._at_jump]
        target = self._at_jump + step
        if not 0 <= target < len(self.jumps):
            return None
        self._at_jump = target
        return self.jumps[target]

    def note_change(self, place: Place) -> None:
        """The text was changed here."""
        self.named["."] = place
        if not (self.changes and self.changes[-1].line == place.line):
            self.changes = self.changes[1 - _MOST :]
            self.changes.append(place)
        else:
            self.changes[-1] = place
        self._at_change = len(self.changes)

    def step_changes(self, step: int) -> Place | None:
        """The place of the change before or after."""
        target = self._at_change + step
        if not self.changes or (step < 0 and not self._at_change) or (step > 0 and target >= len(self.changes)):
            return None
        self._at_change = max(target, 0)
        return self.changes[self._at_change]

    def shift(self, line: int, before: int, after: int, count: int, column: int = 1) -> None:
        """Lines came or went: the places below move along, those of lines that went are gone.

        Args:
            line: The line where it began.
            before: How many line ends stood in the part that was changed.
            after: How many stand there now.
            count: Lines of the text now.
            column: The letter where it began; what is put in before a line moves the line.
        """
        change = after - before
        if not change:
            return
        edge = line + before - (not column and not before)

        def moved(place: Place) -> Place:
            if place.line > edge:
                return Place(place.line + change, place.column)
            return Place(min(place.line, max(line + after, line), count - 1), place.column) if (
                place.line > line
            ) else place

        self.named = {name: moved(place) for name, place in self.named.items()}
        self.jumps = [moved(place) for place in self.jumps]
        self.changes = [moved(place) for place in self.changes]
