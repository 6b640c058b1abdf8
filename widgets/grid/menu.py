"""The grid's context menu: what the keys do, to be found by the mouse."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Title, key, method of the grid, needs a table that can be edited.
ITEMS: tuple[tuple[str, str, str, bool] | None, ...] = (
    ("Copy", "Ctrl+C", "copy", False),
    ("Copy with headings", "Ctrl+Shift+C", "block.copy_with_headings", False),
    ("Cut", "Ctrl+X", "block.cut", True),
    ("Paste", "Ctrl+V", "block.paste", True),
    ("Clear", "Delete", "block.clear", True),
    None,
    ("Fill down", "Ctrl+D", "block.fill_down", True),
    ("Fill right", "Ctrl+R", "block.fill_right", True),
    ("Fill series", "Alt+D", "block.fill_series", True),
    None,
    ("Select whole rows", "Shift+Space", "selection.take_in_rows", False),
    ("Select whole columns", "Ctrl+Space", "selection.take_in_columns", False),
    ("Select everything", "Ctrl+A", "selection.select_all", False),
    None,
    ("New row", "Ctrl+Insert", "add_row", True),
    ("Duplicate row", "Ctrl+Shift+D", "block.duplicate_rows", True),
    ("Delete row…", "Ctrl+Delete", "delete_rows", True),
)

#: Command of the window, needs a table that can be edited.
COMMANDS = (("row.show-history", False), ("row.export", False), ("view.save-pdf", False), ("view.print", False),
            ("row.import", True))

#: Method → what must be open for it, where that is not editing.
_ACTIONS = {"add_row": "add", "delete_rows": "delete", "block.duplicate_rows": "add"}


def make_menu(grid: Grid) -> QMenu:
    """The menu for the current cell."""
    menu = QMenu(grid)
    if "context_lines" in grid.__dict__:
        from widgets.menu.context_menu import add_lines

        add_lines(menu, grid)
    for item in ITEMS:
        if item is None:
            menu.addSeparator()
            continue
        title, key, method, is_edit = item
        action = menu.addAction(f"{title}	{key}" if key else title)
        action.setEnabled(not is_edit or (grid.can_edit() and not grid.why_not(_ACTIONS.get(method, "edit"))))
        action.triggered.connect(lambda _on=False, method=method: attrgetter(method)(grid)())
    _add_tools(menu, grid)
    _add_commands(menu, grid)
    return menu


def _add_commands(menu: QMenu, grid: Grid) -> None:
    """What the window does with the rows of a grid."""
    commands = grid.context.commands
    if commands is None:
        return
    menu.addSeparator()
    for command, needs_edit in COMMANDS:
        action = menu.addAction(f"{commands.title(command)}\t{commands.key(command)}")
        action.setEnabled(not needs_edit or grid.can_edit())
        action.triggered.connect(lambda _on=False, command=command: commands.run(command))


def _add_tools(menu: QMenu, grid: Grid) -> None:
    """What can be done with the column and the whole grid."""
    from widgets.grid.header_menu import add_tools

    menu.addSeparator()
    add_tools(menu, grid, "cell")
    column = menu.addMenu("Column")
    add_tools(column, grid, "column")


def show_menu(grid: Grid, place: QPoint) -> None:
    """Open the menu."""
    menu = make_menu(grid)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)
    menu.setActiveAction(next((action for action in menu.actions() if action.isEnabled()), None))
