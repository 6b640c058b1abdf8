"""The lines of a sign-in: a name, and a password that nobody reads along."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from plugins.api import Theme, say, tint
from plugins.chromium.bars import Line

#: Widest line, in pixels at 100 %.
_WIDEST = 260


class SignInForm(QWidget):
    """See the module.

    Args:
        theme: Colours and lengths.
        user: The name that was said before.
        warning: What is wrong with the connection; empty where nothing is.
        send: Sends what was typed.
        cancel: Escape does it.
    """

    def __init__(
        self,
        theme: Theme,
        user: str,
        warning: str,
        send: Callable[[], None],
        cancel: Callable[[], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.user, self.password = Line(self), Line(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.user.setText(user)
        self.warning = QLabel(warning, self)
        self.warning.setWordWrap(True)
        self.warning.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.warning.setVisible(bool(warning))
        tint(self.warning, theme, "color: ${warning}")
        row = QHBoxLayout()
        row.setSpacing(theme.space("normal"))
        for line, title in ((self.user, say("User name")), (self.password, say("Password"))):
            line.setPlaceholderText(title)
            line.setAccessibleName(title)
            line.setAccessibleDescription(warning)
            line.setMaximumWidth(theme.length(_WIDEST))
            line.escaped.connect(cancel)
            row.addWidget(line, 1)
        row.addStretch(0)
        self.user.returnPressed.connect(lambda: self.password.setFocus(Qt.FocusReason.TabFocusReason))
        self.password.returnPressed.connect(send)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space("tight"))
        column.addWidget(self.warning)
        column.addLayout(row)

    @property
    def first(self) -> QLineEdit:
        """Where one begins to type."""
        return self.password if self.user.text() else self.user
