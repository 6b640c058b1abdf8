"""The kind ``window``: the body of an app's window, with its status line at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from layouts.node import Node
from widgets.column import Column

if TYPE_CHECKING:
    from widgets.context import Context
    from widgets.patch import Stale


#: Size class → the width that it begins at, in pixels at 100 %.
SIZE_CLASSES = {"wide": 1040, "medium": 640, "compact": 0}


class WindowBody(QWidget):
    """What the shell puts into its window.

    Attributes:
        title: The window's title as the layout says, tracked; ``title_changed`` follows it.
        status: The status line's widget, or None; the shell may take it into its own status bar.
    """

    title_changed = Signal(str)

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.title = ""
        self._size = QSize(int(node.get("width") or 1180), int(node.get("height") or 760))
        self._class = ""
        self._take_width(parent.width() if parent is not None and parent.isVisible() else self._size.width(), context)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._context = context
        self.content = Column(Node("column", children=_content(node)), context, self)
        self.content.set_padding("wide")
        self.region = self.content.region
        outer.addWidget(self.content, 1)
        lines = node.of_kind("status")
        self.status: QWidget | None = context.build(lines[0], self) if lines else None
        if self.status is not None:
            outer.addWidget(self.status)

    def can_patch_children(self, node: Node) -> bool:
        """A status line that comes or goes needs a new window."""
        return bool(node.of_kind("status")) is (self.status is not None)

    def region_nodes(self, node: Node) -> list[Node]:
        """What stands above the status line."""
        return _content(node)

    def patch_children(self, node: Node, stale: Stale) -> None:
        """Become the window of another node."""
        from widgets.patch import patch_region, patch_widget

        patch_region(self.region, _content(node), stale)
        if self.status is not None:
            line = node.of_kind("status")[0]
            if not patch_widget(self.status, line, self._context, stale):
                old, self.status = self.status, self._context.build(line, self)
                self.layout().replaceWidget(old, self.status)
                self._context.discard(old)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        """Tell expressions the size class."""
        super().resizeEvent(event)
        self._take_width(event.size().width(), self._context)

    def _take_width(self, width: int, context: Context) -> None:
        plain = width / context.theme.text_size
        found = next(name for name, least in SIZE_CLASSES.items() if plain >= least)
        if found != self._class:
            self._class = found
            context.scope.publish("window.size_class", found)

    def set_title(self, title: str) -> None:
        """The window's title."""
        self.title = title
        self.title_changed.emit(title)

    def set_width(self, width: int) -> None:
        """Width at first opening (pixels at 100 %)."""
        self._size.setWidth(width)

    def set_height(self, height: int) -> None:
        """Height at first opening (pixels at 100 %)."""
        self._size.setHeight(height)

    def sizeHint(self) -> QSize:  # Qt's name
        return self._size


def _content(node: Node) -> list[Node]:
    return [child for child in node.children if child.kind != "status"]
