"""What rows and columns share: children in one direction, gap, padding, alignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QLayoutItem, QWidget

from widgets.region import Host, Region

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context

Direction = QBoxLayout.Direction
_SIDES = {
    Direction.LeftToRight: {
        "fill": Qt.AlignmentFlag(0),
        "start": Qt.AlignmentFlag.AlignTop,
        "center": Qt.AlignmentFlag.AlignVCenter,
        "end": Qt.AlignmentFlag.AlignBottom,
    },
    Direction.TopToBottom: {
        "fill": Qt.AlignmentFlag(0),
        "start": Qt.AlignmentFlag.AlignLeading,
        "center": Qt.AlignmentFlag.AlignHCenter,
        "end": Qt.AlignmentFlag.AlignTrailing,
    },
}


class Box(QWidget):
    """Children one after the other; room that nobody wants stays at the end."""

    def __init__(self, direction: Direction, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context = context
        self.box = QBoxLayout(direction, self)
        self.set_gap("normal")
        self.set_padding("none")
        self._flag = Qt.AlignmentFlag(0)
        #: How many widgets of the box's own stand before its children.
        self._first = 0
        self._end: QLayoutItem | None = None
        self._is_filled = False
        self.region = Region(Host(self, self._place, self._take), context)
        self.region.fill(node.children)
        self._is_filled = True
        self.fill_end()

    def set_gap(self, gap: str) -> None:
        """Space between the children: none, tight, normal or wide."""
        self.box.setSpacing(self.context.theme.space(gap))

    def set_padding(self, padding: str) -> None:
        """Space around the children: none, tight, normal or wide."""
        self.box.setContentsMargins(*[self.context.theme.space(padding)] * 4)

    def set_align(self, align: str) -> None:
        """Where children that are narrower than the box stand: fill, start, center or end."""
        self._flag = _SIDES[self.box.direction()][align]
        for index in range(self.box.count()):
            widget = self.box.itemAt(index).widget()
            if widget is not None:
                self.box.setAlignment(widget, self._flag)

    def _place(self, index: int, widget: QWidget) -> None:
        self.box.insertWidget(index + self._first, widget, 0, self._flag)
        if self._is_filled:
            self.fill_end()

    def _take(self, widget: QWidget) -> None:
        self.box.removeWidget(widget)
        self.fill_end()

    def fill_end(self) -> None:
        """Keep the end empty, unless a child takes all the room by itself."""
        if self._end is not None:
            self.box.removeItem(self._end)
            self._end = None
        is_row = self.box.direction() == Direction.LeftToRight
        wanted = Qt.Orientation.Horizontal if is_row else Qt.Orientation.Vertical
        items = [self.box.itemAt(index) for index in range(self.box.count())]
        if items and not any(item.expandingDirections() & wanted for item in items):
            self.box.addStretch(0)
            self._end = self.box.itemAt(self.box.count() - 1)
