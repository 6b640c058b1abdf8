"""A question before a command: Return says yes, or no where something would be destroyed; Escape says no.

Our own card, not a dialog of the system.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kernel.words import say
from widgets.overlay import Overlay
from widgets.theme import Theme

_WIDTH = 440


class Question(Overlay):
    """One question at a time.

    Args:
        window: The window that asks.
        theme: Colours and spaces.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window, theme, _WIDTH, say("Question"))
        page = theme.space("page")
        self.text = QLabel(self.card)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setFont(theme.font("heading"))
        box = QVBoxLayout()
        box.setContentsMargins(page, page, page, theme.space("wide"))
        box.addWidget(self.text)
        self.column.addLayout(box)
        row = QHBoxLayout()
        row.setContentsMargins(page, 0, page, page)
        row.setSpacing(theme.space("normal"))
        row.addStretch(1)
        self.no = QPushButton(say("Cancel"), self.card)
        self.yes = QPushButton(self.card)
        self.no.clicked.connect(self.close_card)
        self.yes.clicked.connect(self._accept)
        for button in (self.no, self.yes):
            row.addWidget(button)
        self.column.addLayout(row)
        self._go: Callable[[], None] | None = None

    def ask(self, text: str, answer: str, go: Callable[[], None], *, is_danger: bool = False) -> None:
        """Ask; ``go`` is called when the person says yes.

        Args:
            text: The question.
            answer: What the button that says yes reads ("Delete the row").
            is_danger: Whether the answer destroys something; the button says so by its colour, and Cancel has the
                focus.
        """
        self._go = go
        self.text.setText(text)
        self.setAccessibleName(text)
        self.yes.setText(answer)
        self.yes.setProperty("emphasis", "danger" if is_danger else "primary")
        self.yes.style().polish(self.yes)
        self.open(self.no if is_danger else self.yes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return answers with the button that has the focus."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.no if self.no.hasFocus() else self.yes).click()
            event.accept()
            return
        super().keyPressEvent(event)

    def _accept(self) -> None:
        go, self._go = self._go, None
        self.close_card()
        if go:
            go()
