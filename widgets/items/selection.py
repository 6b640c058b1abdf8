"""Which items are selected: ranges of rows; the last one ends at the current row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.listing.ranges import Span, count_of, merged, without

if TYPE_CHECKING:
    from widgets.items.view import ItemView


class ItemSelection:
    """One view's selection; with nothing selected on purpose the current row is what is selected."""

    def __init__(self, view: ItemView) -> None:
        self._view = view
        #: Ranges that were selected before the one that is being extended.
        self._kept: list[Span] = []
        self._anchor = -1

    def follow_move(self, before: int, row: int, is_extending: bool) -> None:
        """The current row moves from ``before`` to ``row``."""
        if not is_extending:
            self.clear()
        elif self._anchor < 0:
            self._anchor = max(before, 0)

    def toggle(self, row: int) -> None:
        """Take a row in or out."""
        spans = self.spans()
        self._anchor = -1
        if self.contains(row) and self.row_total() > 1:
            self._kept = without(spans, row)
        else:
            self._kept = merged([*spans, (row, row)])

    def select_all(self) -> None:
        """Select every row."""
        count = self._view.row_count()
        self._kept, self._anchor = ([(0, count - 1)] if count else []), -1
        self._view.take_selection()

    def clear(self) -> None:
        """Only the current row is selected."""
        self._kept, self._anchor = [], -1

    def move(self, rows: int) -> None:
        """The rows are so many places further down."""
        if rows and self.is_several():
            count = self._view.row_count()
            moved = [(max(first + rows, 0), min(last + rows, count - 1)) for first, last in self._kept]
            self._kept = [span for span in moved if span[0] <= span[1]]
            self._anchor = self._anchor + rows if 0 <= self._anchor + rows < count else -1

    def spans(self) -> list[Span]:
        """(first, last) of each range, rising."""
        row = self._view.current.row
        if self._anchor >= 0 and row >= 0:
            return merged([*self._kept, (min(self._anchor, row), max(self._anchor, row))])
        return self._kept or ([(row, row)] if row >= 0 else [])

    def is_several(self) -> bool:
        """Whether more was selected than the current row."""
        return bool(self._kept) or self._anchor >= 0

    def contains(self, row: int) -> bool:
        """Whether the row is selected."""
        return any(first <= row <= last for first, last in self.spans())

    def row_total(self) -> int:
        """How many rows are selected."""
        return count_of(self.spans())
