"""The context menu of items: what the keys do, to be found by the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from widgets.items.view import ItemView

#: Title, key, method of the view.
ITEMS = (("Copy", "Ctrl+C", "copy"), ("Select everything", "Ctrl+A", "select_all"))
#: Commands of the window that are offered first.
COMMANDS = ("view.record",)


def make_menu(view: ItemView) -> QMenu:
    """The menu for the current item."""
    menu, commands = QMenu(view), view.context.commands
    chosen = view.node.get("activate")
    for command in (*((chosen,) if chosen else ()), *COMMANDS) if commands is not None else ():
        action = menu.addAction(f"{commands.title(command)}\t{commands.key(command)}")
        action.setEnabled(view.current.row >= 0)
        action.triggered.connect(lambda _on=False, command=command: commands.run(command))
    menu.addSeparator()
    for title, key, method in ITEMS:
        action = menu.addAction(f"{title}\t{key}")
        action.setEnabled(view.row_count() > 0)
        action.triggered.connect(lambda _on=False, method=method: getattr(view, method)())
    return menu


def show_menu(view: ItemView, place: QPoint) -> None:
    """Open the menu."""
    menu = make_menu(view)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)
    menu.setActiveAction(next((action for action in menu.actions() if action.isEnabled()), None))
