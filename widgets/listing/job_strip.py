"""A strip over the lower edge of a view while something long goes on: what, how far, and a button to give it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton

from kernel.words import say
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: It is shown when the work takes longer than this, in ms.
SHOW_AFTER_MS = 300
#: Width of the bar in pixels at 100 %.
_BAR = 180


class JobStrip(QFrame):
    """One piece of work; gone when :meth:`end` is called.

    Args:
        grid: Where it is shown.
        text: What goes on (``Pasting 12,000 cells``).
        cancel: Gives it up.
    """

    def __init__(self, grid: Grid, text: str, cancel: Callable[[], None]) -> None:
        super().__init__(grid)
        self._grid, theme = grid, grid.context.theme
        self.setObjectName("job")
        sheet = "#job { background: ${raised}; border: 0; border-top: 1px solid ${line} }"
        tint(self, theme, sheet + "#job QLabel { color: ${text}; background: transparent }")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 8, 4)
        layout.setSpacing(theme.space("wide"))
        self.label, self.bar = QLabel(text, self), QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR)
        self.bar.setAccessibleName(text)
        self.button = QPushButton(say("Cancel"), self)
        self.button.clicked.connect(cancel)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.bar)
        layout.addWidget(self.button)
        self.setAccessibleName(text)
        self.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show)
        self._timer.start(SHOW_AFTER_MS)

    def tell(self, part: float) -> None:
        """How far it is, 0.0 to 1.0; at the end the bar only moves, until it is written."""
        is_known = 0 < part < 1
        self.bar.setRange(0, 1000 if is_known else 0)
        if is_known:
            self.bar.setValue(int(part * 1000))

    def place(self) -> None:
        """Keep it at the lower edge of the rows."""
        box, height = self._grid.viewport().geometry(), self.sizeHint().height()
        self.setGeometry(box.left(), box.bottom() + 1 - height, box.width(), height)

    def end(self) -> None:
        """Take it away."""
        self._timer.stop()
        self.hide()
        self.deleteLater()

    def _show(self) -> None:
        self.place()
        self.show()
        self.raise_()
