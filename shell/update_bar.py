"""The bar that says that a newer version of the app is here, where a person wants to be asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy

from kernel.words import say

if TYPE_CHECKING:
    from shell.window import Window


class UpdateBar(QFrame):
    """Lies below the window's own bar until one of its buttons is pressed; it takes no focus by itself.

    Args:
        window: The window that it is in.
        show_now: Shows the newer version.
    """

    def __init__(self, window: Window, show_now: Callable[[], None]) -> None:
        super().__init__(window)
        self._theme = window.theme
        self._show_now = show_now
        self.setObjectName("update-bar")
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._sign = QLabel(self)
        self.now_button = QPushButton(say("Show now"), self)
        self.now_button.clicked.connect(self._take)
        self.later_button = QPushButton(say("Later"), self)
        self.later_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        wide, tight = self._theme.space("wide"), self._theme.space("tight")
        row.setContentsMargins(wide, tight, self._theme.space("normal"), tight)
        row.setSpacing(self._theme.space("normal"))
        row.addWidget(self._sign)
        row.addWidget(self.said, 1)
        row.addWidget(self.now_button)
        row.addWidget(self.later_button)
        self.now_button.setProperty("emphasis", "primary")
        for button in (self.now_button, self.later_button):
            button.setAutoDefault(True)  # Return presses the one that has the focus
        self._theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def offer(self, version: str) -> None:
        """Say that this version is here."""
        said = say("Version {version} of this app is here.", version=version)
        self.said.setText(f"{said} {say('If not now, it is shown when the app is opened next.')}")
        self.setAccessibleName(said)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _take(self) -> None:
        self.hide()
        self._show_now()

    def _dress(self) -> None:
        ground, line = self._theme.color("raised").name(), self._theme.color("line").name()
        side = self._theme.icon_size()
        self._sign.setPixmap(self._theme.icon("refresh", "accent").pixmap(side, side))
        self.setStyleSheet(f"#update-bar {{ background: {ground}; border-bottom: 1px solid {line} }}")
