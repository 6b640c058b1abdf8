"""The card that makes a hotspot: its name and its password, which is written and kept nowhere else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from plugins.api import Insert, Overlay, TableHandle, Theme, Workplace, page_table, say, tint

#: Width of the card in pixels at 100 %.
_WIDTH = 460


class HotspotCard(Overlay):
    """Asks, and goes once the hotspot is made; what NetworkManager refuses is told where it was asked.

    Args:
        window: The window to cover.
        theme: Colours and spaces.
        place: Where it is told that the hotspot is made.
        handle: The table ``connections``.

    Attributes:
        name, password: What is typed.
        problem: Why it was refused.
        make: The button.
    """

    def __init__(self, window: QWidget, theme: Theme, place: Workplace, handle: TableHandle) -> None:
        super().__init__(window, theme, _WIDTH, say("Make a hotspot"))
        self._place_of, self._handle = place, handle
        self.name, self.password = QLineEdit(self.card), QLineEdit(self.card)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(say("8 to 63 characters; empty for an open one"))
        self.problem = QLabel(self.card)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.make = QPushButton(say("Make it"), self.card)
        self._lay_out(theme)
        self.closed.connect(self.deleteLater)
        tint(self.problem, theme, "color: ${error}")

    def _lay_out(self, theme: Theme) -> None:
        wide, normal = theme.space("wide"), theme.space("normal")
        title = QLabel(say("Make a hotspot"), self.card)
        title.setFont(theme.font("heading"))
        self.column.setContentsMargins(wide, wide, wide, wide)
        self.column.setSpacing(normal)
        self.column.addWidget(title)
        form = QFormLayout()
        form.setSpacing(normal)
        for label, field in ((say("Name"), self.name), (say("Password"), self.password)):
            form.addRow(label, field)
            field.setAccessibleName(label)
            field.returnPressed.connect(self.send)
        self.column.addLayout(form)
        self.column.addWidget(self.problem)
        buttons, leave = QHBoxLayout(), QPushButton(say("Cancel"), self.card)
        leave.clicked.connect(self.close_card)
        self.make.setProperty("emphasis", "primary")
        self.make.clicked.connect(self.send)
        buttons.setSpacing(normal)
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self.make)
        self.column.addLayout(buttons)

    def send(self) -> None:
        """Make the hotspot.

        NOTE: not by ``commit``: what can be undone is kept, and a password must not be.
        """
        if not self.make.isEnabled():
            return
        self.make.setEnabled(False)
        row = Insert({"name": self.name.text().strip(), "password": self.password.text()})
        self._handle.call(lambda table: table.commit([row]), self._take, is_write=True)

    def _take(self, answer: object) -> None:
        self.make.setEnabled(True)
        if isinstance(answer, Exception):
            self.problem.setText(str(answer))
            self.problem.show()
            self.fit()
            self.password.setFocus()
            return
        self._place_of.message("success", say("The hotspot {name} is being made", name=self.name.text().strip()))
        self.password.clear()
        self.close_card()


def make_hotspot(place: Workplace) -> None:
    """Ask for the name and the password of a hotspot."""
    handle = page_table(place, "connections", "is_automatic")
    card = HotspotCard(place.window, place.theme, place, handle)
    card.open(card.name)
