"""The kinds ``row`` and ``status``: widgets side by side in reading direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from widgets.box import Box, Direction

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.collapse import Collapser
    from widgets.context import Context


class Row(Box):
    """Widgets side by side; Qt mirrors it for languages that read from the right."""

    #: Leaves out what has no room; None where no child may go.
    collapser: Collapser | None = None

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(Direction.LeftToRight, node, context, parent)

    def collapse_child(self) -> None:
        """A child may go, or stays, when there is no room."""
        if self.collapser is None:
            from widgets.collapse import Collapser

            self.collapser = Collapser(self)
        self.collapser.fit()
        self.updateGeometry()

    def show_child(self, widget: QWidget, is_shown: bool) -> None:
        """The layout shows or hides a child."""
        if self.collapser is None:
            widget.setVisible(is_shown)
        else:
            self.collapser.show(widget, is_shown)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        """As narrow as what has to stay."""
        size = super().minimumSizeHint()
        if self.collapser is not None:
            size.setWidth(max(0, size.width() - self.collapser.room()))
        return size


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
