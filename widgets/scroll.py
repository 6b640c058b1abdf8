"""The kind ``scroll``: a column that scrolls when there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from widgets.column import Column

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


class Scroll(QScrollArea):
    """A column behind a viewport; what gets the focus scrolls into view."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.column = Column(node, context, self)
        self.region = self.column.region
        self.column.setProperty("panel", "clear")
        self.setWidget(self.column)
        application = QApplication.instance()
        application.focusChanged.connect(self._follow_focus)

    def set_gap(self, gap: str) -> None:
        """Space between the children: none, tight, normal or wide."""
        self.column.set_gap(gap)

    def set_padding(self, padding: str) -> None:
        """Space around the children: none, tight, normal or wide."""
        self.column.set_padding(padding)

    def _follow_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.column.isAncestorOf(new):
            self.ensureWidgetVisible(new)
