"""What people do with the filters of a grid, each a function of the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.grid.filter_row import is_shown, toggle

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


def filter_row(grid: Grid) -> None:
    """Go to the boxes below the headings, or back and away."""
    toggle(grid)


def has_filters(grid: Grid) -> bool:
    """Whether the person filters."""
    return bool(grid.filters.parts)


def clear(grid: Grid) -> None:
    """Show all rows again."""
    if is_shown(grid):
        grid.bands.get("filters").clear()
    grid.filters.clear()


def has_cell(grid: Grid) -> bool:
    """Whether there is a cell to filter by."""
    column = grid.columns[grid.current.column]
    return bool(column.path) and grid.current.row >= 0 and grid.content.reader(grid.current.row) is not None


def filter_by_cell(grid: Grid) -> None:
    """Keep the rows that have the current cell's value."""
    from widgets.grid.value_filter import filter_by_values

    column, read = grid.columns[grid.current.column], grid.content.reader(grid.current.row)
    if read is not None:
        filter_by_values(grid, column, [read(column.path)])


