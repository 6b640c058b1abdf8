"""The grid's context menu: what the keys do, to be found by the mouse."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from kernel.words import mark, say
from layouts.kinds.grid_tool import TOOLS

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Title, key, method of the grid, needs a table that can be edited; by the submenus that they stand in (empty: none),
#: in their order. None is a line.
ITEMS: tuple[tuple[str, tuple[tuple[str, str, str, bool] | None, ...]], ...] = (
    ("", (
        (mark("Copy"), "Ctrl+C", "block.copy", False),
        (mark("Copy with headings"), "Ctrl+Shift+C", "block.copy_with_headings", False),
        (mark("Cut"), "Ctrl+X", "block.cut", True),
        (mark("Paste"), "Ctrl+V", "block.paste", True),
        (mark("Clear"), "Delete", "block.clear", True),
    )),
    (mark("Fill"), (
        (mark("Fill down"), "Ctrl+D", "block.fill_down", True),
        (mark("Fill right"), "Ctrl+R", "block.fill_right", True),
        (mark("Fill series"), "Alt+D", "block.fill_series", True),
    )),
    (mark("Select"), (
        (mark("Select whole rows"), "Shift+Space", "selection.take_in_rows", False),
        (mark("Select whole columns"), "Ctrl+Space", "selection.take_in_columns", False),
        (mark("Select everything"), "Ctrl+A", "selection.select_all", False),
    )),
    ("", (
        None,
        (mark("New row"), "Ctrl+Insert", "add_row", True),
        (mark("Duplicate row"), "Ctrl+Shift+D", "block.duplicate_rows", True),
        (mark("Delete row…"), "Ctrl+Delete", "delete_rows", True),
        None,
    )),
)  # fmt: skip

#: Group of tools → the submenu that they stand in; the others stand in none.
GROUPS = {"filter": mark("Filter"), "find": mark("Find and mark"), "group": mark("Groups and tree")}

#: Command of the window, needs a table that can be edited, the submenu that it stands in.
COMMANDS = (
    ("row.show-history", False, ""), ("row.export", False, mark("Export and print")),
    ("view.save-pdf", False, mark("Export and print")), ("view.print", False, mark("Export and print")),
    ("row.import", True, mark("Export and print")),
)  # fmt: skip

#: Method → what must be open for it, where that is not editing.
_ACTIONS = {"add_row": "add", "delete_rows": "delete", "block.duplicate_rows": "add"}


def make_menu(grid: Grid) -> QMenu:
    """The menu for the current cell."""
    menu = QMenu(grid)
    if "context_lines" in grid.__dict__:
        from widgets.menu.context_menu import add_lines

        add_lines(menu, grid)
    for title, items in ITEMS:
        part = menu.addMenu(say(title)) if title else menu
        for item in items:
            _add_item(part, grid, item)
    _add_tools(menu, grid)
    _add_commands(menu, grid)
    return menu


def _add_item(menu: QMenu, grid: Grid, item: tuple[str, str, str, bool] | None) -> None:
    if item is None:
        menu.addSeparator()
        return
    title, key, method, is_edit = item
    action = menu.addAction(f"{say(title)}\t{key}" if key else say(title))
    action.setEnabled(not is_edit or (grid.can_edit() and not grid.why_not(_ACTIONS.get(method, "edit"))))
    action.triggered.connect(lambda _on=False: attrgetter(method)(grid)())


def _add_commands(menu: QMenu, grid: Grid) -> None:
    """What the window does with the rows of a grid."""
    commands = grid.context.commands
    if commands is None:
        return
    menu.addSeparator()
    parts: dict[str, QMenu] = {"": menu}
    for command, needs_edit, title in COMMANDS:
        if title not in parts:
            parts[title] = menu.addMenu(say(title))
        key = commands.key(command)
        action = parts[title].addAction(f"{commands.title(command)}\t{key}" if key else commands.title(command))
        action.setEnabled(not needs_edit or grid.can_edit())
        action.triggered.connect(lambda _on=False, command=command: commands.run(command))


def _add_tools(menu: QMenu, grid: Grid) -> None:
    """What can be done with the column and the whole grid; a submenu of which nothing can be done is left out."""
    from widgets.grid.header_menu import add_tools

    for group, title in GROUPS.items():
        part = menu.addMenu(say(title))
        add_tools(part, grid, "cell", (group,))
        part.menuAction().setVisible(any(action.isEnabled() for action in part.actions()))
    others = tuple(dict.fromkeys(tool.group for tool in TOOLS if tool.group not in GROUPS))
    add_tools(menu, grid, "cell", others)
    add_tools(menu.addMenu(say("Column")), grid, "column")


def show_menu(grid: Grid, place: QPoint) -> None:
    """Open the menu."""
    menu = make_menu(grid)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)
    menu.setActiveAction(next((action for action in menu.actions() if action.isEnabled()), None))
