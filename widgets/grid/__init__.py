"""The grid: rows of a table, painted from columnar blocks and edited in place. See :class:`widgets.grid.grid.Grid`."""

from widgets.grid.grid import Grid

__all__ = ["Grid"]
