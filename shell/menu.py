"""The menu of all commands, made anew each time it opens: one submenu per section, the app's own on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from kernel.words import say
from shell.command import Command

if TYPE_CHECKING:
    from shell.window import Window


def open_menu(window: Window, button: QWidget) -> None:
    """Show it below the button."""
    menu = make_menu(window)
    menu.aboutToHide.connect(menu.deleteLater)
    corner = button.mapToGlobal(QPoint(button.width(), button.height() + 2))
    menu.popup(corner - QPoint(menu.sizeHint().width(), 0))
    # By key the menu has no pointer on it, so its first entry is chosen.
    menu.setActiveAction(next((action for action in menu.actions() if action.isEnabled()), None))


def make_menu(window: Window) -> QMenu:
    """The menu: the app's commands, then a submenu for each other section."""
    menu = QMenu(window)
    sections: dict[str, list[Command]] = {}
    for command in window.registry:
        if command.is_listed and (command.section != "Docks" or window.scope.read("active.docks")):
            sections.setdefault(command.section or say("Commands"), []).append(command)
    own = sections.pop(window.app.info.title, [])
    for command in own:
        menu.addAction(_action(window, command, menu))
    if own:
        menu.addSeparator()
    for section, commands in sections.items():
        submenu = menu.addMenu(section)
        for command in commands:
            submenu.addAction(_action(window, command, submenu))
        if section == "Docks":
            _add_docks(window, submenu)
    return menu


def _add_docks(window: Window, menu: QMenu) -> None:
    """Every dock of the window, with a mark at those that are open."""
    from shell.action.dock import all_docks

    for docks in all_docks(window):
        menu.addSeparator()
        docks.add_to(menu)


def _action(window: Window, command: Command, parent: QWidget) -> QAction:
    registry = window.registry
    title = registry.fill(command.title)
    key = registry.key(command.id)
    action = QAction(f"{title}\t{key}" if key else title, parent)
    if command.icon:
        action.setIcon(window.theme.icon(command.icon, "muted"))
    action.setEnabled(registry.is_enabled(command.id))
    action.setToolTip(command.doc)
    action.triggered.connect(lambda: registry.run(command.id))
    return action
