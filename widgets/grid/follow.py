"""How a grid follows its rows: what it does when they were read, counted, patched, or are about to be others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tables.change import Key
from widgets.listing.cache import PAGE

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.grid.progress_line import ProgressLine


class Follow:
    """Hears a grid's rows and moves its other parts.

    Attributes:
        line: Shows how far rows are ordered; None before that took long the first time.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self.line: ProgressLine | None = None
        rows = grid.rows
        rows.anchors = self._anchors
        rows.reloaded.connect(self._take_reloaded)
        rows.counted.connect(self._take_count)
        rows.arrived.connect(self._take_page)
        rows.patched.connect(self._take_patched)
        rows.aged.connect(grid.update_all)
        rows.stayed.connect(self._take_stayed)
        rows.left.connect(self._take_left)
        grid.current_changed.connect(rows.go_on)
        rows.preparing.moved.connect(self._take_progress)

    def ask_rows(self) -> None:
        """Ask for the rows in sight and those around them."""
        grid = self._grid
        first = grid.places.first_row()
        grid.ahead.start()
        grid.rows.pages.need(first, first + grid.places.page_rows() + PAGE // 4)

    def _anchors(self) -> tuple[list[Key], int]:
        """The keys whose places are kept, the current one first, and the first row in sight."""
        grid = self._grid
        first = grid.places.first_row()
        keys = [key for key in (grid.current.key, grid.row_key(first)) if key is not None]
        return list(dict.fromkeys(keys)), first

    def _take_reloaded(self, places: dict[Key, int | None] | None) -> None:
        grid = self._grid
        grid.condition.take_rows()
        # Once its rows are here: an order that was given up is not the one to begin with next time.
        grid.arrangement.note_sort(grid.rows.sort)
        top, count = grid.places.top_pixel(), grid.rows.cache.count or 0
        top_key = next((key for key in places or () if key != grid.current.key), grid.current.key)
        grid.places.update_bars()
        if not grid.widths.is_fitted and count:
            grid.widths.fit_all()
            grid.places.update_bars()
        grid.current.take_rows(places, top, top_key)
        grid.publisher.publish_count()
        self.ask_rows()
        if grid.editing.draft is None:
            grid.current.take_key()
        self._show()

    def _show(self) -> None:
        grid = self._grid
        grid.publisher.publish_selection()
        grid.editing.place()
        grid.condition.show()
        grid.announce()
        grid.update_all()

    def _take_count(self) -> None:
        """The number of rows is known better: nothing moves, unless there are fewer than were thought."""
        grid = self._grid
        grid.places.update_bars()
        last = grid.row_count() - 1
        if grid.current.row > last:
            grid.current.row = last
            grid.current.take_key()
        grid.publisher.publish_count()
        self.ask_rows()
        self._show()

    def _take_page(self, first: int, last: int) -> None:
        grid = self._grid
        here = grid.row_key(grid.current.row)
        # NOTE: a row that was just inserted is current by its key before its place is known.
        if first <= grid.current.row < last and here is not None and here != grid.current.key:
            grid.current.take_key()
        grid.ahead.start()
        in_sight = grid.places.first_row()
        end = min(in_sight + grid.places.page_rows() + 2, grid.row_count())
        if first < end and last > in_sight:
            # Now, so that the next frame only draws them.
            grid.ready.make(range(max(first, in_sight), min(last, end)))
            grid.viewport().update()

    def _take_patched(self, keys: list[Key]) -> None:
        grid = self._grid
        grid.editing.writing.settle(keys)
        if grid.current.key in keys:
            grid.publisher.publish_row()
        grid.viewport().update()

    def _take_stayed(self) -> None:
        from widgets.grid.staying_band import show_staying

        show_staying(self._grid)

    def _take_left(self, rows: int, written: int) -> None:
        from widgets.listing.staying import left_text

        self._grid.context.reporter.report("info", left_text(rows, written))

    def _take_progress(self) -> None:
        grid, share = self._grid, self._grid.rows.preparing.share
        if share is not None and self.line is None:
            from widgets.grid.progress_line import ProgressLine

            self.line = ProgressLine(grid)
        if self.line is not None:
            is_new = self.line.isHidden() and share is not None
            self.line.say(share)
            if is_new:
                grid.announce()
        if share is None:
            # What waited for the order is asked for now.
            self.ask_rows()
            grid.announce()

    def place(self) -> None:
        """Keep the line at its place."""
        if self.line is not None:
            self.line.place()
