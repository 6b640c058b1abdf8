"""Closing a window that holds edits: answers that are on their way are waited for, and then the person is asked.

Nobody is asked when somebody else ends the process, as a session does that ends: what was typed is kept in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from kernel.words import say

if TYPE_CHECKING:
    from shell.window import Window

#: The window looks again after this time, and asks after so many looks.
_LOOK_AGAIN_MS, _MOST_LOOKS = 50, 30


def may_close(window: Window) -> bool:
    """Whether a window with edits may close now; else it does by itself, or when the person says so."""
    if _waits_for_answers(window):
        return False
    if window.is_ended:
        from shell.unwritten import keep_unwritten

        for one in (window, *window.others):
            keep_unwritten(one)
        return True
    text = say("Some edits are not written yet. Close the window without them?")
    window.cards.question().ask(text, say("Close without saving"), window.close_anyway, is_danger=True)
    return False


def end_all(application: QApplication) -> None:
    """Close all windows without a question."""
    from shell.window import Window

    for window in application.topLevelWidgets():
        if isinstance(window, Window):
            window.is_ended = True
    application.closeAllWindows()


def _waits_for_answers(window: Window) -> bool:
    """Whether what was just written only lacks its answer; the window closes by itself when it is there."""
    is_busy = window.context is not None and any(handle.is_busy for handle in window.context.tables.values())
    if not is_busy or window.closing_looks >= _MOST_LOOKS:
        window.closing_looks = 0
        return False
    window.closing_looks += 1
    QTimer.singleShot(_LOOK_AGAIN_MS, window, window.close)
    return True
