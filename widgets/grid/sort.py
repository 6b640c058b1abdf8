"""Sorting by a column of a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tables.query import Sort

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


def sort_by(grid: Grid, column: int, *, is_added: bool, is_descending: bool | None) -> None:
    """See :meth:`widgets.grid.grid.Grid.sort_by`."""
    path = grid.columns[column].shown
    if not path:
        return
    before = next((key for key in grid.shown_sort() if key.column == path), None)
    descends = (before is not None and not before.is_descending) if is_descending is None else is_descending
    others = [other for other in grid.shown_sort() if other.column != path] if is_added else []
    grid.rows.sort = (*others, Sort(path, descends))
    grid.rows.reload()
    grid.widths.make_room()
    grid.header.update()
