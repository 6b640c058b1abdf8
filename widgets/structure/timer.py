"""The kind ``timer``: an action again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from widgets.act import act
from widgets.binding import bind
from widgets.structure.structure import Structure

if TYPE_CHECKING:
    from widgets.region import Part


class Timer(Structure):
    """Runs while its condition holds, and not at all once its part is gone."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        context = self.region.context
        self.timer = QTimer(self.region.host.widget)
        self.timer.setInterval(int(self.node.get("every")))
        self.timer.timeout.connect(lambda: act(self.node.get("run"), context))
        when = self.node.get("when")
        if when is None:
            self.timer.start()
        else:
            self.disposers.add(bind(when, context, self._take))
        self.disposers.add(self._end)

    def _take(self, may_run: Any) -> None:
        if not may_run:
            self.timer.stop()
        elif not self.timer.isActive():
            self.timer.start()

    def _end(self) -> None:
        self.timer.stop()
        self.timer.deleteLater()
