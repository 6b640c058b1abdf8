"""Views beside the window's body: each a second view of a table, a page or a figure, with a row and a place of its own.

Panes stand in splits of their own, so that nothing of the layout is taken apart. They go when the layout is built anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget
from shiboken6 import isValid

from kernel.error import EspalierError
from kernel.words import say
from shell.pane_strip import PaneStrip, title_of
from shell.zoom import exchange
from widgets.fill import fill

if TYPE_CHECKING:
    from layouts.node import Node
    from shell.window import Window

#: Kinds of which a second view shows the same and writes as another window would. What holds a text of its own makes
#: its second view itself: ``second_view(parent)``.
TWICE: frozenset[str] = frozenset({
    "grid", "list", "cards", "tree", "pivot", "form", "record", "chart", "web", "diff-view"
})  # fmt: skip
_ORIENTATION = {"right": Qt.Orientation.Horizontal, "below": Qt.Orientation.Vertical}


class Pane(QWidget):
    """One more view, with a strip.

    Attributes:
        view: What it shows.
        first: Of which it is the second view.
    """

    view: Any

    def __init__(self, panes: Panes, first: Any, parent: QWidget) -> None:
        super().__init__(parent)
        window = panes.window
        self._column, side = QVBoxLayout(self), window.theme.space("wide")
        self._column.setContentsMargins(side, window.theme.space("tight"), side, side)
        self._column.setSpacing(0)
        self.first, self.view = first, _second_of(first, window, self)
        strip = PaneStrip(window.theme, title_of(self.view), "close", say("Close"), lambda: panes.close(self), self)
        self._column.addWidget(strip)
        self._column.addWidget(self.view, 1)
        self._theme = window.theme
        self.view.show()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        """A hairline towards what stands before it."""
        split = self.parentWidget()
        is_below = isinstance(split, QSplitter) and split.orientation() == Qt.Orientation.Vertical
        length = self._theme.border("hair")
        line = QRect(0, 0, self.width(), length) if is_below else QRect(0, 0, length, self.height())
        painter = QPainter(self)
        fill(painter, line, self._theme.color("line"))


class Panes:
    """The panes of one window.

    Attributes:
        window: Whose they are.
        panes: Those that are open, the oldest first.
    """

    def __init__(self, window: Window) -> None:
        self.window = window
        self.panes: list[Pane] = []

    def split(self, view: Any, side: str) -> Pane:
        """Show what a view shows once more, at the ``right`` of it or ``below``; the focus goes there.

        Raises:
            EspalierError: there is no second view of that.
        """
        node = getattr(view, "node", None)
        if node is None or not (node.kind in TWICE or hasattr(view, "second_view")):
            what = f"“{title_of(view)}”"
            raise EspalierError(say("{what} is shown in one place only", what=what))
        home = self._home(view)
        pane = Pane(self, view, home.parentWidget())
        self._put(home, pane, _ORIENTATION[side])
        self.panes.append(pane)
        pane.show()
        _go_along(view, pane.view)
        pane.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return pane

    def close(self, pane: Pane) -> None:
        """Close a pane; the focus goes to the view that was shown twice, else into the body."""
        window, had_focus = self.window, pane.isAncestorOf(self.window.focusWidget() or self.window)
        self.panes.remove(pane)
        split = pane.parentWidget()
        pane.hide()
        if window.context is not None:
            window.context.discard(pane.view)
        pane.setParent(None)
        pane.deleteLater()
        if isinstance(split, QSplitter) and split.count() == 1:
            self._unwrap(split)
        if had_focus:
            from shell.focus_order import enter

            is_there = isValid(pane.first) and pane.first.isVisibleTo(window)
            enter(pane.first if is_there else self.panes[-1].view if self.panes else window.body or window)

    def move(self, pane: Pane, step: int) -> None:
        """Put a pane one place on in its split, or back with -1."""
        split = pane.parentWidget()
        if isinstance(split, QSplitter):
            focus, sizes = self.window.focusWidget(), split.sizes()
            at = (split.indexOf(pane) + step) % split.count()
            split.insertWidget(at, pane)
            split.setSizes(sizes)
            if focus is not None and isValid(focus):
                focus.setFocus()

    def close_all(self) -> None:
        """Close all panes."""
        for pane in list(self.panes):
            self.close(pane)

    def around(self, widget: QWidget | None) -> Pane | None:
        """The pane that a widget stands in."""
        return next((pane for pane in self.panes if widget is not None and pane.isAncestorOf(widget)), None)

    def _home(self, view: QWidget) -> QWidget:
        """What is split: the pane around a view, else the window's body."""
        pane = self.around(view)
        if pane is not None:
            return pane
        if self.window.body is None:
            raise EspalierError(say("there is no view to split"))
        return self.window.body

    def _put(self, home: QWidget, pane: Pane, orientation: Qt.Orientation) -> None:
        """Put a pane beside, into the split around it when that has the same direction."""
        split = home.parentWidget()
        if not isinstance(split, QSplitter) or split.orientation() != orientation:
            split = self._wrap(home, orientation)
        size = sum(split.sizes())
        split.insertWidget(split.indexOf(home) + 1, pane)
        split.setSizes([max(size // split.count(), 1)] * split.count())

    def _wrap(self, home: QWidget, orientation: Qt.Orientation) -> QSplitter:
        split = QSplitter(orientation, self.window)
        split.setChildrenCollapsible(False)
        if home is self.window.content:
            self.window.show_in_place(split, home)
        else:
            exchange(home, split)
        split.addWidget(home)
        split.show()
        home.show()
        return split

    def _unwrap(self, split: QSplitter) -> None:
        """A split of one is none."""
        last = split.widget(0)
        if split is self.window.content:
            self.window.show_in_place(last, split)
        else:
            exchange(split, last)
        last.show()
        split.hide()
        split.deleteLater()


def _second_of(view: Any, window: Window, parent: QWidget) -> Any:
    """What shows the same once more."""
    own = getattr(view, "second_view", None)
    return own(parent) if own is not None else window.context.build(_alone(view.node), parent)  # type: ignore[union-attr]


def _alone(node: Node) -> Node:
    """The node of a second view: without ids, which are the first one's."""
    from msgspec.structs import replace

    return replace(node, id="")


def _go_along(first: Any, second: Any) -> None:
    """Begin a second view at the row or the page where the first one is."""
    key = getattr(first, "current_key", None)
    rows = getattr(second, "rows", None)
    if key is not None and rows is not None and hasattr(second, "go_to"):
        rows.go_after(lambda: second.go_to(key) if isValid(second) else None)


def panes_of(window: Window) -> Panes:
    """The window's panes, made at first use."""
    made = window.cards.made
    if "panes" not in made:
        made["panes"] = Panes(window)
    return made["panes"]


def end_all(window: Window) -> None:
    """Put everything back where the layout has it, before its widgets are replaced."""
    made = window.cards.made
    if "zoomed" in made:
        from shell.zoom import end

        end(window)
    if "panes" in made:
        made["panes"].close_all()
