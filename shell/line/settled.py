"""Whether what a command has begun in a window is done: rows that are written, scripts, rows that are read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from shell.focus import ROW_KINDS, built

if TYPE_CHECKING:
    from shell.window import Window

#: Milliseconds between two looks.
_LOOK_MS = 4
#: Seconds that rows which a command asked for are waited for: who comes next finds them, unless there are very many.
_ROWS_S = 5.0


def when_settled(window: Window, then: Callable[[], None], is_awaited: Callable[[], bool] = lambda: False) -> None:
    """Call ``then`` as soon as nothing is under way any more, which may be now; also when the window was closed.

    Args:
        window: Where a command was run.
        then: What comes next.
        is_awaited: Answers whether anything else is still waited for.
    """
    patient_until = time.monotonic() + _ROWS_S

    def look() -> None:
        is_patient = time.monotonic() < patient_until
        is_busy = is_awaited() or is_writing(window) or (is_patient and is_reading(window))
        if window.is_closing or not is_busy:
            then()
        else:
            QTimer.singleShot(_LOOK_MS, window.desk.application, look)

    look()


def is_writing(window: Window) -> bool:
    """Whether rows of its tables are being written, or scripts of its app run."""
    is_busy = window.session.runs_scripts or bool(window.scope.read("history.writing"))
    return is_busy or any(handle.is_writing for handle in _handles(window))


def is_reading(window: Window) -> bool:
    """Whether rows that its lists show are on their way."""
    lists = (view.rows for view in built(window, ROW_KINDS) if hasattr(view, "rows"))
    return any(rows.is_awaited for rows in lists) or any(handle.is_busy for handle in _handles(window))


def _handles(window: Window) -> Iterator[Any]:
    """The tables that anybody has asked for anything."""
    made = window.context.tables if window.context is not None else {}
    return (made[name] for name in made if made.is_made(name))
