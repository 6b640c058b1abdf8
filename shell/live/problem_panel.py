"""What is wrong with a newer layout, at the lower edge of the window that shows the last good one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from kernel.words import say
from shell.page import problem_card
from widgets.theme import Theme

#: The most of the window's height that it takes.
_SHARE = 0.5


class ProblemPanel(QFrame):
    """A list of problems over the lower part of a window; it takes no focus by itself.

    Args:
        window: The window to lie over.
        theme: Colours and spaces.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self.setObjectName("problem-panel")
        self.setAccessibleName(say("Problems"))
        self._title = QLabel(self)
        self._title.setFont(theme.font("heading"))
        self._title.setWordWrap(True)
        self._close = QToolButton(self)
        self._close.setAutoRaise(True)
        self._close.setText(say("Hide"))
        self._close.setAccessibleName(say("Hide the problems"))
        self._close.clicked.connect(self.hide)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        space = theme.space("wide")
        column.setContentsMargins(space, theme.space("normal"), space, space)
        column.setSpacing(theme.space("normal"))
        column.addLayout(head)
        column.addWidget(self._scroll, 1)
        self.problems: list[Any] = []
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()
        window.installEventFilter(self)

    def tell(self, title: str, problems: Sequence[Any]) -> None:
        """Show these problems in the place of those before."""
        self.problems = list(problems)
        self._title.setText(title)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.space("normal"))
        for problem in self.problems:
            card = problem_card(self._theme, problem, body)
            card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            column.addWidget(card)
        column.addStretch(1)
        self._scroll.setWidget(body)
        self.setAccessibleDescription("\n".join(str(problem) for problem in self.problems))
        self.show()
        self.raise_()
        self.fit()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self.fit()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            event.accept()
            return
        super().keyPressEvent(event)

    def fit(self) -> None:
        """Take the room that there is now: the window's lower part, beside an editor the app's."""
        window = self.parentWidget()
        beside = getattr(window, "beside", None)
        width = window.width() if beside is None else beside.widget(0).width()
        body = self._scroll.widget()
        wanted = self.sizeHint().height() - self._scroll.sizeHint().height()
        if body is not None:
            room = width - 4 * self._theme.space("wide")
            layout = body.layout()
            inside = layout.totalHeightForWidth(room) if layout.hasHeightForWidth() else body.sizeHint().height()
            wanted += inside + self._theme.space("wide")
        height = min(max(wanted, 120), int(window.height() * _SHARE))
        self.setGeometry(0, window.height() - height, width, height)

    def sizeHint(self) -> QSize:  # Qt's name
        return super().sizeHint()

    def _dress(self) -> None:
        surface, line = self._theme.color("raised").name(), self._theme.color("error").name()
        self.setStyleSheet(f"#problem-panel {{ background: {surface}; border: 0; border-top: 2px solid {line}; }}")
        if self.problems:
            self.tell(self._title.text(), self.problems)
