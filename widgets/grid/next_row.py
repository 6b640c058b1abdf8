"""Another new row behind one that is not stored yet: it begins when that one is, with what was typed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.typed_ahead import TypedAhead

if TYPE_CHECKING:
    from widgets.grid.edit import Editing


def begin_next(editing: Editing) -> None:
    """Write the new row that is there, and begin another one; without anything typed it is the new row already."""
    draft = editing.draft
    if draft is None or draft.then is not None or not editing.accept():
        return
    if not draft.is_writing:
        if not draft.typed():
            return
        draft.write()
    if draft.is_writing:  # else what is wrong with it stands at its cells
        draft.then = _Next(editing).take
    elif editing.draft is None:
        editing.start_draft()


class _Next:
    """Waits for the answer about the row before."""

    def __init__(self, editing: Editing) -> None:
        self._editing = editing
        self._ahead = TypedAhead(editing.grid)
        self._ahead.begin()

    def take(self, is_stored: bool) -> None:
        """Begin the row, unless the person is elsewhere by now; where the one before was refused, its person is asked
        about that one first.
        """
        if is_stored and not self._ahead.is_left:
            self._editing.start_draft()
            self._ahead.hand_on()
        else:
            self._ahead.forget()
        self._ahead.deleteLater()
