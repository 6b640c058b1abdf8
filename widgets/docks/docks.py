"""The kind ``docks``: a centre, and docks around it that are moved by mouse and keys and remembered per person."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QSizePolicy, QTabBar, QTabWidget, QToolButton, QWidget

from kernel.words import say
from layouts.node import Node
from widgets.column import Column
from widgets.docks.arrangement import Arrangement
from widgets.docks.dock import AREAS, Dock
from widgets.outside import is_inside
from widgets.region import Host, Region

if TYPE_CHECKING:
    from widgets.context import Context

_Option = QMainWindow.DockOption
_OPTIONS = _Option.AllowNestedDocks | _Option.AllowTabbedDocks | _Option.GroupedDragging
_ACROSS = (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)
#: Side of the screen → area.
SCREEN_SIDES = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "top": Qt.DockWidgetArea.TopDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}


class Docks(QMainWindow):
    """A centre with docks around it.

    Publishes ``active.docks``, how many there are, and ``active.dock``, the name of the one that has the focus.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)  # Qt makes every QMainWindow a window first
        self.context = context
        self.key = node.id or f"{node.where.file}:{node.where.line}"
        self.setDockOptions(_OPTIONS)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._centre = Column(Node("column"), context, self)
        self.setCentralWidget(self._centre)
        self._current: Dock | None = None
        self._is_shown = False
        self.arrangement = Arrangement(self)
        self.region = Region(Host(self, self._place, self._take), context)
        self.region.fill(node.children)
        self._show_centre()
        self._follow_focus = QApplication.instance().focusChanged.connect(self._follow)
        self._publish()

    def let_go(self) -> None:
        """Follow the focus no more; windows of docks go at once, not only when they are deleted."""
        self.arrangement.end()
        for dock in self.docks():
            if dock.isFloating():
                dock.hide()
        QApplication.instance().focusChanged.disconnect(self._follow_focus)
        self.context.scope.publish("active.dock", None)
        self.context.scope.publish("active.docks", 0)

    # What there is

    def docks(self) -> list[Dock]:
        """Those that the layout shows, in its order."""
        return [one for one in self.region.widgets() if isinstance(one, Dock) and one.is_wanted]

    def dock(self, key: str) -> Dock | None:
        """The dock of that name."""
        return next((one for one in self.docks() if one.key == key), None)

    def current(self) -> Dock | None:
        """The dock that had the focus last, unless the focus went to the centre."""
        return self._current if self._current in self.docks() else None

    def side_of(self, dock: Dock) -> str:
        """The side of the screen that it stands at: left, right, top, bottom; empty in a window of its own."""
        area = self.dockWidgetArea(dock)
        return "" if dock.isFloating() else next((side for side, one in SCREEN_SIDES.items() if one == area), "")

    def neighbour_of(self, dock: Dock) -> Dock | None:
        """Another open dock on its side, of which it is no tab yet."""
        tabs = self.tabifiedDockWidgets(dock)
        side = self.side_of(dock)
        others = (one for one in self.docks() if one is not dock and not one.isHidden() and one not in tabs)
        return next((one for one in others if side and self.side_of(one) == side), None)

    def can_float(self, dock: Dock) -> bool:
        """Whether it may be taken out."""
        return bool(dock.features() & Dock.DockWidgetFeature.DockWidgetFloatable)

    def reading_order(self) -> list[QWidget]:
        """What Tab goes through: docks, their tabs and the centre as they are seen; docks behind tabs are left out."""
        shown: list[QWidget] = [dock for dock in self.docks() if not dock.isHidden() and not dock.isFloating()]
        shown = [dock for dock in shown if not self._is_shown or dock.geometry().intersects(self.rect())]
        seen = [self._centre, *self._tab_bars(), *shown]
        is_mirrored = self.isRightToLeft()

        def place(part: QWidget) -> tuple[int, int]:
            area, box = self.dockWidgetArea(part) if isinstance(part, Dock) else None, part.geometry()
            band = {SCREEN_SIDES["top"]: 0, SCREEN_SIDES["bottom"]: 2}.get(area, 1)
            if isinstance(part, QTabBar):
                band = 2 if box.top() > self._centre.geometry().bottom() else 1
            along = -box.right() if is_mirrored else box.left()
            return band, along

        return sorted((part for part in seen if part.isVisibleTo(self)), key=lambda part: (*place(part), part.y()))

    # What a person does with them

    def move_dock(self, dock: Dock, side: str) -> None:
        """Put it to a side of the screen: left, right, top or bottom."""
        dock.setFloating(False)
        self.addDockWidget(SCREEN_SIDES[side], dock)
        self.show_dock(dock)

    def tab_dock(self, dock: Dock) -> None:
        """Make it a tab of another dock on its side; one that is a tab stands by itself again."""
        other = self.neighbour_of(dock)
        if other is not None:
            self.tabifyDockWidget(other, dock)
        elif self.tabifiedDockWidgets(dock):
            self.addDockWidget(self.dockWidgetArea(dock), dock)
        self.show_dock(dock)

    def float_dock(self, dock: Dock) -> None:
        """Take it out into a window of its own, or back."""
        if self.can_float(dock):
            dock.setFloating(not dock.isFloating())
            self.show_dock(dock)

    def show_dock(self, dock: Dock) -> None:
        """Show it, before other tabs, with the focus in it."""
        dock.show()
        dock.raise_()
        if dock.isFloating():
            dock.activateWindow()
        else:
            self.window().activateWindow()
        _enter(dock)
        self.arrangement.keep_soon()

    def grow_dock(self, dock: Dock, pixels: int) -> None:
        """Make it wider at the left and right, higher at the top and bottom, by so many pixels."""
        is_across = self.dockWidgetArea(dock) in _ACROSS
        size = max((dock.width() if is_across else dock.height()) + pixels, 1)
        if dock.isFloating():
            dock.resize(dock.width() + pixels, dock.height() + pixels)
        else:
            self.resizeDocks([dock], [size], Qt.Orientation.Horizontal if is_across else Qt.Orientation.Vertical)
        self.arrangement.keep_soon()

    def reset(self) -> None:
        """All docks as the layout has them."""
        self.arrangement.reset()

    def add_to(self, menu: QMenu) -> None:
        """Add every dock to a menu, with a mark at those that are open; choosing one opens or closes it."""
        for dock in self.docks():
            entry = menu.addAction(dock.windowTitle())
            entry.setCheckable(True)
            entry.setChecked(not dock.isHidden())
            entry.setEnabled(dock.is_closable or dock.isHidden())
            entry.triggered.connect(lambda is_on, dock=dock: self.show_dock(dock) if is_on else dock.close())

    # Putting it together

    def area_of(self, dock: Dock) -> Qt.DockWidgetArea:
        """The area that the layout puts it to."""
        side = dock.side
        if self.isRightToLeft() and side in ("start", "end"):
            side = "end" if side == "start" else "start"
        return AREAS[side]

    def show_child(self, widget: QWidget, is_visible: bool) -> None:
        """What ``visible`` says of a dock: a hidden one is in no menu either."""
        if not isinstance(widget, Dock):
            widget.setVisible(is_visible)
            return
        widget.is_wanted = is_visible
        self.arrangement.show_as_kept(widget)
        self._publish()

    def _place(self, index: int, widget: QWidget) -> None:
        if isinstance(widget, Dock):
            widget.asked.connect(lambda what, dock=widget: self.arrangement.take(dock, what))
            for signal in (widget.topLevelChanged, widget.dockLocationChanged, widget.closed):
                signal.connect(self.arrangement.keep_soon)
            widget.installEventFilter(self)
            self.arrangement.add(widget)
            self._publish()
            return
        before = sum(not isinstance(one, Dock) for one in islice(self.region.widgets(), index))
        self._centre.region.host.place(before, widget)
        self._show_centre()

    def _take(self, widget: QWidget) -> None:
        if isinstance(widget, Dock):
            widget.removeEventFilter(self)
            self.removeDockWidget(widget)
            QTimer.singleShot(0, self, self._publish)
        else:
            self._centre.region.host.take(widget)

    def _show_centre(self) -> None:
        """Without anything in the centre the docks take all the room."""
        self._centre.setVisible(self._centre.box.count() > 0)

    def _publish(self) -> None:
        self.context.scope.publish("active.docks", len(self.docks()))

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Know the dock that commands are for; a card over the window leaves it as it was."""
        found = next((one for one in self.docks() if is_inside(one, new)), None)
        if found is None and not is_inside(self._centre, new):
            return
        self._current = found
        self.context.scope.publish("active.dock", found.key if found is not None else None)

    # Events

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        """Sizes can be given once the room is known."""
        super().showEvent(event)
        if not self._is_shown:
            self._is_shown = True
            self.arrangement.begin()

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self.arrangement.take_room()

    def minimumSizeHint(self) -> QSize:  # Qt's name
        """What the centre or the largest dock needs; in a narrow window docks stand behind each other."""
        size = self._centre.minimumSizeHint() if not self._centre.isHidden() else QSize(0, 0)
        for dock in self.docks():
            if not dock.isHidden() and not dock.isFloating():
                size = size.expandedTo(dock.minimumSizeHint())
        return size

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # Qt's name
        """Borders are dragged without a signal, but docks get another size by it; so they do by that of the window,
        which nobody wants to be remembered."""
        kind, is_outside = event.type(), isinstance(watched, Dock) and watched.isFloating()
        is_dragged = kind == QEvent.Type.Resize and bool(QApplication.mouseButtons())
        if is_dragged or (is_outside and kind in (QEvent.Type.Resize, QEvent.Type.Move)):
            self.arrangement.keep_soon()
        return False

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.LayoutDirectionChange and self._is_shown:
            self.arrangement.reset()
        if kind == QEvent.Type.ChildAdded:
            QTimer.singleShot(0, self, self._name_tabs)
        return super().event(event)

    def _tab_bars(self) -> list[QTabBar]:
        return self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def _name_tabs(self) -> None:
        """Qt makes the tabs of docks; a screen reader has to call them something, and Tab stops there."""
        for bar in self._tab_bars():
            bar.setAccessibleName(say("Docks"))
            bar.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            bar.setExpanding(False)
            for button in bar.findChildren(QToolButton):
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # arrow keys scroll


def _enter(dock: Dock) -> None:
    """Put the focus into a dock: to its first widget that takes it, else to its title."""
    if is_inside(dock, QApplication.focusWidget()):
        return
    found = (one for one in dock.column.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus)
    first = next((one for one in found if one.isEnabled() and one.isVisibleTo(dock)), dock.title.more)
    first.setFocus(Qt.FocusReason.ShortcutFocusReason)
