"""The kind ``link``: a text that opens an address outside, or runs a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from kernel.words import say

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from layouts.node import Node
    from widgets.context import Context

#: Schemes that may leave the app; a file or a script never does.
SCHEMES = ("http", "https", "mailto")
_PADDING = 4


class Link(QAbstractButton):
    """Follows by click, Return or Space; an address of another scheme is refused with a message."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self._url = ""
        self._text = ""
        self._command = ""
        self._color = "link"
        self._stop: Callable[[], None] | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.follow)

    def set_text(self, text: str) -> None:
        """What it says; the address when empty."""
        self._text = text
        self._show()

    def set_url(self, url: str) -> None:
        """The address to open; an empty one disables the link."""
        self._url = url.strip()
        self._show()

    def take_look(self, values: dict[str, str]) -> None:
        """What the style rules say of it."""
        self._color = values.get("color", "link")
        self.update()

    def set_command(self, command: str) -> None:
        """The command to run instead of opening an address."""
        self.let_go()
        self._command = command
        self._show()
        if command:
            self._stop = stop = self._context.commands.watch(command, self.setEnabled)
            self.destroyed.connect(lambda *_: stop())

    def let_go(self) -> None:
        """Follow the command no more."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()

    def follow(self) -> None:
        """Open the address, or run the command."""
        if self._command:
            self._context.commands.run(self._command)
            return
        address = QUrl(self._url, QUrl.ParsingMode.StrictMode)
        if not address.isValid() or address.scheme().lower() not in SCHEMES:
            self._context.reporter.report(
                "warning", say("This address is not opened: {url}", url=self._url), say("only web and mail")
            )
            return
        if not QDesktopServices.openUrl(address):
            self._context.reporter.report("warning", say("No program opens {url}", url=self._url))

    def sizeHint(self) -> QSize:  # Qt's name
        metrics = QFontMetrics(self.font())
        size = metrics.size(0, self.text())
        size.setWidth(size.width() + 2 * _PADDING)
        size.setHeight(size.height() + 2 * _PADDING)
        return size

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        theme = self._context.theme
        painter = QPainter(self)
        font = self.font()
        font.setUnderline(self.underMouse() or self.hasFocus())
        painter.setFont(font)
        painter.setPen(theme.color(self._color if self.isEnabled() else "disabled"))
        inner = self.rect().adjusted(_PADDING, 0, -_PADDING, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, self.text())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = painter.pen()
            pen.setColor(theme.color("focus"))
            pen.setWidth(theme.border("focus"))
            painter.setPen(pen)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), theme.radius("small"), theme.radius("small"))

    def _show(self) -> None:
        shown = self._text or self._url
        self.setText(shown)
        self.setAccessibleName(shown)
        self.setToolTip(self._url)
        self.setEnabled(bool(self._url or self._command))
        self.updateGeometry()
