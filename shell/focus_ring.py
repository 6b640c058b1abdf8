"""A ring around what has the focus and does not show it: a page, a player, a text.

A widget of a layout names it by a method ``focus_ring(focus)``, which gets what has the focus and answers the widget
that the ring goes around, or None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from widgets.fill import fill

if TYPE_CHECKING:
    from widgets.theme import Theme


class FocusRing(QWidget):
    """Lies within the border of its parent, over all else there, and takes neither the focus nor the mouse."""

    def __init__(self, home: QWidget, theme: Theme) -> None:
        super().__init__(home)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        home.installEventFilter(self)
        self._place()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Follow its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        """The mask leaves the ring of it."""
        painter = QPainter(self)
        fill(painter, self.rect(), self._theme.color("focus"))
        painter.end()

    def _place(self) -> None:
        whole, thick = self.parentWidget().rect(), self._theme.border("focus")
        self.setGeometry(whole)
        self.setMask(QRegion(whole) - QRegion(whole.adjusted(thick, thick, -thick, -thick)))
        self.raise_()
