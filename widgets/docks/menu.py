"""The menu of a dock: where it may go, and which docks there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from kernel.words import mark, say

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from widgets.docks.dock import Dock
    from widgets.docks.docks import Docks

#: Side of the screen → what the menu says, and its icon.
SIDES = {
    "left": (mark("Move to the left"), "arrow-left"),
    "right": (mark("Move to the right"), "arrow-right"),
    "top": (mark("Move to the top"), "arrow-up"),
    "bottom": (mark("Move to the bottom"), "arrow-down"),
}


def open_dock_menu(dock: Dock, button: QWidget) -> None:
    """Show it below the button."""
    menu = make_dock_menu(dock)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))
    menu.setActiveAction(next(action for action in menu.actions() if action.isEnabled()))


def make_dock_menu(dock: Dock) -> QMenu:
    """Where it may go, then every dock with a mark at those that are open."""
    docks: Docks = dock.parentWidget()  # type: ignore[assignment]
    menu = QMenu(dock)
    here = docks.side_of(dock)
    for side, (text, icon) in SIDES.items():
        add = _action(menu, docks, say(text), icon, lambda side=side: docks.move_dock(dock, side))
        add.setEnabled(side != here)
    _action(menu, docks, say("Make it a tab of its neighbour"), "table", lambda: docks.tab_dock(dock)).setEnabled(
        docks.neighbour_of(dock) is not None
    )
    text = say("Back into the window") if dock.isFloating() else say("Into a window of its own")
    floating = _action(menu, docks, text, "window", lambda: docks.float_dock(dock))
    floating.setEnabled(docks.can_float(dock))
    menu.addSeparator()
    docks.add_to(menu)
    menu.addSeparator()
    _action(menu, docks, say("All docks as they were at first"), "reset", docks.reset)
    return menu


def _action(menu: QMenu, docks: Docks, text: str, icon: str, act: Callable[[], object]):
    action = menu.addAction(docks.context.theme.icon(icon, "muted"), text)
    action.triggered.connect(lambda: act())
    return action
