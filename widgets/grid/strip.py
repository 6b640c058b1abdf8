"""A strip over the lower edge of rows that are shown but not right: they could not be read again, a column is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from kernel.words import say
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


class Strip(QFrame):
    """Made when there is something to say; ``retry`` when the person asks to try again."""

    retry = Signal()

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.setObjectName("strip")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 8, 4)
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        layout.addWidget(self.label, 1)
        self.button = QPushButton(say("Try again"), self)
        self.button.clicked.connect(self.retry)
        layout.addWidget(self.button)
        self.hide()

    def say(self, text: str, *, tone: str, can_retry: bool) -> None:
        """Show a text in the colours of ``tone`` (error, warning)."""
        sheet = f"#strip {{ background: ${{{tone}-soft}}; border: 0; border-top: 1px solid ${{{tone}}} }}"
        tint(self, self._grid.context.theme, sheet + "#strip QLabel { color: ${text}; background: transparent }")
        self.label.setText(text)
        self.setAccessibleName(text)
        self.button.setVisible(can_retry)
        self.show()
        self.place()
        self.raise_()

    def place(self) -> None:
        """Keep it at the lower edge of the rows."""
        box = self._grid.viewport().geometry()
        height = min(max(self.layout().heightForWidth(box.width()), self.sizeHint().height()), box.height())
        self.setGeometry(box.left(), box.bottom() + 1 - height, box.width(), height)
