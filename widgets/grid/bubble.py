"""A small message beside a cell, with at most two answers. It takes no focus unless it asks something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class Bubble(QFrame):
    """Child of the grid, placed below its cell, above it where there is no room."""

    def __init__(self, parent: QWidget, theme: Any, back: Callable[[], None]) -> None:
        super().__init__(parent)
        self._theme = theme
        self._back = back
        self._first: QPushButton | None = None
        self.setObjectName("bubble")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(8)
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        layout.addWidget(self.label)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(6)
        layout.addLayout(self._buttons)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, empty while it is hidden."""
        return self.label.text() if not self.isHidden() else ""

    def say(
        self, anchor: QRect, text: str, *, tone: str = "error", answers: Any = (), takes_focus: bool = True
    ) -> None:
        """Show a text at a cell.

        Args:
            anchor: The cell, in the parent's pixels.
            tone: A colour of the theme (error, warning).
            answers: ``(title, callable)`` pairs.
            takes_focus: Whether the first answer takes the focus.
        """
        while self._buttons.count():
            item = self._buttons.takeAt(0)
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.layout().setSpacing(8 if answers else 0)
        self.label.setText(text)
        ground, line = self._theme.color(f"{tone}-soft").name(), self._theme.color(tone).name()
        ink = self._theme.color("text").name()
        self.setStyleSheet(
            f"#bubble {{ background: {ground}; border: 1px solid {line}; border-radius: 6px }}"
            f"#bubble QLabel {{ color: {ink}; background: transparent }}"
        )
        self._first = None
        for title, run in answers:
            button = QPushButton(title, self)
            button.setAutoDefault(True)
            button.clicked.connect(lambda _on=False, run=run: (self.close_bubble(), run()))
            self._buttons.addWidget(button)
            self._first = self._first or button
        self._buttons.addStretch(1)
        self.setAccessibleName(text)
        room = self.parentWidget().rect()
        width = min(max(self.label.fontMetrics().horizontalAdvance(text) + 30, 180), min(380, room.width() - 8))
        self.setFixedWidth(max(width, self._buttons.sizeHint().width() + 24))
        self.adjustSize()
        top = anchor.bottom() + 4
        if top + self.height() > room.bottom() and anchor.top() - self.height() - 4 > 0:
            top = anchor.top() - self.height() - 4
        left = min(max(anchor.left(), 4), max(room.width() - self.width() - 4, 4))
        self.move(left, top)
        self.show()
        self.raise_()
        if takes_focus:
            self.take_focus()

    def take_focus(self) -> None:
        """Give the focus to the first answer, if there is one."""
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_bubble(self) -> None:
        """Hide, and give the focus back."""
        had_focus = self.isAncestorOf(self.focusWidget() or self) and not self.isHidden()
        self.hide()
        if had_focus:
            self._back()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape closes, Return gives the answer that has the focus."""
        focused = self.window().focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.close_bubble()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        else:
            super().keyPressEvent(event)
