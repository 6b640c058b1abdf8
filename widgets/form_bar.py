"""The bar above a form's fields: what is wrong with the whole row, with at most two answers.

It shows what it is given and runs the answer that is pressed; what is said when is the form's matter.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget
from shiboken6 import isValid

from widgets.theme import Theme
from widgets.theme.tint import tint

#: With less room than this beside the answers the text stands above them, in pixels.
_TEXT_WIDTH = 200
_Direction = QBoxLayout.Direction


class FormBar(QFrame):
    """Hidden until something is said.

    Attributes:
        is_asking: Whether a question waits for its answer, so that nothing else shall be said.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._answers: list[Callable[[], None]] = []
        self.is_asking = False
        self._came_from: QWidget | None = None
        self.setObjectName("form-bar")
        self._box = QBoxLayout(_Direction.LeftToRight, self)
        self._box.setContentsMargins(12, 8, 12, 8)
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self._box.addWidget(self.text, 1)
        self._line = line = QHBoxLayout()
        line.addStretch(1)
        self._box.addLayout(line)
        self.first, self.second = QPushButton(self), QPushButton(self)
        for button in (self.first, self.second):
            button.setAutoDefault(True)  # Return presses it
        self.first.clicked.connect(lambda: self._answer(0))
        self.second.clicked.connect(lambda: self._answer(1))
        line.addWidget(self.first)
        line.addWidget(self.second)
        self.hide()

    def say(self, text: str, tone: str, *answers: tuple[str, Callable[[], None]], is_asking: bool = False) -> None:
        """Show a text.

        Args:
            text: What is said.
            tone: A colour of the theme (error, warning).
            answers: Up to two pairs of title and what it does; the bar goes first.
            is_asking: See the attribute.
        """
        sheet = f"#form-bar {{ background: ${{{tone}-soft}}; border-bottom: 1px solid ${{{tone}}} }}"
        tint(self, self._theme, sheet + " #form-bar QLabel { color: ${text} }")
        self.text.setText(text)
        self.setAccessibleName(text)
        self._answers, self.is_asking = [run for _, run in answers], is_asking
        for index, button in enumerate((self.first, self.second)):
            button.setVisible(index < len(answers))
            if index < len(answers):
                button.setText(answers[index][0])
        self._place()
        self.show()

    def take_focus(self) -> bool:
        """Let keys answer what is asked, where the person is among the fields; they are there again afterwards."""
        focus, form = self.window().focusWidget(), self.parentWidget()
        if not self.is_asking or focus is None or not form.isAncestorOf(focus) or self.isAncestorOf(focus):
            return False
        self._came_from = focus
        self.first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """The answers beside the text, or below it where that would be squeezed."""
        edges = self._box.contentsMargins()
        room = self.width() - edges.left() - edges.right() - self._line.sizeHint().width()
        is_below = bool(self._answers) and room < _TEXT_WIDTH
        self._box.setDirection(_Direction.TopToBottom if is_below else _Direction.LeftToRight)

    def dismiss(self) -> None:
        """Say nothing any more."""
        self._answers, self.is_asking = [], False
        self.hide()

    def _answer(self, index: int) -> None:
        run, back = self._answers[index], self._came_from
        self._came_from = None
        if back is not None and isValid(back):
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.dismiss()
        run()
