"""Tells when a window is first painted whole: for the start benchmark and for pictures.

Whole means that no view of it still waits for its schema or its rows.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from shell.focus import views

if TYPE_CHECKING:
    from shell.window import Window
    from widgets.handle import TableHandle

_STEP_MS = 2


class WhenWhole(QObject):
    """Calls back once, after the first paint with all rows.

    Args:
        window: The window to watch; need not be shown yet.
        done: Called with whether it became whole in time.
        limit_ms: How long to wait at most.
    """

    def __init__(self, window: Window, done: Callable[[bool], None], limit_ms: int = 10_000) -> None:
        super().__init__(window)
        self._window = window
        self._done = done
        self._end = time.monotonic() + limit_ms / 1000
        self._has_painted = False
        window.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice the first paint."""
        if event.type() == QEvent.Type.Paint:
            self._has_painted = True
            self._window.removeEventFilter(self)
        return False

    def _look(self) -> None:
        is_late = time.monotonic() > self._end
        if not is_late and not (self._has_painted and is_whole(self._window)):
            return
        self._timer.stop()
        self._window.repaint()
        QApplication.sendPostedEvents()
        self._done(not is_late)
        self.deleteLater()


def is_whole(window: Window) -> bool:
    """Whether every table of the window has answered and no view of it still waits for rows."""
    if window.context is None:
        return True
    if any(is_waiting(handle) for handle in window.context.tables.values()):
        return False
    return all(has_rows(grid) for grid in views(window, ("grid",)) if grid.isVisible())


def has_rows(grid: QWidget) -> bool:
    """Whether the grid knows how many rows it has, and has the first one in sight (or says why it has none)."""
    rows = getattr(grid, "rows", None)
    if rows is None or grid.handle.error is not None:
        return True
    return rows.cache.count is not None and (not grid.row_count() or grid.row_key(0) is not None)


def is_waiting(handle: TableHandle) -> bool:
    """Whether the table was not read yet, or still answers a question."""
    return handle.state == "loading" or handle.is_busy


def watch_first_paint(window: Window) -> None:
    """Append ``painted SECONDS`` to the file that ESPALIER_TRACE_START names; quit when ESPALIER_TRACE_QUIT says so."""

    def write(is_in_time: bool) -> None:
        with open(os.environ["ESPALIER_TRACE_START"], "a", encoding="utf-8") as file:
            file.write(f"{'painted' if is_in_time else 'late'} {time.time():.6f}\n")
        if os.environ.get("ESPALIER_TRACE_QUIT") == "1":
            QApplication.exit(0)

    WhenWhole(window, write)
