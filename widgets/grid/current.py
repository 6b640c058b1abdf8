"""The current cell of a grid: where the person is. What is selected from there is in ``selection``.

The scope hears of it through ``publish``, the eye through the grid's painting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.tables.change import Key
from widgets.listing.rows import LAST

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


class CurrentCell:
    """Where the person is in a grid.

    Attributes:
        row: The current row, -1 when there is none.
        column: The current column.
        key: The current row's key; None for the new row and while the row is not here.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self.row, self.column = -1, 0
        self.key: Key | None = None
        self._told_key: Key | None = None

    def go(self, row: int, column: int | None = None, *, is_extending: bool = False) -> None:
        """Move to a cell, scrolling it into sight; leaving a draft row writes it."""
        grid = self._grid
        if grid.row_count() == 0 or not grid.columns:
            return
        row = min(max(row, 0), grid.row_count() - 1)
        column = min(max(self.column if column is None else column, 0), len(grid.columns) - 1)
        if grid.editing.is_draft(self.row) and row != self.row and not grid.editing.leave_draft():
            return
        is_far = grid.row_key(row) is None
        grid.rows.wish(LAST if row == grid.row_count() - 1 else row if is_far else None)
        was_several, before = grid.selection.is_several(), (self.row, self.column)
        grid.selection.follow_move(before, is_extending)
        has_moved = row != self.row
        self.row, self.column = row, column
        grid.places.scroll_to(row, column)
        if has_moved or self.key != grid.row_key(row):
            self.take_key()
        grid.publisher.publish_selection()
        grid.editing.show_message()
        grid.announce()
        if was_several or grid.selection.is_several():
            grid.update_all()
        else:
            grid.update_rows(before[0], row)
            if column != before[1]:
                grid.header.update()

    def go_to(self, key: Key) -> None:
        """Move to the row with that key."""
        grid, row = self._grid, self._grid.rows.cache.row_of(key)
        if row is not None:
            self.go(row)
            return
        if grid.outline is not None:
            grid.outline.go_to(key)
            return

        def take(row: Any) -> None:
            if isinstance(row, int) and not grid.holds_person():
                self.go(row)

        grid.handle.locate(grid.rows.query(), key, grid.rows.if_there(take))

    def take_rows(self, places: dict[Key, int | None] | None, top: int, top_key: Key | None = None) -> None:
        """Other rows are shown: stay at the row with the same key and at the same height of the view.

        Args:
            places: Key → its new position, None when it is gone; None when the rows begin anew.
            top: The first pixel that was in sight before.
            top_key: The row there, by which the view stays where it is when the current row is out of sight.
        """
        grid, count, moved = self._grid, self._grid.rows.cache.count or 0, 0
        place = places.get(self.key) if self.key is not None and places else None
        if place is None and self.key is not None and places is not None and self.key not in places:
            # The person moved while the rows were read.
            place = grid.rows.cache.row_of(self.key)
            place = min(self.row, count - 1) if place is None and count else place
        wish = grid.rows.take_wish()
        if grid.editing.draft is not None:
            self.row = count
        elif wish is not None:
            self.row = wish
            grid.selection.clear()
            grid.places.scroll_to(wish, min(self.column, max(len(grid.columns) - 1, 0)))
        elif place is not None:
            step, rows_before = grid.look.row_height, top // grid.look.row_height
            top_place = places.get(top_key) if top_key is not None else None
            is_in_sight = rows_before <= self.row <= rows_before + grid.places.page_rows()
            by = place - self.row if is_in_sight or top_place is None else top_place - rows_before
            grid.places.move_to(top + by * step)
            moved, self.row = place - self.row, place
        elif places is None and count:
            grid.places.move_to(0)
            self.row = 0
            grid.selection.clear()
        else:
            # The row that the person went to may still be on its way: its place is where they are.
            is_there = self.row >= 0 and (self.key is not None or grid.rows.are_the_same)
            self.row = min(self.row, count - 1) if is_there else (0 if count else -1)
            grid.selection.clear()
        self.column = min(self.column, max(len(grid.columns) - 1, 0))
        grid.selection.take_rows(moved, grid.rows.parts())

    def take_lost_draft(self) -> None:
        """The new row was given up: the last stored one is current."""
        self.row = min(self.row, (self._grid.rows.cache.count or 0) - 1)
        self.take_key()

    def take_key(self) -> None:
        """Note which row is current by now, and tell whoever follows it."""
        self.key = self._grid.row_key(self.row) if self.row >= 0 else None
        is_other, self._told_key = self.key != self._told_key, self.key
        self._grid.publisher.publish_row()
        if is_other:
            self._grid.current_changed.emit()
