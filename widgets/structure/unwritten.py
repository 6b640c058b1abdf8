"""What is typed and not written among widgets that are to go, and waiting until nothing is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from kernel.words import say

if TYPE_CHECKING:
    from kernel.disposer import Disposer
    from widgets.context import Context

#: Time between looks in ms, and looks after which the person is told why the widgets stay.
LOOK_MS = 100
LOOKS_IN_SILENCE = 15


def holds_edits(widgets: Iterable[QWidget]) -> bool:
    """Whether any of the widgets, or one within, has something that is typed and not written."""
    every = (inner for widget in widgets for inner in (widget, *widget.findChildren(QWidget)))
    return any(one.has_edits() for one in every if hasattr(one, "has_edits"))


class Unwritten(QObject):
    """Looks again and again while edits stand; what is being written as a rule is so before the second look.

    Args:
        go_on: Called at every look; answers whether there is nothing to wait for any more.
        context: Tells the person, after a while, why widgets stay that should have gone.
        parent: Whose life it shares.
    """

    def __init__(self, go_on: Callable[[], bool], context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._go_on, self._context, self._looks = go_on, context, 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    def wait(self) -> Disposer:
        """Begin; answers how to end it before."""
        self._timer.start()
        return self._end

    def _end(self) -> None:
        if isValid(self):
            self._timer.stop()
            self.deleteLater()

    def _look(self) -> None:
        self._looks += 1
        if self._go_on():
            self._end()
        elif self._looks == LOOKS_IN_SILENCE and self._context.reporter is not None:
            text = say("This part stays while it holds edits: write them, or take them back")
            self._context.reporter.report("info", text)
