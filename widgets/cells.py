"""The kind ``cells``: widgets in a grid of equal columns, filled row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QWidget

from widgets.region import Host, Region

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


class Cells(QWidget):
    """Children in equal columns."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context = context
        self._cells = QGridLayout(self)
        self._children: list[QWidget] = []
        self._columns = 2
        self._is_filled = False
        self.region = Region(Host(self, self._place, self._take), context)
        self.region.fill(node.children)
        self._is_filled = True
        self.set_gap("normal")
        self.set_padding("none")
        self.set_columns(2)

    def _place(self, index: int, widget: QWidget) -> None:
        self._children.insert(index, widget)
        if self._is_filled:
            self.set_columns(self._columns)

    def _take(self, widget: QWidget) -> None:
        self._children.remove(widget)
        self._cells.removeWidget(widget)
        self.set_columns(self._columns)

    def set_columns(self, columns: int) -> None:
        """How many columns, at least one."""
        self._columns = columns = max(1, columns)
        for column in range(self._cells.columnCount()):
            self._cells.setColumnStretch(column, 0)
        for index, child in enumerate(self._children):
            self._cells.addWidget(child, *divmod(index, columns))
        for column in range(columns):
            self._cells.setColumnStretch(column, 1)

    def set_gap(self, gap: str) -> None:
        """Space between the cells: none, tight, normal or wide."""
        self._cells.setSpacing(self.context.theme.space(gap))

    def set_padding(self, padding: str) -> None:
        """Space around the cells: none, tight, normal or wide."""
        self._cells.setContentsMargins(*[self.context.theme.space(padding)] * 4)
