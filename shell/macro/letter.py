"""Asks for one letter, at the bottom of the window: the register of a macro."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from widgets.outside import is_inside
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from shell.window import Window

_PART = "letter"


class LetterLine(QLabel):
    """The question; the next letter or digit answers it, every other key gives it up."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._take: Callable[[str], None] = lambda _letter: None
        self._before: QWidget | None = None
        theme, wide = window.theme, window.theme.space("wide")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContentsMargins(wide, theme.space("normal"), wide, theme.space("normal"))
        self.setObjectName("letter-line")
        tint(self, theme, "#letter-line { background: ${raised}; border-top: 1px solid ${line}; color: ${text} }")
        window.layout().addWidget(self)

    def ask(self, question: str, take: Callable[[str], None]) -> None:
        """Show the question and wait for the key."""
        self._take = take
        self._before = self._window.focusWidget()
        self.setText(question)
        self.setAccessibleName(question)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def key_mode(self) -> str:
        """Letters are its own, in keymaps with modes too."""
        return "insert"

    def event(self, event: QEvent) -> bool:  # Qt's name
        """No key is a command's meanwhile."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """The answer; a key that only changes others is none."""
        if event.key() in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta):
            return
        letter, take = event.text(), self._take
        self._close()
        if len(letter) == 1 and (letter.isalnum() or letter == "@"):
            take(letter)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        """The person went elsewhere."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.hide()

    def _close(self) -> None:
        before, self._before = self._before, None
        self.hide()
        if before is not None and is_inside(self._window, before):
            before.setFocus(Qt.FocusReason.PopupFocusReason)


def ask_letter(window: Window, question: str, take: Callable[[str], None]) -> None:
    """Ask for a letter; ``take`` is not called when the person gives it up."""
    made = window.cards.made.get(_PART)
    if made is None:
        made = window.cards.made[_PART] = LetterLine(window)
    made.ask(question, take)
