"""The kind ``group``: widgets under a heading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QWidget

from widgets.box import Box, Direction

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


class Group(Box):
    """A column with a heading; quiet: no frame, the heading and the room around it make the group."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(Direction.TopToBottom, node, context, parent)
        self._heading = QLabel(self)
        self._heading.setFont(context.theme.font("heading"))
        self._heading.hide()
        self.box.insertWidget(0, self._heading)
        self._first = 1

    def set_title(self, title: str) -> None:
        """The heading; an empty one takes no room."""
        self._heading.setText(title)
        self._heading.setVisible(bool(title))
        self.setAccessibleName(title)
