"""A place: a view of a window, the pages that it stands on, and the row or caret in it; read, and gone to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from shell.focus import around
from shell.focus_order import enter

if TYPE_CHECKING:
    from shell.window import Window

#: Kinds that are one place whatever in them has the focus.
VIEW_KINDS: tuple[str, ...] = (
    "grid", "list", "cards", "tree", "pivot", "form", "record", "chart", "editor", "diff-view", "web",
)  # fmt: skip


class Place(NamedTuple):
    """Where somebody is in an app; plain data, so that it can be remembered.

    Attributes:
        window: Which of the layout's windows, from 0.
        view: The view's id, else its place in the layout (``main.kdl:12``).
        pages: Each of the tabs around it with its page, the outermost first.
        key: The current row's key, or None.
        column: The current column of a grid.
        within: What an editor keeps of the place in it, or None.
    """

    window: int
    view: str
    pages: tuple[tuple[str, str], ...] = ()
    key: tuple[Any, ...] | None = None
    column: str = ""
    within: Any = None


def name_of(widget: QWidget) -> str:
    """What a widget of a layout is known by: its id, else where it stands."""
    node = widget.node  # type: ignore[attr-defined]
    return node.id or f"{node.where.file}:{node.where.line}"


def view_around(window: Window, widget: QWidget | None) -> QWidget | None:
    """The view that a widget belongs to: the innermost of the kinds of views, one with an id first, else the innermost
    widget of the layout."""
    found = [one for one in around(widget, window) if getattr(one, "node", None) is not None]
    views = [one for one in found if one.node.kind in VIEW_KINDS]
    named = [one for one in views if one.node.id]
    return next(iter([*named, *views, *found]), None)


def place_of(window: Window, widget: QWidget | None) -> Place | None:
    """The place of a widget of the window; None for one that no layout made, as those of the palette."""
    view = view_around(window, widget)
    return None if view is None else place_in(window, view)


def place_in(window: Window, view: QWidget) -> Place:
    """The place in a view as it is now."""
    key = getattr(view, "current_key", None)
    columns, at = getattr(view, "columns", ()), getattr(view, "current_column", -1)
    column = columns[at].path if 0 <= at < len(columns) and hasattr(columns[at], "path") else ""
    keep = getattr(view, "keep_state", None) if _has_caret(view) else None
    key = tuple(key) if key is not None else None
    return Place(window.index, name_of(view), _pages(window, view), key, column, keep() if keep else None)


def _has_caret(view: QWidget) -> bool:
    """Whether a place in the view is one of its text."""
    return view.node.kind == "editor" and hasattr(view, "take_state")  # type: ignore[attr-defined]


def view_of(window: Window, name: str) -> QWidget | None:
    """The view of that name, where it is built."""
    context = window.context
    if context is None:
        return None
    found = context.widgets.get(name)
    if found is None:
        made = (one for one in context.built if one is not None and isValid(one) and getattr(one, "node", None))
        found = next((one for one in made if name_of(one) == name), None)
    return found if found is not None and isValid(found) else None


def go(window: Window, place: Place) -> bool:
    """Show its pages, put the focus into its view, make its row the current one; False when the view is gone."""
    for name, page in place.pages:
        tabs = view_of(window, name)
        if tabs is not None and hasattr(tabs, "tabs"):
            at = next((at for at, tab in enumerate(tabs.tabs()) if tab.key == page), -1)
            if at >= 0 and at != tabs.current():
                tabs.set_current(at)
    view = view_of(window, place.view)
    if view is None or not show(window, view):
        return False
    if place.key is not None and hasattr(view, "go_to") and getattr(view, "current_key", None) is not None:
        _go_to_row(view, place)
    if place.within is not None and _has_caret(view):
        view.take_state(place.within)  # type: ignore[attr-defined]
    return True


def show(window: Window, view: QWidget) -> bool:
    """Bring a view into sight, on whichever page and dock it stands, and put the focus into it."""
    reveal(window, view)
    if not view.isVisibleTo(view.window()) or not view.isEnabled():
        return False
    top = view.window()
    if not top.isActiveWindow():
        top.raise_()
        top.activateWindow()
    inner = view.focusWidget()
    if inner is not None and isValid(inner) and inner.isVisibleTo(view) and inner.isEnabled():
        inner.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True
    return enter(view)


def reveal(window: Window, view: QWidget) -> None:
    """Show the pages and docks that a view stands on."""
    parents = []
    widget = view.parentWidget()
    while widget is not None and widget is not window:
        parents.append(widget)
        widget = widget.parentWidget()
    for parent in reversed(parents):
        home = getattr(parent, "home", None)
        if home is not None and hasattr(home, "set_current") and parent in home.tabs():
            home.set_current(home.tabs().index(parent))
        docks = parent.parentWidget()
        if hasattr(parent, "is_closable") and hasattr(docks, "show_dock"):
            docks.show_dock(parent)


def _go_to_row(view: Any, place: Place) -> None:
    row = view.rows.cache.row_of(place.key) if hasattr(view, "rows") else None
    paths = [getattr(column, "path", "") for column in getattr(view, "columns", ())]
    at = paths.index(place.column) if place.column in paths else None
    if row is None:
        view.go_to(place.key)
    elif at is None:
        view.go(row)
    else:
        view.go(row, at)


def _pages(window: Window, view: QWidget) -> tuple[tuple[str, str], ...]:
    """The tabs around a view, or that it is, with the page that is shown there."""
    found = []
    for one in around(view, window):
        if getattr(getattr(one, "node", None), "kind", "") == "tabs" and hasattr(one, "tabs") and one.current() >= 0:
            found.append((name_of(one), one.tabs()[one.current()].key))
    return tuple(reversed(found))
