"""The start trace: when a window was first painted with its data, written for the start benchmark.

Painted means that every list in sight shows its rows; forms follow in the next turn of the event loop. Rows remembered
from the last time count, as a person can read them; an empty frame does not.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from shell.ready.way import taken
from shell.shown import shows_lists

if TYPE_CHECKING:
    from shell.window import Window

_STEP_MS, _LONGEST_S = 2, 10.0


class _PaintWatch(QObject):
    """Notes the first paint with all data; needs the event loop."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._end = time.monotonic() + _LONGEST_S
        self._has_painted = False
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._look)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window's own paint begins the one of all its widgets, which is over when this is back in the loop."""
        if event.type() == QEvent.Type.Paint and not self._has_painted:
            self._has_painted = True
            if shows_lists(self._window):
                QTimer.singleShot(0, self, lambda: self._note("painted"))
            else:
                self._timer.start()
        return False

    def _look(self) -> None:
        if shows_lists(self._window):
            self._window.repaint()
            self._note("painted")
        elif time.monotonic() > self._end:
            self._note("late")

    def _note(self, word: str) -> None:
        now = time.time()
        self._timer.stop()
        self._window.removeEventFilter(self)
        with open(os.environ["ESPALIER_TRACE_START"], "a", encoding="utf-8") as file:
            file.write(f"{word} {now:.6f}\nstart {taken().text}\nmodules {' '.join(sorted(sys.modules))}\n")
            file.write(f"classes {' '.join(_classes())}\n")
        if os.environ.get("ESPALIER_TRACE_QUIT") == "1":
            QApplication.exit(0)
        self.deleteLater()


def _classes() -> list[str]:
    """The classes of Qt that PySide6 has set up; it does so when they are used first."""
    return [name for module in sys.modules if module.startswith("PySide6.Qt") for name in vars(sys.modules[module])]


def watch_first_paint(window: Window) -> None:
    """Append ``painted SECONDS`` to the file that ESPALIER_TRACE_START names; quit when ESPALIER_TRACE_QUIT says so.

    A second line tells which way the start went (``shell.ready.way``), a third names the modules that were imported
    until then, a fourth the classes of Qt that were used. ``late`` stands for ``painted`` when the data took
    longer than ten seconds.
    """
    _PaintWatch(window)
