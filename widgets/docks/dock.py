"""The kind ``dock``: one part around the centre of ``docks``, with a title that it is moved by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QWidget

from layouts.node import Node
from widgets.column import Column
from widgets.docks.title import DockTitle
from widgets.outside import offer_keys

if TYPE_CHECKING:
    from widgets.context import Context

_Feature = QDockWidget.DockWidgetFeature
_CLOSE = _Feature.DockWidgetClosable


class Dock(QDockWidget):
    """One dock. Where it stands is its :class:`widgets.docks.docks.Docks`' to say.

    Attributes:
        side: Where the layout puts it: start, end, top or bottom.
        room: Width or height that the layout asks for, in pixels at 100 %; 0 = its own.
        is_tabbed: Whether the layout puts it behind the dock before it on its side.
        is_wanted: Whether the layout shows it at all (``visible``).
        key: What it is remembered under: its id, or its place in the layout.
        closed: A person closed it.
        asked: The layout says something else about its place: ``side``, ``room``, ``tabbed`` or ``open``.
    """

    TAKEN = ("side", "size", "tabbed", "open")
    asked = Signal(str)
    closed = Signal()

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context = context
        self.key = node.id or f"{node.where.file}:{node.where.line}"
        self.setObjectName(self.key)
        self.side = _literal(node, "side", "start")
        self.room = _literal(node, "size", 0)
        self.is_tabbed = _literal(node, "tabbed", False)
        self.is_open = _literal(node, "open", True)
        self.is_wanted = True
        self.title = DockTitle(self, context.theme)
        self.setTitleBarWidget(self.title)
        self.column = Column(Node("column", children=node.children), context, self)
        self.region = self.column.region
        self.setWidget(self.column)
        self.topLevelChanged.connect(self._take_padding)

    @property
    def is_closable(self) -> bool:
        """Whether a person may close it."""
        return bool(self.features() & _CLOSE)

    def set_title(self, title: str) -> None:
        """What its title bar and its tab say."""
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.title.set_text(title)

    def set_icon(self, icon: str) -> None:
        """The icon before its title."""
        self.title.set_icon(icon)

    def set_side(self, side: str) -> None:
        """The side that it stands at first."""
        self.side = side
        self.asked.emit("side")

    def set_size(self, size: int) -> None:
        """Its width or height at first, in pixels at 100 %."""
        self.room = size
        self.asked.emit("room")

    def set_tabbed(self, is_tabbed: bool) -> None:
        """Whether it stands behind the dock before it on its side."""
        self.is_tabbed = is_tabbed
        self.asked.emit("tabbed")

    def set_open(self, is_open: bool) -> None:
        """Whether it is shown until a person says otherwise."""
        self.is_open = is_open
        self.asked.emit("open")

    def set_closable(self, is_closable: bool) -> None:
        """Whether a person may close it."""
        self._allow(_CLOSE, is_closable)
        self.title.take_features()

    def set_floatable(self, is_floatable: bool) -> None:
        """Whether a person may take it out into a window of its own."""
        self._allow(_Feature.DockWidgetFloatable, is_floatable)
        if not is_floatable and self.isFloating():
            self.setFloating(False)
        self.title.take_features()

    def reveal(self, _widget: QWidget) -> None:
        """Show what stands behind another tab, because the focus goes there."""
        self.raise_()

    def reading_order(self) -> list[QWidget]:
        """Title, then what it holds."""
        return [self.title, self.column]

    def dress(self) -> None:
        """The colours are others."""
        self.title.dress()

    def event(self, event: QEvent) -> bool:
        """As a window of its own it gives keys that nobody wants to the commands of its home."""
        if self.isFloating() and offer_keys(self.parentWidget(), event):
            return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # Qt's name
        """The window manager may not close what the layout keeps open; it goes back to its side."""
        if self.is_closable:
            super().closeEvent(event)
            self.closed.emit()
        else:
            event.ignore()
            self.setFloating(False)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """Its ground, and a border around a window of its own, which has no frame."""
        theme = self.context.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("window"))
        if self.isFloating():
            painter.setPen(theme.color("border"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _take_padding(self, is_outside: bool) -> None:
        """In the window the borders between docks make the room; outside of it the dock does."""
        self.column.set_padding("normal" if is_outside else "none")
        self.title.take_padding(is_outside)

    def _allow(self, feature: QDockWidget.DockWidgetFeature, is_allowed: bool) -> None:
        self.setFeatures(self.features() | feature if is_allowed else self.features() & ~feature)


def _literal(node: Node, name: str, default: object) -> object:
    """What a property says when the dock is made; an expression has its say later."""
    value = node.properties.get(name)
    return value if type(value) is type(default) else default


#: Side → area, read from left to right; the other way round the first two change places.
AREAS = {
    "start": Qt.DockWidgetArea.LeftDockWidgetArea,
    "end": Qt.DockWidgetArea.RightDockWidgetArea,
    "top": Qt.DockWidgetArea.TopDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
