"""The ground of a page: what is seen before Chromium is there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from shiboken6 import isValid

from plugins.api import Context, StateView


class Ground(QWidget):
    """What is seen before a page is: the theme's surface, so that nothing flashes; ``painted`` comes once."""

    painted = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._is_painted = context.theme, False
        #: What stands on it.
        self.parts: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def hint_parts(self) -> list[QWidget]:
        """What tells its own hints: the note; those of the page are told by who holds it."""
        return [part for part in self.parts if isinstance(part, StateView)]

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The surface."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._theme.color("surface"))
        painter.end()
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        """All that stands on it takes all of it."""
        super().resizeEvent(event)
        for part in self.parts:
            if isValid(part):
                part.setGeometry(self.rect())
