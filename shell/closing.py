"""A window that is closed while a write lacks its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from shell.window import Window

#: The window looks again after this time, and asks after so many looks.
_LOOK_AGAIN_MS, _MOST_LOOKS = 50, 30


def waits_for_answers(window: Window) -> bool:
    """Whether what was just written only lacks its answer; the window closes by itself when it is there."""
    is_busy = window.context is not None and any(handle.is_busy for handle in window.context.tables.values())
    if not is_busy or window.closing_looks >= _MOST_LOOKS:
        window.closing_looks = 0
        return False
    window.closing_looks += 1
    QTimer.singleShot(_LOOK_AGAIN_MS, window, window.close)
    return True
