"""What people do with the columns of a grid, each a function of the grid that acts on its current column."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid

#: One step of a column's width by key, and the narrowest column, in pixels.
STEP, NARROWEST = 16, 32


def current(grid: Grid) -> GridColumn:
    """The current column."""
    return grid.columns[grid.current.column]


def has_path(grid: Grid) -> bool:
    """Whether the current column can be sorted by."""
    return bool(current(grid).shown)


def has_source(grid: Grid) -> bool:
    """Whether the current column's values can be counted."""
    return bool(current(grid).path or current(grid).computed)


def is_sorted(grid: Grid) -> bool:
    """Whether the person chose an order."""
    return grid.rows.sort != grid.arrangement.default_sort()


def can_add_sort(grid: Grid) -> bool:
    """Whether another column is sorted by already."""
    return has_path(grid) and any(key.column != current(grid).shown for key in grid.shown_sort())


def has_several(grid: Grid) -> bool:
    """Whether a column can be hidden."""
    return len(grid.columns) > 1


def has_left(grid: Grid) -> bool:
    """Whether there is a column on the left."""
    return grid.current.column > 0


def has_right(grid: Grid) -> bool:
    """Whether there is a column on the right."""
    return grid.current.column < len(grid.columns) - 1


def has_frozen(grid: Grid) -> bool:
    """Whether any column is frozen."""
    return grid.frozen > 0


def can_freeze(grid: Grid) -> bool:
    """Whether the current column is not the last frozen one already."""
    return grid.frozen != grid.current.column + 1


def is_arranged(grid: Grid) -> bool:
    """Whether the person changed anything about the columns."""
    overlay = grid.arrangement.overlay
    return bool(overlay.order or overlay.hidden or overlay.widths or overlay.summaries) or overlay.frozen is not None


def sort_up(grid: Grid) -> None:
    """Sort by the current column, the least first."""
    grid.sort_by(grid.current.column, is_descending=False)


def sort_down(grid: Grid) -> None:
    """Sort by the current column, the greatest first."""
    grid.sort_by(grid.current.column, is_descending=True)


def add_sort_up(grid: Grid) -> None:
    """Add the current column to the order."""
    grid.sort_by(grid.current.column, is_added=True, is_descending=False)


def add_sort_down(grid: Grid) -> None:
    """Add the current column to the order, the greatest first."""
    grid.sort_by(grid.current.column, is_added=True, is_descending=True)


def unsort(grid: Grid) -> None:
    """Back to the declared order."""
    grid.rows.sort = grid.arrangement.default_sort()
    grid.rows.reload()
    grid.header.update()


def hide(grid: Grid) -> None:
    """Hide the current column."""
    grid.arrangement.hide(grid.current.column)


def choose(grid: Grid) -> None:
    """Open the list of columns."""
    from widgets.grid.chooser import open_chooser

    open_chooser(grid)


def freeze(grid: Grid) -> None:
    """Keep the columns up to the current one in sight."""
    grid.arrangement.freeze(grid.current.column + 1)


def unfreeze(grid: Grid) -> None:
    """Let all columns scroll."""
    grid.arrangement.freeze(0)


def move_left(grid: Grid) -> None:
    """Put the current column before the one on its left."""
    _move(grid, grid.current.column - 1)


def move_right(grid: Grid) -> None:
    """Put the current column behind the one on its right."""
    _move(grid, grid.current.column + 1)


def _move(grid: Grid, to: int) -> None:
    grid.arrangement.move(grid.current.column, to)
    if grid.current.row >= 0:
        grid.places.scroll_to(grid.current.row, grid.current.column)


def narrow(grid: Grid) -> None:
    """One step narrower."""
    grid.widths.resize(grid.current.column, max(current(grid).width - STEP, NARROWEST))


def widen(grid: Grid) -> None:
    """One step wider."""
    grid.widths.resize(grid.current.column, current(grid).width + STEP)


def fit(grid: Grid) -> None:
    """Fit the current column to what is in sight."""
    grid.widths.fit(grid.current.column)


def fit_all(grid: Grid) -> None:
    """Fit all columns, those that the person resized too."""
    grid.arrangement.forget_widths()


def reset(grid: Grid) -> None:
    """Put the columns back to what the layout says."""
    grid.arrangement.reset()
