"""The actions on many cells of a grid, by name: keys, menus and commands call these.

They say which cells are meant and what is to stand there; ``block`` plans, asks and writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from kernel.tables.clip_text import ClipCell
from kernel.words import say
from widgets.check import broken
from widgets.grid.block import BlockWork
from widgets.grid.cell_read import Value
from widgets.grid.copying import copy_selection
from widgets.grid.fill import Fill, Filler, down, right
from widgets.grid.plan import Planner, Wanted
from widgets.grid.row_name import row_name
from widgets.grid.selection import Area
from widgets.grid.style import outer_names, reader_with
from widgets.listing.given import asked_values
from widgets.listing.ranges import Span
from widgets.listing.row_action import RowActions

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid


class BlockActions:
    """One grid's actions.

    Attributes:
        work: What runs them.
        rows: Those on whole rows.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self.work = BlockWork(grid)
        self.rows = RowActions(grid, grid.editing.notice, self.work, lambda row: row_name(grid, row))

    # -- the clipboard --------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """Put the selected cells on the clipboard."""
        copy_selection(self._grid)

    def copy_with_headings(self) -> None:
        """The same, with the columns' headings above."""
        copy_selection(self._grid, has_headings=True)

    def cut(self) -> None:
        """Copy the selected cells, then empty them."""
        if self._may_edit():
            copy_selection(self._grid, after=lambda: self.clear(say("Cut")))

    def paste(self) -> None:
        """Write the clipboard's cells from the current one on, or into the selected ones."""
        from widgets.grid.paste import Target, clipboard, placed

        grid = self._grid
        if not self._may_edit() or not grid.editing.accept():
            return
        clip = clipboard()
        if clip is None:
            grid.editing.notice.say("The clipboard holds no text or table that could be pasted", tone="warning")
            return
        count, column = grid.rows.cache.count or 0, grid.current.column
        areas = grid.selection.areas() or [Area(count, column, count, column)]
        if not self._leave_draft():
            return
        target = Target(areas, list(grid.columns), grid.rows.cache.count or 0)
        written: list[Wanted] = []
        before = grid.selection.areas()

        def wanted() -> list[Wanted]:
            written[:] = placed(clip.rows(), target)
            return written

        def after() -> None:
            # Who went on meanwhile is not taken back.
            if len(written) == 1 and written[0].columns and grid.selection.areas() == before:
                rows = sum(bottom - top + 1 for top, bottom in written[0].spans) + written[0].added
                grid.go(areas[0].top, areas[0].left)
                last = areas[0].left + len(written[0].columns) - 1
                grid.go(areas[0].top + rows - 1, last, is_extending=True)

        self.work.write(say("Paste"), wanted, planner=self._planner(grid.columns), after=after)

    # -- values ---------------------------------------------------------------------------------------------------

    def clear(self, verb: str = "Clear") -> None:
        """Empty the selected cells."""
        grid = self._grid
        if verb == "Clear" and not grid.selection.is_several():
            grid.editing.empty()
            return
        if not self._may_edit():
            return
        parts = []
        for spans, columns in self._ranges():
            # A whole row is emptied without what makes it that row.
            kept = [one for one in columns if grid.can_edit(one) and (len(columns) == 1 or not one.column.is_key)]
            parts.append(Wanted(spans, kept, lambda _row, _column: Value(None)))
        self.work.write(verb, lambda: parts, planner=self._planner([]))

    def set_all(self, column: GridColumn, value: Any, text: str, whole: Mapping[str, Any]) -> None:
        """Write one value into all selected cells, with ``whole``, the other columns of its reference; in other columns
        than ``column`` as its text says."""
        parts, beside = [], tuple(whole.items()) if value is not None else ()
        for spans, columns in self._ranges():
            cells = [Value(value, beside) if one.path == column.path else ClipCell(text) for one in columns]
            parts.append(Wanted(spans, columns, lambda _row, at, cells=cells: cells[at]))
        self.work.write(say("Set"), lambda: parts, planner=self._planner(self._grid.columns))

    def fill_down(self) -> None:
        """Write the first selected row's cells into those below; a single row takes those above it."""
        self._fill_areas(say("Fill"), lambda area: down(area, is_series=False))

    def fill_series(self) -> None:
        """Go on from the first two selected rows: numbers and dates in steps, everything else repeated."""
        self._fill_areas(say("Fill series"), lambda area: down(area, is_series=True), is_series=True)

    def fill_right(self) -> None:
        """Write the first selected column's cells into those to the right; a single column takes those left of it."""
        self._fill_areas(say("Fill"), right)

    def _fill_areas(self, verb: str, fill_of: Any, *, is_series: bool = False) -> None:
        fills = [fill for area in self._grid.selection.areas() if (fill := fill_of(area)) is not None]
        self.fill(verb, fills, is_series=is_series)

    def fill(self, verb: str, fills: list[Fill], *, is_series: bool, after: Any = lambda: None) -> None:
        """Write these fills as one edit; ``after`` is called when it is written."""
        grid = self._grid
        if not self._may_edit() or not fills:
            return
        targets = [column for fill in fills for column in grid.columns[fill.target.left : fill.target.right + 1]]
        if not any(map(grid.can_edit, targets)):
            grid.editing.notice.say_read_only(targets[0])
            return
        opener, query, columns = grid.rows.opener(), grid.rows.query(), list(grid.columns)
        is_open = {id(column) for column in columns if grid.can_edit(column)}
        spans = [(fill.target.top, fill.target.bottom) for fill in fills]
        count = grid.rows.cache.count or 0

        def wanted() -> list[Wanted]:
            stored = partial(stored_part, count=count)
            filler = Filler(opener(), query, columns, lambda column: id(column) in is_open, stored)
            return [filler.wanted(fill, is_series=is_series) for fill in fills]

        # Downwards values are written as they are, and no label is looked up.
        looked_up = [] if all(fill.is_vertical for fill in fills) else grid.columns
        self.work.write(verb, wanted, planner=self._planner(looked_up, spans), after=after)

    # -- rows -----------------------------------------------------------------------------------------------------

    def duplicate_rows(self) -> None:
        """New rows with the values of the selected ones, but for keys and what is worked out."""
        self.rows.duplicate()

    def ask_delete(self) -> None:
        """Delete the selected rows after a question."""
        self.rows.ask_delete()

    # -- what they share ------------------------------------------------------------------------------------------

    def _may_edit(self) -> bool:
        return self.rows.may("edit")

    def _leave_draft(self) -> bool:
        """A new row that holds nothing goes; one that is being typed must be finished first."""
        editing = self._grid.editing
        if editing.draft is not None and editing.draft.typed():
            editing.notice.say("Write the new row first, or give it up with Escape", tone="warning")
            return False
        if editing.draft is not None:
            editing.drop_draft()
        return True

    def _stored(self, spans: list[Span]) -> list[Span]:
        """The ranges without the new row."""
        return stored_part(spans, self._grid.rows.cache.count or 0)

    def _ranges(self) -> list[tuple[list[Span], list[GridColumn]]]:
        grid = self._grid
        return [
            (self._stored([(area.top, area.bottom)]), grid.columns[area.left : area.right + 1])
            for area in grid.selection.areas()
        ]

    def _planner(self, looked_up: list[GridColumn], spans: list[Span] | None = None) -> Planner:
        """A planner that finds the rows that the columns' references lead to, for the selected rows or other ones."""
        grid = self._grid
        is_open = {id(column) for column in grid.columns if grid.can_edit(column)}
        lookups = {
            column.path: grid.context.open_table(grid.handle, column.labelled.table).table
            for column in looked_up
            if column.labelled is not None
        }
        expected = self.rows.expected(grid.selection.spans() if spans is None else spans)
        given, checks = asked_values(grid), grid.content.checks
        outer = outer_names(checks, grid.handle.schema)
        window = {name: grid.context.scope.glance(name) for name in outer}.get  # a thread plans
        rules = (lambda read: broken(checks, reader_with(read, outer, window))) if checks else None
        closed = frozenset(one.name for one in grid.handle.schema.columns if one.is_generated or one.read_only_reason)
        return Planner(
            grid.rows.query(), lambda column: id(column) in is_open, lookups, given, rules, expected, closed
        )


def stored_part(spans: list[Span], count: int) -> list[Span]:
    """The ranges as far as they lie within so many stored rows."""
    return [(top, min(bottom, count - 1)) for top, bottom in spans if top < count]
