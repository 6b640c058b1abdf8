"""The card that stands where a widget could not be built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from kernel.words import say
from widgets.icon_box import IconBox

if TYPE_CHECKING:
    from collections.abc import Callable

    from widgets.context import Context


class ErrorCard(QFrame):
    """Says what cannot be shown, why, and at which place of the layout; the text can be selected and copied.

    Args:
        title, message, where: What is said.
        context: The window's surroundings.
        parent: It stands in.
        detail: What is shown on demand: the traceback of code that failed.
        offer: What a button says and does, where a person's word is all that is missing.
    """

    def __init__(
        self, title: str, message: str, where: str, context: Context, parent: QWidget | None, detail: str = "",
        offer: tuple[str, Callable[[], object]] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        theme = context.theme
        self.setProperty("panel", "card")
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{message} {where}".strip())
        outer = QHBoxLayout(self)
        outer.setContentsMargins(*[theme.space("wide")] * 4)
        outer.setSpacing(theme.space("normal"))
        sign = "info" if offer else "error"
        outer.addWidget(IconBox(sign, sign, theme, self), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(theme.space("tight"))
        outer.addLayout(texts, 1)
        for text, font in ((title, "strong"), (message, "body"), ("" if offer else where, "mono")):
            if text:
                texts.addWidget(self._label(text, theme.font(font)))
        if detail:
            self._add_detail(detail.rstrip(), texts, theme.font("mono"))
        if offer:
            self.button = QPushButton(offer[0], self)
            self.button.setProperty("emphasis", "primary")
            # The card goes with it, so it has returned from the click first.
            act = offer[1]
            self.button.clicked.connect(lambda: QTimer.singleShot(0, act))
            texts.addSpacing(theme.space("normal"))
            texts.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        texts.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _label(self, text: str, font: QFont) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(font)
        label.setWordWrap(True)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return label

    def _add_detail(self, detail: str, texts: QVBoxLayout, font: QFont) -> None:
        button = QPushButton(say("Show the traceback"), self)
        button.setCheckable(True)
        self.detail = self._label(detail, font)
        self.detail.hide()
        button.toggled.connect(self.detail.setVisible)
        texts.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        texts.addWidget(self.detail)
