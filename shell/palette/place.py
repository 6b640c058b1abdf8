"""Where a table or a row is shown in a window: the page that has a view of it is opened, or a list of all its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kernel.tables.schema import title_of
from layouts.node import Node
from shell.focus import kind_of, views

if TYPE_CHECKING:
    from shell.window import Window

_LISTS = ("grid", "list", "cards")
#: Pages within pages that are looked through.
_DEPTH = 6


def tables_of(window: Window) -> dict[tuple[str, str], list[str]]:
    """Source and name there → what the layout calls the table, of all that it declares."""
    found: dict[tuple[str, str], list[str]] = {}
    if window.tables is not None:
        for name in window.tables.handles.declared:
            found.setdefault(window.tables.source_of(name), []).append(name)
    return found


def show_table(window: Window, source: str, table: str) -> Any:
    """Go to a list of the table: one of the window's, else a page of its own; answers the list."""
    names = set(tables_of(window).get((source, table), ()))
    view = (_view(window, names, is_whole=True) or _view(window, names)) if names else None
    if view is None:
        from shell.over import browse

        view = browse(window, source, table, title_of(table))
    view.setFocus(Qt.FocusReason.ShortcutFocusReason)
    return view


def show_row(window: Window, source: str, table: str, key: tuple[Any, ...]) -> Any:
    """Go to a row in a list of its table; answers the list."""
    view = show_table(window, source, table)
    view.go_to(key)
    return view


def _view(window: Window, names: set[str], *, is_whole: bool = False) -> Any:
    """The list in sight that shows a table (the whole of it), pages opened on the way; None when none does."""
    for _ in range(_DEPTH):
        shown = [one for one in views(window, _LISTS) if _is_list(one.node, names, is_whole)]
        if shown:
            return min(shown, key=lambda view: view.node.get("filter") is not None)
        page = next((page for page in _pages(window) if _has_list(page.node, names, is_whole)), None)
        if page is None:
            return None
        page.home.set_current(page.home.tabs().index(page))
    return None


def _pages(window: Window) -> Iterator[Any]:
    """The pages of tabs in sight that are not shown and may be."""
    for tabs in views(window, ("tabs",)):
        for place, tab in enumerate(tabs.tabs()):
            if place != tabs.current() and tab.is_wanted and tab.is_usable:
                yield tab


def _has_list(node: Node, names: set[str], is_whole: bool) -> bool:
    """Whether a list of one of the tables is somewhere within a node."""
    if node.kind in _LISTS and _is_list(node, names, is_whole):
        return True
    return any(_has_list(child, names, is_whole) for child in node.children)


def _is_list(node: Node, names: set[str], is_whole: bool) -> bool:
    """Whether a list shows one of the tables; a whole one not only the rows that belong to another list's row."""
    return node.get("table") in names and not (is_whole and ".current" in str(node.get("filter")))


def show_widget(window: Window, name: str) -> bool:
    """Go to the widget of an id, its pages opened; False when it is not there now."""
    from shell.focus_order import enter

    widget: QWidget | None = window.context.widgets.get(name) if window.context is not None else None
    if widget is None:
        return False
    inside = widget
    while inside is not None and inside is not window:
        if kind_of(inside) == "tab" and (home := getattr(inside, "home", None)) is not None:
            home.set_current(home.tabs().index(inside))
        inside = inside.parentWidget()
    return enter(widget)
