"""Python's garbage is collected on the GUI thread alone.

NOTE: Python collects wherever it happens to make an object, on a thread that reads rows as well. Widgets of classes of
ours that are found there would be taken down there; their animations and timers then stay behind in the GUI thread's
lists, which crashes at the next tick.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer

#: How often it is looked whether there is enough to collect, in milliseconds.
LOOK_MS = 1000


class Collector(QObject):
    """Collects as Python would by itself, by the same thresholds, while the event loop of its thread runs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_MS, timerType=Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(collect)
        self._timer.start()


def collect() -> None:
    """Collect the generations that are due; on the GUI thread."""
    generations = zip(gc.get_count(), gc.get_threshold(), range(3), strict=True)
    due = [generation for count, limit, generation in generations if 0 < limit < count]
    if due:
        gc.collect(max(due))
