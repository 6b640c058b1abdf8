"""The kind ``column``: widgets one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from widgets.box import Box, Direction

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


class Column(Box):
    """Widgets one below the other."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(Direction.TopToBottom, node, context, parent)
