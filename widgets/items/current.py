"""The current item of a view: where the person is, and how that stays while rows come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.tables.change import Key

if TYPE_CHECKING:
    from widgets.items.view import ItemView


class CurrentItem:
    """Where the person is.

    Attributes:
        row: The current row, -1 when there is none.
        key: Its key; None while the row is not here.
    """

    def __init__(self, view: ItemView) -> None:
        self._view = view
        self.row = -1
        self.key: Key | None = None
        self._told: Key | None = None

    def go(self, row: int, *, is_extending: bool = False) -> None:
        """Move to a row, scrolling it into sight."""
        view = self._view
        if view.row_count() == 0:
            return
        row = min(max(row, 0), view.row_count() - 1)
        view.selection.follow_move(self.row, row, is_extending)
        has_moved, self.row = row != self.row, row
        view.places.scroll_to(row)
        if has_moved or self.key != view.row_key(row):
            self.take_key()
        view.take_selection()

    def go_to(self, key: Key) -> None:
        """Move to the row with that key, when it is among the rows."""
        view, row = self._view, self._view.rows.cache.row_of(key)
        if row is not None:
            self.go(row)
            return

        def take(row: Any) -> None:
            if isinstance(row, int) and not view.holds_person():
                self.go(row)

        view.handle.locate(view.rows.query(), key, view.rows.if_there(take))

    def take_rows(self, places: dict[Key, int | None] | None, top_key: Key | None, offset: int) -> None:
        """Other rows are shown: stay at the row with the same key, and at the same height of the view.

        Args:
            places: Key → its new position, None when it is gone; None when the rows begin anew.
            top_key: The row that was first in sight.
            offset: Pixels from the top of the view to the current item, or to the first one when that was in sight.
        """
        view, count, before = self._view, self._view.row_count(), self.row
        place = places.get(self.key) if self.key is not None and places else None
        if place is None and self.key is not None and places is not None and self.key not in places:
            place = view.rows.cache.row_of(self.key)
        if place is not None:
            self.row = place
            view.selection.move(place - before)
            anchor = place if top_key is None else (places or {}).get(top_key)
            if anchor is not None:
                view.places.move_to(view.places.flow.place(anchor)[0] - offset)
        elif places is None and count:
            view.places.move_to(0)
            self.row = 0
            view.selection.clear()
        else:
            # The item that the person went to may still be on its way: its place is where they are.
            is_there = self.row >= 0 and (self.key is not None or view.rows.are_the_same)
            self.row = min(self.row, count - 1) if is_there else (0 if count else -1)
            view.selection.clear()

    def take_key(self) -> None:
        """Note which row is current by now, and tell whoever follows it."""
        self.key = self._view.row_key(self.row) if self.row >= 0 else None
        is_other, self._told = self.key != self._told, self.key
        self._view.publisher.publish_row()
        if is_other:
            self._view.current_changed.emit()
