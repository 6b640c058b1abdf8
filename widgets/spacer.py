"""The kind ``spacer``: room that takes what is left over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


class Spacer(QWidget):
    """Grows along the direction of the row or column that it stands in."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        is_row = parent is not None and getattr(parent, "box", None) is not None and parent.box.direction().value < 2
        if is_row:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
