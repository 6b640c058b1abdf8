"""Calls something once, right after a window's first paint."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget


class _FirstPaint(QObject):
    """Watches one window until it was painted."""

    def __init__(self, window: QWidget, act: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._act = act
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The paint itself comes first; the act follows when control is back at the event loop."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self._window, self._act)
            self.deleteLater()
        return False


def after_first_paint(window: QWidget, act: Callable[[], object]) -> None:
    """Call ``act`` in the event loop's first turn after the window was painted for the first time."""
    _FirstPaint(window, act)
