"""The kind ``label``: a text, with an icon before it when wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from widgets.icon_box import IconBox

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context

_TONES = {"normal": "text"}
#: Stands for an empty text: Qt gives a line that says nothing a pixel more than one that does, and what is below would
#: move when the text comes.
_BLANK = " "


class Label(QWidget):
    """A plain text; markup in it is shown as it is."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self._tone = "normal"
        self._look_color = ""
        self._icon_name = ""
        self._icon: IconBox | None = None
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(context.theme.space("tight") + 2)
        row.addWidget(self._text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        # The style sheet takes palettes back when it is set anew and when a widget is first shown.
        context.theme.changed.connect(self._dress)

    def text(self) -> str:
        """What it says now."""
        text = self._text.text()
        return "" if text == _BLANK else text

    def set_text(self, text: str) -> None:
        """What it says."""
        self._text.setText(text or _BLANK)

    def set_style(self, style: str) -> None:
        """Its place in the type scale: body, title, heading or caption."""
        self._text.setFont(self._context.theme.font(style))

    def reset_style(self) -> None:
        """The type of what is around it, as without a style."""
        self._text.setFont(QFont())

    def set_tone(self, tone: str) -> None:
        """Its colour: normal, muted, success, warning or error."""
        self._tone = tone
        self._dress()

    def take_look(self, values: dict[str, str]) -> None:
        """What the style rules say of it."""
        self._look_color = values.get("color", "")
        self._dress()

    def set_icon(self, name: str) -> None:
        """The icon before the text; empty for none."""
        self._icon_name = name
        if name and self._icon is None:
            self._icon = IconBox(name, "text", self._context.theme, self)
            self.layout().insertWidget(0, self._icon)
        if self._icon is not None:
            self._icon.setVisible(bool(name))
        self._dress()

    def set_wrap(self, is_wrapped: bool) -> None:
        """Whether it breaks into lines."""
        self._text.setWordWrap(is_wrapped)
        policy = QSizePolicy.Policy.Minimum if is_wrapped else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, policy)

    def set_for(self, name: str) -> None:
        """The id of the widget that it names: a click goes there, a screen reader says it."""
        widget = self._context.widgets.get(name)
        if widget is not None:
            self._text.setBuddy(widget)
            if not widget.accessibleName():
                widget.setAccessibleName(self._text.text())

    def changeEvent(self, event: QEvent) -> None:  # Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange and hasattr(self, "_text"):
            self._dress()

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        super().showEvent(event)
        self._dress()

    def _dress(self) -> None:
        token = self._look_color or _TONES.get(self._tone, self._tone)
        palette = QPalette(self._text.palette())
        palette.setColor(QPalette.ColorRole.WindowText, self._context.theme.color(token))
        self._text.setPalette(palette)
        if self._icon is not None and self._icon_name:
            self._icon.set_icon(self._icon_name, token)
