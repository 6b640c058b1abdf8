"""Python's garbage is collected on the GUI thread alone, in goes that are too short to be noticed.

NOTE: Python collects wherever it happens to make an object, on a thread that reads rows as well. Widgets of classes of
ours that are found there would be taken down there; their animations and timers then stay behind in the GUI thread's
lists, which crashes at the next tick.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

#: How often it is looked whether there is enough to collect, and how soon again after much was made, in milliseconds.
LOOK_MS, SOON_MS = 250, 25
#: So many young objects take a millisecond or two.
_MUCH = 5_000
#: All is looked through when it has grown to so many times what stayed the last time, as Python does it.
_GROWTH = 1.25


class Collector(QObject):
    """Collects as Python would by itself, by the same thresholds, while the event loop of its thread runs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._stayed = 0
        self._timer = QTimer(self, interval=LOOK_MS, timerType=Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the generations that are due, and look again the sooner the more there was."""
        wanted = SOON_MS if gc.get_count()[0] > _MUCH else LOOK_MS
        if wanted != self._timer.interval():
            self._timer.setInterval(wanted)
        collect(self._oldest)

    def _oldest(self) -> int:
        """2 when as many old objects have come that looking through all of them is worth it, else 1."""
        count = len(gc.get_objects(generation=1)) + len(gc.get_objects(generation=2))
        if count < self._stayed * _GROWTH:
            return 1
        self._stayed = count
        return 2


def collect(oldest: Callable[[], int] = lambda: 2) -> None:
    """Collect the generations that are due; on the GUI thread.

    Args:
        oldest: Asked, when all are due, which is the last one to collect.
    """
    generations = zip(gc.get_count(), gc.get_threshold(), range(3), strict=True)
    due = [generation for count, limit, generation in generations if 0 < limit < count]
    if due:
        gc.collect(oldest() if max(due) == 2 else max(due))


def keep_all() -> None:
    """Look through nothing that is there by now: what a start made stays, and would take 30 ms each time."""
    gc.freeze()


def let_go() -> None:
    """Look through that again: some of what a start made is not needed any more."""
    gc.unfreeze()
