"""The tools of a grid (``layouts/kinds/grid_tool.py``) by key and by id, and how they are used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from layouts.kinds.grid_tool import TOOLS, Tool

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Key → tool.
BY_KEY: dict[str, Tool] = {tool.key: tool for tool in TOOLS if tool.key}
BY_ID: dict[str, Tool] = {tool.id: tool for tool in TOOLS}


def applies(tool: Tool, grid: Grid) -> bool:
    """Whether the tool can be used now."""
    return bool(grid.columns) and (not tool.applies or bool(_called(tool.applies)(grid)))


def use(tool: Tool, grid: Grid) -> None:
    """Do it, where it can be done."""
    if applies(tool, grid):
        _called(tool.run)(grid)


def _called(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)
