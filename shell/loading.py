"""The page of an app that is on its way: a sign, a bar with bytes, and a button that gives up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from kernel.delivery.progress import Progress
from kernel.words import say
from widgets.format import size_text
from widgets.theme import Theme
from widgets.theme.tint import tint

#: Side of the disk behind the sign, and width of the bar, in pixels at 100 %.
_DISK, _BAR_WIDTH = 64, 240
#: ms between two looks at how far it is, and parts of the bar.
_LOOK_MS, _PARTS = 100, 1000


class LoadingPage(QWidget):
    """See the module.

    Args:
        theme: Looks.
        text: A sentence.
        progress: Answers how far it is; None while nobody knows.
        cancel: Gives up.
        parent: The window's body.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        progress: Callable[[], Progress | None],
        cancel: Callable[[], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._progress = progress
        column = QVBoxLayout(self)
        column.setSpacing(theme.space("wide"))
        column.addStretch(2)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(self._sign(theme), 0, centre)
        column.addWidget(self._label(text, theme, "heading", "text"))
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR_WIDTH)
        self.bar.setAccessibleName(text)
        column.addWidget(self.bar, 0, centre)
        self.amount = self._label(" ", theme, "body", "muted")
        column.addWidget(self.amount)
        self.button = QPushButton(say("Cancel"), self)
        self.button.setAutoDefault(True)  # Return presses it once it has the focus
        self.button.clicked.connect(lambda _checked=False: self._give_up(cancel))
        column.addWidget(self.button, 0, centre)
        column.addStretch(3)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK_MS)

    def _sign(self, theme: Theme) -> QLabel:
        sign = QLabel(self)
        sign.setFixedSize(_DISK, _DISK)
        sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        tint(sign, theme, f"background: ${{fill}}; border-radius: {_DISK // 2}px")
        sign.setPixmap(theme.icon("download", "muted").pixmap(_DISK * 7 // 16, _DISK * 7 // 16))
        return sign

    def _label(self, text: str, theme: Theme, font: str, colour: str) -> QLabel:
        label = QLabel(text, self)
        label.setFont(theme.font(font))
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        tint(label, theme, f"color: ${{{colour}}}")
        return label

    def _look(self) -> None:
        progress = self._progress()
        if progress is None or not progress.total or not self.button.isEnabled():
            return
        self.bar.setRange(0, _PARTS)
        self.bar.setValue(progress.done * _PARTS // progress.total)
        self.amount.setText(say("{done} of {total}", done=size_text(progress.done), total=size_text(progress.total)))
        self.amount.setAccessibleName(self.amount.text())

    def _give_up(self, cancel: Callable[[], None]) -> None:
        self.button.setEnabled(False)
        self.amount.setText(say("Giving up …"))
        cancel()
