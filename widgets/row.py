"""The kinds ``row`` and ``status``: widgets side by side in reading direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from widgets.box import Box, Direction

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


class Row(Box):
    """Widgets side by side; Qt mirrors it for languages that read from the right."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(Direction.LeftToRight, node, context, parent)


class StatusRow(Row):
    """The status line's labels; the window places it below everything else."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(node, context, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("panel", "status")
        self.set_gap("wide")
        theme = context.theme
        side, edge = theme.space("wide"), theme.space("tight")
        self.box.setContentsMargins(side, edge, side, edge)
