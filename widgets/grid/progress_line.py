"""A thin line below a grid's headings while its rows are ordered: quiet for the eye, told to assistive technology."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleValueChangeEvent, QPainter
from PySide6.QtWidgets import QProgressBar

from kernel.words import say

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Its height in pixels, and the steps it counts.
HEIGHT, STEPS = 3, 100


class ProgressLine(QProgressBar):
    """Lies over the lower edge of the headings."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.setRange(0, STEPS)
        self.setTextVisible(False)
        # The window's own bars are thicker.
        self.setStyleSheet(f"QProgressBar {{ min-height: 0; max-height: {HEIGHT}px; border: none }}")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(say("The rows are being ordered; Escape stops that"))
        self.hide()

    def say(self, share: float | None) -> None:
        """Show the part that is done, from 0.0 to 1.0; None when all is."""
        self.setVisible(share is not None)
        if share is None:
            return
        self.place()
        value = int(share * STEPS)
        if value != self.value():
            self.setValue(value)
            QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, value))

    def place(self) -> None:
        """Keep to the headings' lower edge."""
        grid = self._grid
        self.setGeometry(0, grid.viewport().y() - HEIGHT, grid.viewport().width(), HEIGHT)
        self.raise_()

    def paintEvent(self, event: Any) -> None:  # Qt's name
        """A ground and the part that is done; at the beginning a little of it, so that there is something to see."""
        painter, colors = QPainter(self), self._grid.look.colors
        painter.fillRect(self.rect(), colors["fill"])
        done = max(self.value() / STEPS, 0.02) * self.width()
        left = self.width() - done if self.isRightToLeft() else 0
        painter.fillRect(QRectF(left, 0, done, self.height()), colors["accent"])
        painter.end()
