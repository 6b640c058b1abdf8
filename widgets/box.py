"""What rows and columns share: children in one direction, gap, padding, alignment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget
from shiboken6 import delete, invalidate

from widgets.region import Host, Region

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context
    from widgets.region import Part

Direction = QBoxLayout.Direction
_SIDE_BY_SIDE = Direction.LeftToRight
_NO_SIDE = Qt.AlignmentFlag(0)
_HORIZONTAL, _VERTICAL = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
_SIDES = {
    Direction.LeftToRight: {
        "fill": _NO_SIDE,
        "start": Qt.AlignmentFlag.AlignTop,
        "center": Qt.AlignmentFlag.AlignVCenter,
        "end": Qt.AlignmentFlag.AlignBottom,
    },
    Direction.TopToBottom: {
        "fill": _NO_SIDE,
        "start": Qt.AlignmentFlag.AlignLeading,
        "center": Qt.AlignmentFlag.AlignHCenter,
        "end": Qt.AlignmentFlag.AlignTrailing,
    },
}


class Box(QWidget):
    """Children one after the other; room that nobody wants stays at the end."""

    TAKEN = ("gap", "padding")
    #: How many widgets of the box's own stand before its children.
    _first = 0
    _flag = _NO_SIDE
    #: Whether room that stays empty stands behind the children.
    _has_end = False
    _is_filled = False

    def __init__(self, direction: Direction, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context = context
        self.box = box = QBoxLayout(direction, self)
        self._is_row = direction is _SIDE_BY_SIDE
        space = context.theme.space
        box.setSpacing(space(_literal(node, "gap", "normal")))
        edge = space(_literal(node, "padding", "none"))
        box.setContentsMargins(edge, edge, edge, edge)
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

    def grows(self, orientation: Qt.Orientation) -> bool:
        """Whether it takes room that is left over; what its layout would answer, without measuring every child."""
        is_along = (orientation is _HORIZONTAL) is self._is_row
        return (is_along and self._has_end) or self._has_greedy(orientation)

    def fill_end(self) -> None:
        """Keep the end empty, unless a child takes all the room by itself."""
        self._keep_end(False)
        if self.box.count() and not self._has_greedy(_HORIZONTAL if self._is_row else _VERTICAL):
            self._keep_end(True)

    def _place(self, index: int, widget: QWidget) -> None:
        if self._flag is _NO_SIDE:
            self.box.insertWidget(index + self._first, widget)
        else:
            self.box.insertWidget(index + self._first, widget, 0, self._flag)
        # NOTE: looked at alone, so that a thousand rows that come one by one cost no million looks.
        if self._is_filled and (self._has_end or self.box.count() == 1):
            self._keep_end(not self._takes_all(widget))

    def _take(self, widget: QWidget) -> None:
        takes_all = self._takes_all(widget)
        # WORKAROUND PySide keeps the wrapper of an item that was looked at once Qt has deleted it, and takes what Qt
        # makes at its address later, a menu's action, for it: until it lets go of deleted items.
        item = self.box.itemAt(self.box.indexOf(widget))
        self.box.removeWidget(widget)
        if item is not None:
            invalidate(item)
        left = self.box.count() - self._has_end
        if not left:
            self._keep_end(False)
        elif takes_all:
            others = (self.box.itemAt(index).widget() for index in range(left))
            self._keep_end(not any(other is not None and self._takes_all(other) for other in others))

    def _keep_end(self, is_empty: bool) -> None:
        if is_empty is self._has_end:
            return
        self._has_end = is_empty
        if is_empty:
            self.box.addStretch(0)
        else:
            delete(self.box.takeAt(self.box.count() - 1))

    def _takes_all(self, widget: QWidget) -> bool:
        """Whether a child takes all the room; Qt asks nothing of one that is not shown yet, so it is asked here."""
        if widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            return False
        along, inner = _HORIZONTAL if self._is_row else _VERTICAL, widget.layout()
        return bool(widget.sizePolicy().expandingDirections() & along) or bool(
            inner is not None and inner.expandingDirections() & along and _may_grow(widget, along)
        )

    def _has_greedy(self, orientation: Qt.Orientation) -> bool:
        """Whether a child takes the room that is left over in a direction. Most kinds tell it by their row of the
        table; asking Qt has it measure texts."""
        word, kind_of = "row" if orientation is _HORIZONTAL else "column", self.context.kind
        for index, part in enumerate(_single(self.region), self._first):
            kind = kind_of(part.node)
            grows = kind.grows if kind is not None else None
            if grows is not None and word not in grows:
                continue
            if isinstance(part.widget, Box) and not part.widget.grows(orientation):
                continue
            if grows is not None and self._flag is _NO_SIDE and _is_as_made(part.widget):
                return True
            item = self.box.itemAt(index)
            if item is not None and item.expandingDirections() & orientation:
                return True
        return False


def _single(region: Region) -> Iterator[Part]:
    """The parts that are one widget each, in order."""
    for part in region.parts:
        if part.region is not None:
            yield from _single(part.region)
        elif part.widget is not None:
            yield part


def _is_as_made(widget: QWidget | None) -> bool:
    """Whether it is what its kind makes, no card in its place, and nobody has hidden it."""
    is_whole = widget is not None and "node" in widget.__dict__
    return is_whole and not widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)


def _literal(node: Node, name: str, default: str) -> str:
    """What a choice says when it is made; an expression has its say later."""
    value = node.properties.get(name)
    return value if isinstance(value, str) else default


def _may_grow(widget: QWidget, along: Qt.Orientation) -> bool:
    policy = widget.sizePolicy()
    way = policy.horizontalPolicy() if along == Qt.Orientation.Horizontal else policy.verticalPolicy()
    return bool(way.value & QSizePolicy.PolicyFlag.GrowFlag.value)
