"""The grid: rows of a table, painted from columnar blocks and edited in place. See :class:`widgets.grid.grid.Grid`.

NOTE: forms and plain notes take one module of this package; they do not pay for the grid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

__all__ = ["Grid"]


def __getattr__(name: str) -> Any:
    if name != "Grid":
        raise AttributeError(f"widgets.grid has no {name}")
    from widgets.grid.grid import Grid

    return Grid
