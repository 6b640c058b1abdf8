"""The kind ``label``: a text, with an icon before it when wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QFont, QPalette, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from widgets.icon_box import IconBox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layouts.node import Node
    from widgets.context import Context

_TONES = {"normal": "text"}
#: Stands for an empty text: Qt gives a line that says nothing a pixel more than one that does, and what is below would
#: move when the text comes.
_BLANK = " "
_say = QLabel.setText  # found here and not on the object: a third of the time
_ONE_LINE = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
_LINES = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)


class Label(QLabel):
    """A plain text; markup in it is shown as it is."""

    TAKEN = ("text",)
    # NOTE: what most labels never change stands here; setting an attribute of a Qt object takes 0.8 µs.
    _tone, _style, _look_color = "normal", "", ""
    _icon: _LabelIcon | None = None
    _is_plain = False

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        text = node.properties.get("text")
        text = text if isinstance(text, str) and text else _BLANK
        super().__init__(parent)
        self._context = context
        self.setSizePolicy(_ONE_LINE)
        self.set_text(text)

    def text(self) -> str:
        """What it says now."""
        text = super().text()
        return "" if text == _BLANK else text

    def set_text(self, text: str) -> None:
        """What it says."""
        if ("<" in text or "&" in text) and not self._is_plain:
            # Told only where Qt could take a text for markup: it lays the text out once more.
            self._is_plain = True
            self.setTextFormat(Qt.TextFormat.PlainText)
        _say(self, text or _BLANK)

    @staticmethod
    def tell_text(texts: Iterable[tuple[Label, str]]) -> None:
        """Have many labels say a text each: what :meth:`set_text` does, without a call of ours for each."""
        for label, text in texts:
            if "<" in text or "&" in text:
                label.set_text(text)
            else:
                _say(label, text or _BLANK)

    def set_style(self, style: str) -> None:
        """Its place in the type scale: body, title, heading or caption."""
        self._style = style
        self.setFont(self._context.theme.font(style))

    def reset_style(self) -> None:
        """The type of what is around it, as without a style."""
        self._style = ""
        self.setFont(QFont())

    def set_tone(self, tone: str) -> None:
        """Its colour: normal, muted, success, warning or error."""
        self._tone = tone
        self.dress()

    def take_look(self, values: dict[str, str]) -> None:
        """What the style rules say of it."""
        self._look_color = values.get("color", "")
        self.dress()

    def set_icon(self, name: str) -> None:
        """The icon before the text; empty for none."""
        if name and self._icon is None:
            self._icon = _LabelIcon(name, self, self._context)
        if self._icon is not None:
            self._icon.show_as(name)
        self.dress()

    def set_wrap(self, is_wrapped: bool) -> None:
        """Whether it breaks into lines."""
        self.setSizePolicy(_LINES if is_wrapped else _ONE_LINE)
        self.setWordWrap(is_wrapped)

    def set_for(self, name: str) -> None:
        """The id of the widget that it names: a click goes there, a screen reader says it."""
        widget = self._context.widgets.get(name)
        if widget is not None:
            self.setBuddy(widget)
            if not widget.accessibleName():
                widget.setAccessibleName(super().text())

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        super().showEvent(event)
        # The style sheet takes palettes back when a widget is first shown.
        self.dress()

    def dress(self) -> None:
        """Take the theme's font and colour, which the style sheet takes back when it is set anew."""
        if self._style:
            self.setFont(self._context.theme.font(self._style))
        token = self._look_color or _TONES.get(self._tone, self._tone)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, self._context.theme.color(token))
        self.setPalette(palette)
        if self._icon is not None and self._icon.name:
            self._icon.set_icon(self._icon.name, token)


class _LabelIcon(IconBox):
    """The icon at the start of a label, which keeps room for it in its margin."""

    def __init__(self, name: str, label: QLabel, context: Context) -> None:
        super().__init__(name, "text", context.theme, label)
        self._label = label
        self._gap = context.theme.space("tight") + 2
        self.name = name
        label.installEventFilter(self)

    def show_as(self, name: str) -> None:
        """Another icon; an empty name leaves the room to the text."""
        self.name = name
        side = self.sizeHint().height()
        self._label.setMinimumHeight(max(self._label.minimumHeight(), side) if name else 0)
        self.setVisible(bool(name))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutDirectionChange):
            self._place()
        return False

    def _place(self) -> None:
        side, label = self.sizeHint().width(), self._label
        room, is_mirrored = side + self._gap if self.name else 0, label.isRightToLeft()
        label.setContentsMargins(0 if is_mirrored else room, 0, room if is_mirrored else 0, 0)
        left = label.width() - side if is_mirrored else 0
        self.setGeometry(QRect(left, (label.height() - side) // 2, side, side))
