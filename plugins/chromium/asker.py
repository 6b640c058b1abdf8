"""Questions and notes of a page: bars of ours over it, one at a time, which never keep the window from being used."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from plugins.api import Theme, say, say_count

#: Questions that wait; a page that asks more than these has its further ones refused.
MOST_WAITING = 12
#: Letters of a page's own text that are shown.
LONGEST = 600


class Answer(NamedTuple):
    """One button: what it says, what it does, and how much it stands out."""

    text: str
    act: Callable[[], None]
    emphasis: str = ""


class Question(NamedTuple):
    """One bar.

    Attributes:
        key: Two of one key are one, which counts.
        text: What is asked or told; the page's own words are quoted in it.
        answers: Buttons, the safe one last.
        refuse: What happens when it is closed, or cannot be asked.
        typed: What stands in a line to type into; None for no line.
        form: Makes what stands below the text instead, in the bar that it gets; its ``first`` is where typing begins.
    """

    key: str
    text: str
    answers: tuple[Answer, ...]
    refuse: Callable[[], None]
    typed: str | None = None
    form: Callable[[QWidget], QWidget] | None = None


class Asker(QFrame):
    """The bar of one view; hidden while there is nothing to ask.

    Attributes:
        waiting: The questions, the one that is shown first.
        form: What the one that is shown has to type into, besides the line.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.waiting: list[Question] = []
        self._counts: dict[str, int] = {}
        self._formed: Question | None = None
        self.form: QWidget | None = None
        self.setObjectName("web-question")
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.line = QLineEdit(self)
        self.line.setAccessibleName(say("Answer"))
        self.line.returnPressed.connect(lambda: self._press(0))
        self.buttons: list[QPushButton] = []
        column = self._column = QVBoxLayout(self)
        wide, tight = theme.space("wide"), theme.space("tight")
        column.setContentsMargins(wide, tight, theme.space("normal"), tight)
        column.setSpacing(tight)
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.space("normal"))
        self._row.addWidget(self.said, 1)
        column.addLayout(self._row)
        column.addWidget(self.line)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def ask(self, question: Question) -> None:
        """Show the question, now or after those that wait; one of a key that waits already is counted there."""
        if any(one.key == question.key for one in self.waiting):
            self._counts[question.key] = self._counts.get(question.key, 1) + 1
            question.refuse()
            self._show()
        elif len(self.waiting) >= MOST_WAITING:
            question.refuse()
        else:
            self.waiting.append(question)
            self._show()

    def ask_and_wait(self, make: Callable[[Callable[[], None]], Question]) -> None:
        """Ask, and come back when it is answered; the window goes on meanwhile, the page that asks does not.

        Args:
            make: Gets what ends the waiting, and answers the question.
        """
        loop = QEventLoop(self)
        ended: list[bool] = []

        def end() -> None:
            ended.append(True)
            loop.quit()

        self.ask(make(end))
        if not ended:
            loop.exec()
        loop.deleteLater()

    def refuse_all(self) -> None:
        """Close all bars; each is answered as if it was closed."""
        waiting, self.waiting = self.waiting, []
        self._counts.clear()
        self._show()
        for question in waiting:
            question.refuse()

    def drop(self, key: str) -> None:
        """Take a question back that has no answer any more."""
        kept = [one for one in self.waiting if one.key != key]
        if len(kept) < len(self.waiting):
            self.waiting = kept
            self._counts.pop(key, None)
            self._show()

    def count(self, key: str) -> int:
        """How often it was asked since it came up; 0 when it is not there."""
        return self._counts.get(key, 1) if any(one.key == key for one in self.waiting) else 0

    def press_first(self) -> None:
        """Answer as the first button does."""
        self._press(0)

    def close_first(self) -> None:
        """Close the bar that is shown."""
        if self.waiting:
            self._finish(self.waiting[0].refuse)

    def refuse_key(self, key: str) -> None:
        """Close what is asked by that key."""
        for question in [one for one in self.waiting if one.key == key]:
            self.drop(key)
            question.refuse()

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        """What was asked while nobody could see it is told now."""
        super().showEvent(event)
        if self.waiting:
            self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape closes the bar."""
        if event.key() == Qt.Key.Key_Escape and self.waiting:
            self.close_first()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        self._show_form()
        if not self.waiting:
            self.hide()
            return
        question = self.waiting[0]
        count, more = self._counts.get(question.key, 1), len(self.waiting) - 1
        text = f"{question.text} ({count} ×)" if count > 1 else question.text
        if more:
            text += " " + say_count("{count} more question waits.", "{count} more questions wait.", more)
        is_new = self.isHidden() or self.said.text() != text
        self.said.setText(text)
        for index, answer in enumerate(question.answers):
            button = QPushButton(answer.text, self)
            if answer.emphasis:
                button.setProperty("emphasis", answer.emphasis)
            button.clicked.connect(lambda _checked=False, index=index: self._press(index))
            self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            self.buttons.append(button)
        self.line.setVisible(question.typed is not None)
        if question.typed is not None and is_new:
            self.line.setText(question.typed)
        self.setAccessibleName(text)
        was_seen = self.isVisible()
        self.show()
        if is_new and was_seen:
            self._tell()

    def _tell(self) -> None:
        """Say to a screen reader what is asked; who is in the view goes on in the form."""
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        if self.form is not None:
            focus = QApplication.focusWidget()
            if focus is None or focus is self.parentWidget() or self.parentWidget().isAncestorOf(focus):
                self.form.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_form(self) -> None:
        """The form of the question that is shown, made once; who was in it goes back to the page."""
        question = self.waiting[0] if self.waiting else None
        if question is self._formed:
            return
        form, self.form, self._formed = self.form, None, question
        if form is not None:
            focus = QApplication.focusWidget()
            if focus is not None and (focus is self or self.isAncestorOf(focus)):
                self.parentWidget().setFocus()
            form.hide()
            form.deleteLater()
        if question is not None and question.form is not None:
            self.form = question.form(self)
            self._column.addWidget(self.form)

    def _press(self, index: int) -> None:
        if self.waiting and index < len(self.waiting[0].answers):
            self._finish(self.waiting[0].answers[index].act)

    def _finish(self, act: Callable[[], None]) -> None:
        question = self.waiting.pop(0)
        self._counts.pop(question.key, None)
        self._show()
        act()

    def _dress(self) -> None:
        ground, line = self.theme.color("raised").name(), self.theme.color("line").name()
        self.setStyleSheet(f"#web-question {{ background: {ground}; border-bottom: 1px solid {line} }}")


def quoted(text: str) -> str:
    """A page's own words for a bar: on one line, not too long."""
    plain = " ".join(text.split())
    return f"“{plain[:LONGEST]}{'…' if len(plain) > LONGEST else ''}”"
