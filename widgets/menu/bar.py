"""The kind ``menubar``: menus side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenuBar, QWidget

from widgets.binding import bind
from widgets.menu.fill import fill_at_opening
from widgets.text import text_of

if TYPE_CHECKING:
    from kernel.disposer import Disposer
    from layouts.node import Node
    from widgets.context import Context


class MenuBar(QMenuBar):
    """Inside the window on every platform, so that a layout looks alike everywhere."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setNativeMenuBar(False)
        self._titles: list[Disposer] = []
        for child in node.children:
            menu = self.addMenu("")
            self._titles.append(bind(child.get("text", ""), context, lambda text, at=menu: at.setTitle(text_of(text))))
            visible = child.get("visible", True)
            self._titles.append(
                bind(visible, context, lambda is_shown, at=menu: at.menuAction().setVisible(bool(is_shown)))
            )
            enabled = child.get("enabled", True)
            self._titles.append(bind(enabled, context, lambda is_on, at=menu: at.menuAction().setEnabled(bool(is_on))))
            fill_at_opening(menu, child.children, context)

    def let_go(self) -> None:
        """Follow the titles no more."""
        while self._titles:
            self._titles.pop()()
