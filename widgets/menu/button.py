"""The kind ``menu`` by itself: a button that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from widgets.menu.fill import fill_at_opening

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


class MenuButton(QPushButton):
    """Opens by click, Space, Return and the down key."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = context.theme
        self._icon_name = ""
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.lines = QMenu(self)
        self._nodes, self._context = node.children, context
        self.offer(self.lines)
        self.setMenu(self.lines)
        context.theme.changed.connect(self._dress)

    def offer(self, menu: QMenu) -> None:
        """Have another menu hold its lines too."""
        fill_at_opening(menu, self._nodes, self._context)

    def set_text(self, text: str) -> None:
        """What it says."""
        self.setText(text)
        self.setAccessibleName(text.replace("&", ""))

    def set_icon(self, name: str) -> None:
        """The icon before the text; empty for none."""
        self._icon_name = name
        self._dress()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Return and Down open it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.showMenu()
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        if self._icon_name:
            self.setIcon(self._theme.icon(self._icon_name, "text"))
        elif not self.icon().isNull():
            self.setIcon(QIcon())
