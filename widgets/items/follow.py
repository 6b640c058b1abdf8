"""How items follow their rows: what a view does when they were read, counted, patched, or got headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tables.change import Key
from widgets.listing.cache import PAGE

if TYPE_CHECKING:
    from widgets.items.view import ItemView


class ItemFollow:
    """Hears a view's rows and moves its other parts."""

    def __init__(self, view: ItemView) -> None:
        self._view = view
        rows = view.rows
        rows.anchors = self._anchors
        rows.reloaded.connect(self._take_reloaded)
        rows.counted.connect(self._take_count)
        rows.arrived.connect(self._take_page)
        rows.patched.connect(self._take_patched)
        rows.aged.connect(view.viewport().update)
        rows.stayed.connect(self._take_stayed)
        rows.left.connect(self._take_left)
        view.current_changed.connect(rows.go_on)

    def ask_rows(self) -> None:
        """Ask for the rows in sight and those around them."""
        seen = self._view.places.in_sight()
        first = seen.start if seen else 0
        self._view.rows.pages.need(first, max(seen.stop, first + 1) + PAGE // 4)

    def _anchors(self) -> tuple[list[Key], int]:
        """The keys whose places are kept, the current one first, and the first row in sight."""
        view = self._view
        first = view.places.flow.first_at(view.places.top)
        keys = [key for key in (view.current.key, view.row_key(first)) if key is not None]
        return list(dict.fromkeys(keys)), first

    def _take_reloaded(self, places: dict[Key, int | None] | None) -> None:
        view = self._view
        view.condition.take_rows()
        top_key, offset = self._held(places)
        view.places.update()
        view.current.take_rows(places, top_key, offset)
        view.publisher.publish_count()
        view.sections.ask()
        self.ask_rows()
        view.current.take_key()
        self._show()

    def _held(self, places: dict[Key, int | None] | None) -> tuple[Key | None, int]:
        """The row that keeps its height in the view (None: the current one), and that height."""
        view = self._view
        flow, row = view.places.flow, view.current.row
        if not flow.count:
            return None, 0
        first = flow.first_at(view.places.top)
        if 0 <= row < flow.count and row in view.places.in_sight():
            return None, flow.place(row)[0] - view.places.top
        keys = [key for key in places or () if key != view.current.key]
        return (keys[0] if keys else None), flow.place(first)[0] - view.places.top

    def _take_count(self) -> None:
        """The number of rows is known better: nothing moves, unless there are fewer than were thought."""
        view = self._view
        view.places.update()
        if view.current.row >= view.row_count():
            view.current.row = view.row_count() - 1
            view.current.take_key()
        view.publisher.publish_count()
        self.ask_rows()
        self._show()

    def take_sections(self) -> None:
        """The sections are known: headings come between the rows, and what is in sight stays there."""
        view = self._view
        places = view.places
        first, before = places.flow.first_at(places.top), places.top
        offset = before - places.flow.place(first)[0] if before and view.row_count() else 0
        places.update()
        if before and view.row_count():
            places.move_to(places.flow.place(min(first, view.row_count() - 1))[0] + offset)
        self._show()

    def _take_page(self, first: int, last: int) -> None:
        view = self._view
        here = view.row_key(view.current.row)
        if first <= view.current.row < last and here is not None and here != view.current.key:
            view.current.take_key()
            view.announce()
        view.viewport().update()

    def _take_patched(self, keys: list[Key]) -> None:
        view = self._view
        if view.current.key in keys:
            view.publisher.publish_row()
        view.viewport().update()

    def _take_stayed(self) -> None:
        view = self._view
        if view.staying is None:
            from widgets.items.staying_strip import StayingStrip

            view.staying = StayingStrip(view)
        view.staying.take()
        view.viewport().update()

    def _take_left(self, rows: int, written: int) -> None:
        from widgets.listing.staying import left_text

        self._view.context.reporter.report("info", left_text(rows, written))

    def _show(self) -> None:
        self._view.take_selection()
        self._view.condition.show()
