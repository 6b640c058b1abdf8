"""The views of a window by their ids, also those on pages that were never shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from layouts.node import Node
from shell.place.place import VIEW_KINDS, show, view_of

if TYPE_CHECKING:
    from shell.window import Window

#: What can be gone to by its id beside the views.
_MORE = ("search", "tabs", "dock")


class LayoutView(NamedTuple):
    """One view as the layout has it: the nodes around it, the outermost first, and itself."""

    name: str
    title: str
    way: tuple[Node, ...]


def views_of(window: Window) -> dict[str, LayoutView]:
    """Id → view, in the layout's order."""
    layout = window.layout_tree
    roots = layout.windows if layout is not None else ()
    root = roots[window.index] if window.index < len(roots) else None
    return {one.name: one for one in _below(root, ())} if root is not None else {}


def _below(node: Node, way: tuple[Node, ...]) -> Iterator[LayoutView]:
    way = (*way, node)
    if node.id and node.kind in (*VIEW_KINDS, *_MORE):
        yield LayoutView(node.id, _title(way), way)
    for child in node.children:
        if isinstance(child, Node):
            yield from _below(child, way)


def _title(way: tuple[Node, ...]) -> str:
    """What a person knows the view by: its own title, else the page's that it stands on, and its kind."""
    titles = [node.get(name) for node in reversed(way) for name in ("name", "title", "table")]
    words = next((title for title in titles if isinstance(title, str) and title), "")
    return f"{way[-1].kind} {words}".strip()


def show_view(window: Window, view: LayoutView) -> bool:
    """Go to a view, building the pages on the way; False when it is not shown."""
    from shell.place.following import follow

    follow(window).note()
    context = window.context
    for node in view.way:
        if node.kind == "tab" and context is not None:
            made = (one for one in context.built if one is not None and getattr(one, "home", None) is not None)
            tab = next((one for one in made if getattr(one, "node", None) is node), None)
            if tab is not None and tab in tab.home.tabs():
                tab.home.set_current(tab.home.tabs().index(tab))
    found = view_of(window, view.name)
    return found is not None and show(window, found)
