"""What a screen reader hears of a grid: the current cell, its column, its row and how many there are.

The grid's accessible description holds the cell; a move sends a focus event of the cell and a description-changed
event, which readers speak. The cells themselves are in ``accessible_table``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleStateChangeEvent

from kernel.words import say
from widgets.listing.accessible import tell, walked

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


def describe(grid: Grid) -> str:
    """``Customer: Ann Lee, row 3 of 50000``; with the refusal's message when there is one."""
    if grid.current.row < 0 or not grid.columns:
        return say("no rows")
    column = grid.columns[grid.current.column]
    text = grid.cell_text(grid.current.row, grid.current.column)
    message = grid.editing.message()
    told = say(
        "{label}: {text}, row {value} of {total}",
        label=column.label,
        text=text,
        value=grid.current.row + 1,
        total=count_of(grid),
    )
    stays = grid.rows.staying.word(grid.row_key(grid.current.row)) if grid.rows.staying else ""
    marked = "bookmarked" if grid.current.key in grid.bookmarks else ""
    return ", ".join(part for part in (told, marked, stays, message) if part)


def count_of(grid: Grid) -> str:
    """How many rows there are, as it is spoken: ``50000``, or ``about 1200000, which are being ordered``."""
    count = f"{grid.row_count()}" if grid.rows.cache.is_exact else f"about {grid.row_count()}"
    return say("{count}, which are being ordered", count=count) if grid.rows.preparing.share is not None else count


def order_of_column(grid: Grid, index: int) -> str:
    """``sorted descending, key 2 of 3``; empty when the rows are not sorted by that column."""
    column, keys = grid.columns[index], grid.shown_sort()
    for rank, key in enumerate(keys, 1):
        if key.column and key.column in (column.path, column.shown):
            way = "descending" if key.is_descending else "ascending"
            return f"sorted {way}" + (
                say(", key {rank} of {number}", rank=rank, number=len(keys)) if len(keys) > 1 else ""
            )
    return ""


def announce(grid: Grid) -> None:
    """Tell where the person is now."""
    tell(grid, describe(grid), grid.current.row, grid.current.column)


def tell_opened(grid: Grid) -> None:
    """Tell that the current row was opened or closed; what it is by now its state says."""
    index = walked(grid).index_of(grid.current.row, grid.current.column) if QAccessible.isActive() else -1
    if index >= 0:
        changed = QAccessible.State()
        changed.expanded = changed.collapsed = True
        event = QAccessibleStateChangeEvent(grid, changed)
        event.setChild(index)
        QAccessible.updateAccessibility(event)
