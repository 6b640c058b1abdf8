"""A bar that asks something without standing in anybody's way: below the window's own bar, with two answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy

if TYPE_CHECKING:
    from shell.window import Window

#: What a button says, and what it does when the bar is hidden.
Answer = tuple[str, Callable[[], object]]


class Bar(QFrame):
    """Stays until one of its buttons is pressed; it takes no focus by itself. Hidden until it is told what to say.

    Args:
        window: The window that it is in.
        icon: Its sign.
        yes: The answer that is offered.
        no: The other one.
    """

    def __init__(self, window: Window, icon: str, yes: Answer, no: Answer) -> None:
        super().__init__(window)
        self._theme, self._icon = window.theme, icon
        self.setObjectName("bar")
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._sign = QLabel(self)
        row = QHBoxLayout(self)
        wide, tight = self._theme.space("wide"), self._theme.space("tight")
        row.setContentsMargins(wide, tight, self._theme.space("normal"), tight)
        row.setSpacing(self._theme.space("normal"))
        row.addWidget(self._sign)
        row.addWidget(self.said, 1)
        self.yes_button, self.no_button = (self._button(answer) for answer in (yes, no))
        row.addWidget(self.yes_button)
        row.addWidget(self.no_button)
        self.yes_button.setProperty("emphasis", "primary")
        self._theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def say(self, text: str, more: str = "") -> None:
        """Show it, with a sentence and what follows from the answers."""
        self.said.setText(f"{text} {more}".strip())
        self.setAccessibleName(text)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _button(self, answer: Answer) -> QPushButton:
        text, act = answer
        button = QPushButton(text, self)
        button.setAutoDefault(True)  # Return presses the one that has the focus
        button.clicked.connect(lambda: (self.hide(), act()))
        return button

    def _dress(self) -> None:
        ground, line = self._theme.color("raised").name(), self._theme.color("line").name()
        side = self._theme.icon_size()
        self._sign.setPixmap(self._theme.icon(self._icon, "accent").pixmap(side, side))
        self.setStyleSheet(f"#bar {{ background: {ground}; border-bottom: 1px solid {line} }}")
