"""The context menu of items: what the keys do, to be found by the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from kernel.words import mark, say
from widgets.items.rename import title_column

if TYPE_CHECKING:
    from widgets.items.view import ItemView

#: Title, key, method of the view, what must be open for it (empty: nothing), whether it needs a row.
ITEMS: tuple[tuple[str, str, str, str, bool] | None, ...] = (
    (mark("Copy"), "Ctrl+C", "copy", "", True),
    (mark("Select everything"), "Ctrl+A", "select_all", "", True),
    None,
    (mark("Rename"), "F2", "rename_row", "edit", True),
    (mark("New row"), "Ctrl+Insert", "add_row", "add", False),
    (mark("Duplicate row"), "Ctrl+Shift+D", "duplicate_rows", "add", True),
    (mark("Delete row…"), "Ctrl+Delete", "delete_rows", "delete", True),
)
#: Commands of the window that are offered first, and those behind the rest; whether they need rows that can be edited.
COMMANDS, LAST = ("view.record",), (("row.show-history", False), ("row.export", False), ("row.import", True))


def make_menu(view: ItemView) -> QMenu:
    """The menu for the current item."""
    menu, commands = QMenu(view), view.context.commands
    if "context_lines" in view.__dict__:
        from widgets.menu.context_menu import add_lines

        add_lines(menu, view)
    chosen, has_row = view.node.get("activate"), view.current.row >= 0
    for command in (*((chosen,) if chosen else ()), *COMMANDS) if commands is not None else ():
        _add_command(menu, view, command, has_row)
    menu.addSeparator()
    for item in ITEMS:
        if item is None:
            menu.addSeparator()
            continue
        title, key, method, action, needs_row = item
        added = menu.addAction(f"{say(title)}\t{key}")
        is_open = not action or (view.can_edit() and not view.why_not(action))
        is_open = is_open and (method != "rename_row" or title_column(view) is not None)
        added.setEnabled(is_open and (has_row or not needs_row))
        added.triggered.connect(lambda _on=False, method=method: getattr(view, method)())
    menu.addSeparator()
    for command, needs_edit in LAST if commands is not None else ():
        _add_command(menu, view, command, not needs_edit or view.can_edit())
    return menu


def _add_command(menu: QMenu, view: ItemView, command: str, is_open: bool) -> None:
    commands = view.context.commands
    action = menu.addAction(f"{commands.title(command)}\t{commands.key(command)}")
    action.setEnabled(is_open)
    action.triggered.connect(lambda _on=False: commands.run(command))


def show_menu(view: ItemView, place: QPoint) -> None:
    """Open the menu."""
    menu = make_menu(view)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)
    menu.setActiveAction(next((action for action in menu.actions() if action.isEnabled()), None))
