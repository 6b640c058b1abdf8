"""The menu of a heading: what can be done with its column, each row of ``tool`` that belongs there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from kernel.words import say
from layouts.kinds.grid_tool import TOOLS, Tool
from widgets.grid.tool import applies, use

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


def add_tools(menu: QMenu, grid: Grid, place: str, groups: tuple[str, ...] = ()) -> None:
    """Add the tools of a place (``column`` or ``cell``), a line between their groups; of some groups, or of all."""
    group = ""
    for tool in TOOLS:
        if place not in tool.menu.split() or (groups and tool.group not in groups):
            continue
        if group and tool.group != group:
            menu.addSeparator()
        group = tool.group
        _add(menu, grid, tool)


def _add(menu: QMenu, grid: Grid, tool: Tool) -> None:
    action = menu.addAction(f"{say(tool.title)}\t{tool.key}" if tool.key else say(tool.title))
    if tool.icon:
        action.setIcon(grid.context.theme.icon(tool.icon, "muted"))
    action.setToolTip(say(tool.doc))
    action.setEnabled(applies(tool, grid))
    action.triggered.connect(lambda _on=False: use(tool, grid))


def open_menu(grid: Grid, column: int = -1, place: QPoint | None = None) -> None:
    """Open it for a column (the current one by default) at a place of the screen or below its heading."""
    if column >= 0:
        grid.current.column = column
        grid.go(max(grid.current.row, 0), column)
    if place is None:
        left = min(max(grid.places.start_of(grid.current.column), 0), grid.header.width())
        place = grid.header.mapToGlobal(QPoint(left, grid.header.height()))
    menu = QMenu(grid)
    menu.setToolTipsVisible(False)
    add_tools(menu, grid, "column")
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)
    menu.setActiveAction(next((action for action in menu.actions() if action.isEnabled()), None))
