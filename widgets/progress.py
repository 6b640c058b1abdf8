"""The kind ``progress``: how far something is, or only that something goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from kernel.words import say

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context

_STEPS = 1000


class Progress(QWidget):
    """A thin bar with a text above it."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(context.theme.space("tight"))
        self._text = QLabel(self)
        self._text.setFont(context.theme.font("caption"))
        self._text.hide()
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setMinimumWidth(96)
        column.addWidget(self._text)
        column.addWidget(self._bar)
        self.set_value(None)

    def set_value(self, value: float | None) -> None:
        """From 0 to 1; None only says that something goes on."""
        if value is None:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, _STEPS)
            self._bar.setValue(round(_STEPS * min(1.0, max(0.0, value))))

    def set_text(self, text: str) -> None:
        """What goes on."""
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._bar.setAccessibleName(text or say("Progress"))
