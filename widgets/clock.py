"""The names ``now`` and ``today``: told to a window's scope each second, while anything reads them."""

from __future__ import annotations

import datetime

from PySide6.QtCore import QObject, Qt, QTimer

from kernel.disposer import Disposer
from widgets.scope import Scope


class Clock(QObject):
    """Ticks on the second of the wall clock; without readers it stands still.

    Args:
        scope: Gets ``now`` (date and time to the second, local) and ``today`` (a date).
    """

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self._scope = scope
        self._readers = 0
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self._tick)

    def want(self) -> Disposer:
        """Keep the names fresh until the disposer is called."""
        self._readers += 1
        if self._readers == 1:
            self._tick()
        left = [True]

        def dispose() -> None:
            if left:
                left.clear()
                self._readers -= 1
                if not self._readers:
                    self.timer.stop()

        return dispose

    def close(self) -> None:
        """Tick no more."""
        self.timer.stop()

    def _tick(self) -> None:
        now = datetime.datetime.now()
        with self._scope.together():
            self._scope.publish("now", now.replace(microsecond=0))
            self._scope.publish("today", now.date())
        # A little behind the second, so that a timer that is early does not tick twice in one.
        self.timer.start(1010 - now.microsecond // 1000)
