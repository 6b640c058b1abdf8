"""Gives an editor the steps of a history, so that it can undo and redo them as if they had been made in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.scintilla.host import SCI
from plugins.scintilla.journal.history import Change, History

if TYPE_CHECKING:
    from plugins.scintilla.code import Code


class CodeText:
    """A surface's text, that changes are made in; see :class:`plugins.scintilla.journal.history.Text`."""

    def __init__(self, code: Code) -> None:
        self._code = code

    def has(self, position: int, text: bytes) -> bool:
        """Whether that text stands there."""
        return self._code.host.bytes(position, position + len(text)) == text

    def put(self, change: Change) -> None:
        """Make a change."""
        self._code.replace(change.position, change.position + len(change.removed), change.inserted)


def replay(code: Code, history: History) -> bool:
    """Make all steps in a text that was just loaded and is the one before the first of them.

    Returns:
        False where the text is another one; it is to be loaded again then.
    """
    text, send = CodeText(code), code.send
    with code.quiet():
        if history.saved is None:
            # Scintilla takes what it begins with for what is stored; the branch that is left here takes that away.
            text.put(Change(0, b"", b" "))
            code.mark_saved()
            send(SCI.SCI_UNDO)
        for number, step in enumerate(history.steps, 1):
            with code.one_step():
                for change in step:
                    if not text.has(change.position, change.removed):
                        return False
                    text.put(change)
            if number == history.saved:
                send(SCI.SCI_SETSAVEPOINT)
        for _ in range(len(history.steps) - history.at):
            send(SCI.SCI_UNDO)
    return True
