"""The card that stands where a widget could not be built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from widgets.icon_box import IconBox

if TYPE_CHECKING:
    from widgets.context import Context


class ErrorCard(QFrame):
    """Says what cannot be shown, why, and at which place of the layout; the text can be selected and copied."""

    def __init__(self, title: str, message: str, where: str, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        theme = context.theme
        self.setProperty("panel", "card")
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{message} {where}".strip())
        outer = QHBoxLayout(self)
        outer.setContentsMargins(*[theme.space("wide")] * 4)
        outer.setSpacing(theme.space("normal"))
        outer.addWidget(IconBox("error", "error", theme, self), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(theme.space("tight"))
        outer.addLayout(texts, 1)
        for text, font in ((title, "strong"), (message, "body"), (where, "mono")):
            if not text:
                continue
            label = QLabel(text, self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(theme.font(font))
            label.setWordWrap(True)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            texts.addWidget(label)
        texts.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
