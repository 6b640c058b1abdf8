"""The windows of one opening of an app: the main one, and those that its layout has besides.

They share tables, current rows and edits to undo; each has its own commands, messages and place on the screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError
from kernel.words import say
from widgets.scope import Scope

if TYPE_CHECKING:
    from layouts.node import Layout, Node
    from shell.window import Window
    from widgets.context import Context

#: What each window says of itself alone.
_OWN = ("window", "active", "messages")
#: What the open ones are remembered under.
_OPEN = "windows.open"


def inner_scope(main: Window) -> Scope:
    """The names of another window: those of the main one, but for what a window says of itself."""
    scope = Scope(main.scope)
    for name in _OWN:
        scope.declare(name)
    return scope


def join(context: Context, main: Window) -> None:
    """Let the widgets of another window know those of the main one, and the other way round."""
    assert main.context is not None
    context.views, context.widgets = main.context.views, main.context.widgets


def key_of(layout: Layout, index: int) -> str:
    """What a window of the layout is remembered under: its id, or its place."""
    return (layout.windows[index].id if index < len(layout.windows) else "") or str(index)


def index_of(layout: Layout, key: str) -> int:
    """The place of the window with that id or place; -1 when the layout has none."""
    return next((at for at in range(len(layout.windows)) if key in (key_of(layout, at), str(at))), -1)


def open_window_of(window: Window, index: int) -> Window:
    """One of the layout's windows beside ``window``; the one that is open already where there is one."""
    main = window.main or window
    if index == main.index:
        return main
    found = next((other for other in main.others if other.index == index), None)
    if found is None:
        from shell.window import open_window

        found = open_window(main.session, index, main)
        found.owns_session = main.owns_session
        _remember(main)
    return found


def open_named(window: Window, name: str) -> Window:
    """The same by the window's id, or its number from 1.

    Raises:
        EspalierError: the layout has none of that name.
    """
    layout = window.layout_tree
    ids = [node.id for node in layout.windows if node.id]
    index = ids and next((at for at, node in enumerate(layout.windows) if node.id == name), -1)
    if index in (-1, []) and name.isdigit():
        index = int(name) - 1
    if not isinstance(index, int) or not 0 <= index < len(layout.windows):
        from kernel.nearest import did_you_mean

        raise EspalierError(say("there is no window {name}", name=name), hint=did_you_mean(name, ids))
    return open_window_of(window, index)


def reopen(main: Window) -> None:
    """Open the windows that were open when the app was closed; those that a newer layout has no more stay away."""
    kept = main.state.recall(_OPEN)
    others = (one for one in main.desk.windows if one is not main and one.session is main.session)
    if not isinstance(kept, list) or not main.session.config["ui.restore"] or any(others):
        return
    for key in kept:
        index = index_of(main.layout_tree, str(key))
        if index > 0:
            open_window_of(main, index)


def leave(window: Window) -> None:
    """Another window is closed by itself: its names mean nothing any more, and it does not come back by itself."""
    main = window.main
    assert main is not None
    main.others.remove(window)
    if window.context is not None and window.body is not None:
        window.context.discard(window.body)
    if not main.is_closing:
        _remember(main)


def shown_in(main: Window, layout: Layout) -> Iterator[tuple[Window, Node | None]]:
    """The windows beside a main one, each with its node in a newer layout; None where that has it no more."""
    for other in list(main.others):
        index = index_of(layout, key_of(main.layout_tree, other.index))
        yield other, layout.windows[index] if index > 0 else None


def _remember(main: Window) -> None:
    keys: list[Any] = [key_of(main.layout_tree, other.index) for other in main.others]
    main.remembering.remember(_OPEN, keys or None)
