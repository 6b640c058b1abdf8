"""Which view of a window commands act on: the grid or form that had the focus last.

It publishes ``active.view`` (``grid``, ``form``, or nothing) and ``active.id``. While a card such as the palette
is open the view stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from shell.focus_order import enter, walk
from widgets.context import Context
from widgets.outside import is_inside

if TYPE_CHECKING:
    from shell.window import Window

#: Kinds that commands for rows act on.
ROW_KINDS: tuple[str, ...] = ("grid", "list", "cards", "form")
#: Kinds that are panes for going from one to the next.
PANE_KINDS: tuple[str, ...] = ("grid", "list", "cards", "form", "search", "tabs", "chart", "editor", "diff-view")


def kind_of(widget: QWidget) -> str:
    """The layout kind of a widget, or what commands take it for; empty for one that no node of a layout made."""
    node = getattr(widget, "node", None)
    return getattr(widget, "acts_as", "") or getattr(node, "kind", "")


def around(widget: QWidget | None, window: QWidget) -> Iterator[QWidget]:
    """The widgets of layouts that a widget stands in, itself included, the innermost first."""
    while widget is not None and widget is not window:
        if kind_of(widget):
            yield widget
        widget = widget.parentWidget()


class FocusKeeper:
    """Follows the focus of one window."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._active: QWidget | None = None
        #: Kind → the widget of it that had the focus within it last.
        self._recent: dict[str, QWidget] = {}
        #: Around what does not show by itself that it has the focus.
        self._ring: QWidget | None = None
        window.scope.publish("active.view", None)
        QApplication.instance().focusChanged.connect(self._follow)

    @property
    def active(self) -> QWidget | None:
        """The view that had the focus last, while it is in sight or, just built, has it; else the first in sight."""
        view = self._active
        if view is None or not isValid(view) or not (view.isVisibleTo(self._window) or self._has_focus(view)):
            self._activate(first_view(self._window))
        return self._active

    def _has_focus(self, view: QWidget) -> bool:
        return view in around(self._window.focusWidget(), self._window)

    def dispose(self) -> None:
        """Stop following."""
        QApplication.instance().focusChanged.disconnect(self._follow)

    def adopt(self, context: Context, focus_id: str) -> None:
        """Take new widgets: the focus goes to the one of that id, the active view is the first.

        The focus stays where it is beside them.
        """
        self._active = None
        self._recent.clear()
        beside = self._window.beside
        if beside is not None and beside.has_focus():
            self._activate(first_view(self._window))
            return
        widget = context.widgets.get(focus_id)
        if widget is None and not focus_id:
            if not any(map(enter, built(self._window, PANE_KINDS, context))):
                self._window.setFocus()
        else:
            (widget or self._window).setFocus()
        self._activate(first_view(self._window) if self._active is None else self._active)

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._show_ring(new if new is not None and is_inside(self._window, new) else None)
        if new is not None and is_inside(self._window, new):
            scroll_into_sight(new)
        if not is_inside(self._window, new):
            return
        is_found = False
        for widget in around(new, self._window):
            kind = kind_of(widget)
            self._recent[kind] = widget
            if kind in ROW_KINDS and not is_found:
                is_found = True
                self._activate(widget)

    def _show_ring(self, focus: QWidget | None) -> None:
        asked = (one for one in around(focus, self._window) if hasattr(one, "focus_ring"))
        view = next(asked, None)
        home = view.focus_ring(focus) if view is not None else None  # type: ignore[attr-defined]
        ring, self._ring = self._ring, None
        if ring is not None and isValid(ring):
            if ring.parentWidget() is home:
                self._ring = ring
                return
            ring.hide()
            ring.deleteLater()
        if home is not None:
            from shell.focus_ring import FocusRing

            self._ring = FocusRing(home, self._window.theme)

    def nearest(self, kind: str) -> QWidget | None:
        """The view of a kind that is meant: the one around the focus, else the last one there, else the first."""
        focused = (widget for widget in around(self._window.focusWidget(), self._window) if kind_of(widget) == kind)
        found = next(focused, None) or self._recent.get(kind)
        if found is not None and isValid(found) and found.isVisibleTo(self._window):
            return found
        return next(built(self._window, (kind,)), None)

    def _activate(self, widget: QWidget | None) -> None:
        self._active = widget
        self._window.scope.publish("active.view", kind_of(widget) if widget is not None else None)
        node = getattr(widget, "node", None)
        self._window.scope.publish("active.id", getattr(node, "id", "") or None)


def scroll_into_sight(widget: QWidget) -> None:
    """Scroll the areas around a widget, and unfold the splits, so that it can be seen."""
    parent = widget.parentWidget()
    while parent is not None:
        if hasattr(parent, "reveal"):
            parent.reveal(widget)
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget, 8, 8)
        parent = parent.parentWidget()


def views(window: QWidget, kinds: tuple[str, ...]) -> list[QWidget]:
    """The visible widgets of those kinds, in the order in which they stand in the layout."""
    return [widget for widget in walk(window) if kind_of(widget) in kinds and widget.isVisibleTo(window)]


def built(window: Window, kinds: tuple[str, ...], context: Context | None = None) -> Iterator[QWidget]:
    """The same as :func:`views` in the layout's order, without a walk through all widgets; for the start."""
    context = context or window.context
    for widget in context.built if context is not None else ():
        if widget is not None and isValid(widget) and kind_of(widget) in kinds and widget.isVisibleTo(window):
            yield widget


def has_edits(window: QWidget) -> bool:
    """Whether any list, form or editor, on whichever page, holds what is typed and not written."""
    return any(view.has_edits() for view in _that_can_have_edits(window))


def row_views(window: QWidget) -> Iterator[Any]:
    """The lists and forms of a window, also those on pages out of sight; those of the layout first, in its order."""
    context = getattr(window, "context", None)
    order = {id(one): at for at, one in enumerate(context.built if context is not None else ())}
    found = (view for view in _that_can_have_edits(window) if kind_of(view) in ROW_KINDS)
    return iter(sorted(found, key=lambda view: order.get(id(view), len(order))))


def _that_can_have_edits(window: QWidget) -> Iterator[Any]:
    """The widgets of a window that can have edits, in no order.

    NOTE: not by ``findChildren``: PySide takes all that it finds for children of the window, and until that is closed
    keeps what stood in Python for those that Qt itself has made, as the scroll bars of a list.
    """
    found = (one for one in QApplication.allWidgets() if hasattr(type(one), "has_edits"))  # objects are slower to ask
    return (one for one in found if is_inside(window, one))


def first_view(window: Window) -> QWidget | None:
    """The first grid or form of the layout."""
    return next(built(window, ROW_KINDS), None)


def focus_id(window: Window) -> str:
    """The id of the widget that the focus is in; empty where it has none."""
    focus = window.focusWidget()
    widgets = window.context.widgets.items() if window.context else ()
    return next((name for name, widget in widgets if focus is widget or (focus and widget.isAncestorOf(focus))), "")
