"""The steps of a text that can be undone, as changes of bytes: Scintilla's own list of them, told from outside.

Scintilla cannot be asked for its list (until 5.5), but tells each change, who made it, and where a step begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

#: Who made a change: the person or a command, at the beginning of a step or within it; undo and redo, within a step and
#: as its last change.
BEGIN, GO_ON, UNDO, UNDO_LAST, REDO, REDO_LAST = range(1, 7)


class Change(NamedTuple):
    """One change of a text: from a position, in bytes, one text was put in the place of another."""

    position: int
    removed: bytes
    inserted: bytes

    def inverse(self) -> Change:
        """What takes it back."""
        return Change(self.position, self.inserted, self.removed)


class Text(Protocol):
    """What changes are made in."""

    def has(self, position: int, text: bytes) -> bool:
        """Whether that text stands there."""

    def put(self, change: Change) -> None:
        """Make a change."""


class History:
    """Steps, and how many of them are in force.

    Attributes:
        steps: Lists of changes, in the order in which they were made.
        at: How many of them the text has; those behind it can be made again.
        saved: At how many of them the file was written last, None when that state can no more be come to.
    """

    def __init__(self, steps: Sequence[list[Change]] = (), at: int = 0, saved: int | None = 0) -> None:
        self.steps = list(steps)
        self.at = at
        self.saved = saved

    @property
    def is_saved(self) -> bool:
        """Whether the text is what the file has."""
        return self.at == self.saved

    def take(self, kind: int, change: Change) -> None:
        """A change was made; ``kind`` is one of those above."""
        if kind in (UNDO_LAST, REDO_LAST):
            self.at = min(max(self.at + (1 if kind == REDO_LAST else -1), 0), len(self.steps))
        elif kind in (BEGIN, GO_ON):
            self._do(change, is_new=kind == BEGIN or not self.at or self.at < len(self.steps))

    def _do(self, change: Change, *, is_new: bool) -> None:
        if self.saved is not None and (self.saved > self.at or (not is_new and self.saved == self.at)):
            self.saved = None  # what was written is on a branch that is left, or within a step
        del self.steps[self.at :]
        if is_new:
            self.steps.append([])
        self.steps[-1].append(change)
        self.at = len(self.steps)

    def mark_saved(self) -> None:
        """The file was written as the text is now."""
        self.saved = self.at

    def trim(self, most_steps: int, most_bytes: int) -> None:
        """Forget the oldest steps beyond these; those that can be made again stay."""
        kept = room = 0
        for step in reversed(self.steps[: self.at]):
            room += sum(len(change.removed) + len(change.inserted) for change in step)
            if kept == most_steps or room > most_bytes:
                break
            kept += 1
        gone = self.at - kept
        del self.steps[:gone]
        self.at -= gone
        if self.saved is not None:
            self.saved = self.saved - gone if self.saved >= gone else None

    def back_to_first(self, text: Text) -> bool:
        """Take all steps in force back in ``text``.

        Returns:
            False where the text is not the one that they were made in; what was taken back is put there again then.
        """
        taken: list[Change] = []
        for change in self._changes_back():
            if not text.has(change.position, change.removed):
                for one in reversed(taken):
                    text.put(one.inverse())
                return False
            text.put(change)
            taken.append(change)
        return True

    def _changes_back(self) -> Iterator[Change]:
        for step in reversed(self.steps[: self.at]):
            for change in reversed(step):
                yield change.inverse()


class PlainText:
    """A text in memory that changes are made in."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)

    def has(self, position: int, text: bytes) -> bool:
        """See :class:`Text`."""
        return self.data[position : position + len(text)] == text

    def put(self, change: Change) -> None:
        """See :class:`Text`."""
        self.data[change.position : change.position + len(change.removed)] = change.inserted
