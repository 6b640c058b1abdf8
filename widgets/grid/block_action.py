"""The actions on many cells of a grid, by name: keys, menus and commands call these.

They say which cells are meant and what is to stand there; ``block`` plans, asks and writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.tables.clip_text import ClipCell
from widgets.check import broken
from widgets.grid.block import BlockWork
from widgets.grid.cell_read import Value
from widgets.grid.clip_value import clip_cell
from widgets.grid.copying import copy_selection
from widgets.grid.plan import Planner, Wanted
from widgets.grid.row_name import row_name
from widgets.grid.selection import Area, Span
from widgets.grid.span import read_spans
from widgets.listing.given import asked_values
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
            copy_selection(self._grid, after=lambda: self.clear("Cut"))

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

        self.work.write("Paste", wanted, planner=self._planner(grid.columns), after=after)

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

    def set_all(self, column: GridColumn, value: Any, text: str) -> None:
        """Write one value into all selected cells; in other columns than ``column`` as its text says."""
        parts = []
        for spans, columns in self._ranges():
            cells = [Value(value) if one.path == column.path else ClipCell(text) for one in columns]
            parts.append(Wanted(spans, columns, lambda _row, at, cells=cells: cells[at]))
        self.work.write("Set", lambda: parts, planner=self._planner(self._grid.columns))

    def fill_down(self) -> None:
        """Write the first selected row's cells into those below; a single row takes those above it."""
        if self._may_edit():
            self._fill("Fill", lambda first, _second, _count: first)

    def fill_series(self) -> None:
        """Go on from the first two selected rows: numbers and dates in steps, everything else repeated."""
        from widgets.grid.series import next_value

        if self._may_edit():
            self._fill("Fill series", next_value)

    def _fill(self, verb: str, value_at: Any) -> None:
        grid = self._grid
        query, table = grid.rows.query(), grid.rows.opener()
        ranges = [(spans, list(filter(grid.can_edit, columns))) for spans, columns in self._ranges() if spans]

        def wanted() -> list[Wanted]:
            parts = []
            for spans, columns in ranges:
                top, bottom = spans[0][0], spans[-1][1]
                source = top if bottom > top else max(top - 1, 0)
                has_two = bottom > top + 1
                block = table().fetch(query, source, source + 2)
                first = [block.columns[one.path][0] for one in columns]
                second = [block.columns[one.path][-1] if has_two else None for one in columns]
                shift = top - source

                def cell(row: int, at: int, first: Any = first, second: Any = second, shift: int = shift) -> Any:
                    count = row + shift
                    return None if count == 0 else Value(value_at(first[at], second[at], count))

                parts.append(Wanted(spans, columns, cell))
            return parts

        self.work.write(verb, wanted, planner=self._planner([]))

    def fill_right(self) -> None:
        """Write the first selected column's cells into those to the right; a single column takes those left of it."""
        grid = self._grid
        if not self._may_edit():
            return
        query, table, parts = grid.rows.query(), grid.rows.opener(), []
        for area in grid.selection.areas():
            left = area.left if area.width > 1 else area.left - 1
            if left >= 0:
                spans = self._stored([(area.top, area.bottom)])
                parts.append((spans, grid.columns[left], grid.columns[left + 1 : area.right + 1]))

        def wanted() -> list[Wanted]:
            found = []
            for spans, source, columns in parts:
                cells = []
                for block in read_spans(table(), query, spans, {}, lambda _part: None):
                    for index in range(len(block)):
                        read = {path: values[index] for path, values in block.columns.items()}.get
                        cells.append(clip_cell(source, source.shown_value(read)))
                found.append(Wanted(spans, columns, lambda row, _at, cells=cells: cells[row]))
            return found

        self.work.write("Fill", wanted, planner=self._planner(grid.columns))

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
        count = self._grid.rows.cache.count or 0
        return [(top, min(bottom, count - 1)) for top, bottom in spans if top < count]

    def _ranges(self) -> list[tuple[list[Span], list[GridColumn]]]:
        grid = self._grid
        return [
            (self._stored([(area.top, area.bottom)]), grid.columns[area.left : area.right + 1])
            for area in grid.selection.areas()
        ]

    def _planner(self, looked_up: list[GridColumn]) -> Planner:
        """A planner that finds the rows that the columns' references lead to."""
        grid = self._grid
        is_open = {id(column) for column in grid.columns if grid.can_edit(column)}
        lookups = {
            column.path: grid.context.open_table(grid.handle, column.reference.table).table
            for column in looked_up
            if column.reference is not None
        }
        expected = self.rows.expected(grid.selection.spans())
        given, checks = asked_values(grid), grid.content.checks
        rules = (lambda read: broken(checks, read)) if checks else None
        return Planner(grid.rows.query(), lambda column: id(column) in is_open, lookups, given, rules, expected)
