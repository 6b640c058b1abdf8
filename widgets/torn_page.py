"""A page of ``tabs`` that was taken out into a window of its own; closing that puts it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from kernel.words import say
from widgets.outside import offer_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from widgets.theme import Theme


class TornPage(QWidget):
    """The window around the page; the child of its tabs still, so that keys and commands know no difference.

    Attributes:
        page: What it shows.
        place: What stands in the tabs meanwhile, and brings it back.
    """

    def __init__(self, home: QWidget, page: QWidget, theme: Theme, put_back: Callable[[], None]) -> None:
        super().__init__(home, Qt.WindowType.Window)
        self.page, self._put_back = page, put_back
        self.resize(page.size())
        column = QVBoxLayout(self)
        side = theme.space("wide")
        column.setContentsMargins(side, side, side, side)
        column.addWidget(page)
        page.show()
        self.place = QWidget(home)
        rest = QVBoxLayout(self.place)
        rest.addStretch(1)
        rest.addWidget(QLabel(say("This page is in a window of its own"), self.place), 0, Qt.AlignmentFlag.AlignHCenter)
        self.back = QPushButton(say("Bring it back"), self.place)
        self.back.setAutoDefault(True)  # Return presses it
        self.back.clicked.connect(put_back)
        rest.addWidget(self.back, 0, Qt.AlignmentFlag.AlignHCenter)
        rest.addStretch(2)

    def event(self, event: QEvent) -> bool:
        """Keys that nobody wants go to the commands of its home."""
        home = self.parentWidget()
        return (home is not None and offer_keys(home, event)) or super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # Qt's name
        """Back into the tabs, with all that is typed in it."""
        super().closeEvent(event)
        self._put_back()
