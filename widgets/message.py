"""The kind ``message``: a note inside the window with an icon and a colour for its level."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from widgets.theme.icon import paint_icon

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


class Message(QWidget):
    """A banner; a command that it offers stands at its end."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self._level = "info"
        self._look: dict[str, str] = {}
        theme = context.theme
        side = theme.icon_size()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        gap = theme.space("normal")
        row.setContentsMargins(gap + side + gap + 4, gap, gap, gap)
        row.setSpacing(theme.space("wide"))
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        row.addWidget(self._text, 1)
        self._button: QPushButton | None = None
        self._command = ""
        self._stop: Callable[[], None] | None = None

    def set_text(self, text: str) -> None:
        """What it says."""
        self._text.setText(text)
        self._name()

    def set_level(self, level: str) -> None:
        """info, success, warning or error."""
        self._level = level
        self._name()
        self.update()

    def take_look(self, values: dict[str, str]) -> None:
        """What the style rules say of it."""
        self._look = values
        self.update()

    def set_command(self, command: str) -> None:
        """A command offered with it; empty for none."""
        self.let_go()
        self._command = command
        if self._button is None:
            self._button = QPushButton(self)
            self._button.setAutoDefault(False)
            self._button.clicked.connect(lambda: self._context.commands.run(self._command))
            self.layout().addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        self._button.setVisible(bool(command))
        if not command:
            return
        title = self._context.commands.title(command)
        self._button.setText(title.replace("&", "&&"))
        self._button.setAccessibleName(title)
        self._stop = stop = self._context.commands.watch(command, self._button.setEnabled)
        self.destroyed.connect(lambda *_: stop())

    def let_go(self) -> None:
        """Follow the command no more."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        theme = self._context.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self._look.get("ground", f"{self._level}-soft")))
        painter.drawRoundedRect(QRectF(self.rect()), theme.radius(), theme.radius())
        side = QSize(theme.icon_size(), theme.icon_size())
        gap = theme.space("normal") + 2
        left = gap if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else self.width() - gap - side.width()
        # In the middle of the first line of the text.
        top = self._text.y() + (self._text.fontMetrics().height() - side.height()) / 2
        if self._text.heightForWidth(self._text.width()) < 2 * self._text.fontMetrics().height():
            top = (self.height() - side.height()) / 2
        paint_icon(painter, QRectF(left, top, side.width(), side.height()), self._level, theme.color(self._level))

    def _name(self) -> None:
        self.setAccessibleName(f"{self._level.capitalize()}: {self._text.text()}")
