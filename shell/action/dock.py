"""Commands for docks: they act on the one that has the focus, or that had it last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError
from kernel.nearest import did_you_mean
from kernel.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgets.docks.dock import Dock
    from widgets.docks.docks import Docks

#: Pixels at 100 % that a dock grows or shrinks by.
_STEP = 40


def move(window: Any, side: str) -> None:
    """Put the dock to a side of the screen: left, right, top or bottom."""
    docks, dock = _current(window)
    docks.move_dock(dock, side)


def make_tab(window: Any) -> None:
    """Make the dock a tab of its neighbour, or stand by itself again."""
    docks, dock = _current(window)
    docks.tab_dock(dock)


def turn_out(window: Any) -> None:
    """Take the dock out into a window of its own, or back."""
    docks, dock = _current(window)
    if not docks.can_float(dock):
        raise EspalierError(say("{title} stays in this window", title=dock.windowTitle()))
    docks.float_dock(dock)


def close(window: Any) -> None:
    """Close the dock."""
    _, dock = _current(window)
    if not dock.is_closable:
        raise EspalierError(say("{title} cannot be closed", title=dock.windowTitle()))
    dock.close()


def grow(window: Any, way: int) -> None:
    """Make the dock larger, or smaller with -1."""
    docks, dock = _current(window)
    docks.grow_dock(dock, round(way * _STEP * window.theme.text_size))


def show(window: Any, name: str) -> None:
    """Show a dock by its id, with the focus in it.

    Raises:
        EspalierError: the window has none of that name.
    """
    found = {dock.key: (docks, dock) for docks in all_docks(window) for dock in docks.docks()}
    if name not in found:
        raise EspalierError(say("there is no dock {name}", name=name), hint=did_you_mean(name, found))
    docks, dock = found[name]
    docks.show_dock(dock)


def reset(window: Any) -> None:
    """All docks as the layout has them."""
    for docks in all_docks(window):
        docks.reset()


def all_docks(window: Any) -> Iterator[Docks]:
    """What has docks in the window, as far as it is built."""
    from shell.focus import kind_of

    built = window.context.built if window.context is not None else ()
    return (one for one in built if one is not None and kind_of(one) == "docks" and hasattr(one, "docks"))


def _current(window: Any) -> tuple[Docks, Dock]:
    for docks in all_docks(window):
        dock = docks.current()
        if dock is not None:
            return docks, dock
    raise EspalierError(say("there is no dock here"), hint=say("go into a dock first"))
