"""The kind ``separator``: a hairline across the direction of the row or column that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.fill import fill

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


class Separator(QWidget):
    """One line, a pixel at 100 %."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = context.theme
        is_upright = parent is not None and hasattr(parent, "box") and parent.box.direction().value < 2
        fixed, wide = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        if is_upright:
            self.setFixedWidth(self._theme.border())
            self.setSizePolicy(fixed, QSizePolicy.Policy.Preferred)
        else:
            self.setFixedHeight(self._theme.border())
            self.setSizePolicy(wide, fixed)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        fill(QPainter(self), self.rect(), self._theme.color("line"))
