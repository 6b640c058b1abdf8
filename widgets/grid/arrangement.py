"""Which columns a grid shows, in which order and how wide: the layout's, with the person's overlay over them.

It owns ``grid.columns`` and ``grid.frozen``; every change is kept under the view's id through the window's memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kernel.tables.query import Sort, parse_sort
from kernel.tables.schema import Schema
from widgets.grid.column import GridColumn, grid_columns, query_columns
from widgets.grid.overlay import Overlay, column_ids, read_overlay, write_overlay

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


class Arrangement:
    """A grid's columns.

    Attributes:
        all: Every column of the layout that the table has, in the layout's order, hidden ones too.
        overlay: What the person changed.
        default_filters, default_frozen: What the layout says where the person says nothing.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        node = grid.node
        self._name = f"columns:{grid.id or f'{node.where.file}:{node.where.line}'}"
        self.all: list[GridColumn] = []
        self.default_filters = node.get("filters") is True
        frozen = node.get("frozen", 0)
        self.default_frozen: int = frozen if isinstance(frozen, int) else 0
        self.overlay: Overlay = read_overlay(grid.context.recall(self._name) or {})

    @property
    def ids(self) -> list[str]:
        """The ids of all columns, in the layout's order."""
        return [column.id for column in self.all]

    def ordered(self) -> list[GridColumn]:
        """All columns in the person's order, hidden ones among them."""
        by_id = {column.id: column for column in self.all}
        return [by_id[name] for name in self.overlay.arranged(self.ids)]

    def is_hidden(self, column: GridColumn) -> bool:
        """Whether the column is not shown."""
        return column not in self._grid.columns

    def take_schema(self, schema: Schema) -> None:
        """Make the columns anew from the layout and lay the person's arrangement over them."""
        grid, widths = self._grid, {column.id: column.width for column in self.all if not column.is_pinned}
        self.all = grid_columns(grid.node, schema)
        for column in self.all:
            column.dress(grid.look.column(column.classes))
        for column, name in zip(self.all, column_ids(map(_base, self.all)), strict=True):
            column.id = name
            own = self.overlay.widths.get(name, 0)
            column.is_pinned = bool(own)
            given = grid.look.theme.length(column.wanted_width)
            column.wanted_width = own or given or widths.get(name, 0)
            column.width = column.wanted_width or 120
        self._lay()

    def _lay(self) -> None:
        grid, ids = self._grid, self.ids
        by_id = {column.id: column for column in self.all}
        here = grid.columns[grid.current.column].id if grid.current.column < len(grid.columns) else ""
        grid.columns = [by_id[name] for name in self.overlay.shown(ids)]
        grid.frozen = self.overlay.frozen_count(ids, self.default_frozen)
        places = {column.id: index for index, column in enumerate(grid.columns)}
        grid.current.column = places.get(here, min(grid.current.column, max(len(grid.columns) - 1, 0)))

    def has_filters(self) -> bool:
        """Whether the filter row is wanted: by the person, else by the layout."""
        own = self.overlay.has_filters
        return self.default_filters if own is None else own

    def sort(self) -> tuple[Sort, ...]:
        """What the rows are ordered by: the person's keys as far as the columns are still there, else the layout's."""
        known = {column.shown for column in self.all}
        own = tuple(Sort(path, descends) for path, descends in self.overlay.sort if path in known)
        return own or self.default_sort()

    def default_sort(self) -> tuple[Sort, ...]:
        """The layout's keys; none where it leaves the order to the table."""
        text = self._grid.node.get("sort")
        return parse_sort(text) if isinstance(text, str) else ()

    def note_sort(self, sort: tuple[Sort, ...]) -> None:
        """Keep the order that is shown now."""
        own = () if sort == self.default_sort() else tuple((key.column, key.is_descending) for key in sort)
        if own != self.overlay.sort:
            self.overlay.sort = own
            self.keep()

    # -- what a person does ---------------------------------------------------------------------------------------

    def move(self, index: int, to: int) -> None:
        """Give a shown column another place among the shown ones; both are indices from 0."""
        shown = [column.id for column in self._grid.columns]
        to = min(max(to, 0), len(shown) - 1)
        if index == to:
            return
        shown.insert(to, shown.pop(index))
        # Hidden columns keep their places between them.
        here, moved = set(shown), iter(shown)
        self.overlay.order = tuple(next(moved) if one in here else one for one in self.overlay.arranged(self.ids))
        self.refresh()

    def show_only(self, names: Sequence[str]) -> None:
        """Show the columns of these ids and hide the others."""
        wanted = set(names)
        self.overlay.hidden = tuple(name for name in self.ids if name not in wanted)
        self.refresh()

    def hide(self, index: int) -> None:
        """Hide a shown column; the last one stays."""
        if len(self._grid.columns) > 1:
            self.overlay.hidden = (*self.overlay.hidden, self._grid.columns[index].id)
            self.refresh()

    def freeze(self, count: int) -> None:
        """Keep the first ``count`` shown columns in sight."""
        order = self.overlay.arranged(self.ids)
        self.overlay.frozen = order.index(self._grid.columns[count - 1].id) + 1 if count > 0 else 0
        self.refresh()

    def note_width(self, column: GridColumn) -> None:
        """Keep a width that the person gave."""
        if column.id:
            self.overlay.widths = {**self.overlay.widths, column.id: column.width}
            self.keep()

    def forget_widths(self) -> None:
        """Let every column have the width that its heading and rows need."""
        self.overlay.widths = {}
        for column in self.all:
            column.is_pinned, column.wanted_width = False, 0
        self.refresh()

    def reset(self) -> None:
        """Forget what the person changed about the columns; filters and order have keys of their own."""
        self.overlay = Overlay(has_filters=self.overlay.has_filters, sort=self.overlay.sort)
        schema = self._grid.handle.schema
        if schema is not None:
            self.all = []
            self.take_schema(schema)
        self._grid.widths.is_fitted = False
        self.refresh()

    def keep(self) -> None:
        """Remember the overlay for the next time."""
        self._grid.context.remember(self._name, write_overlay(self.overlay))

    def refresh(self) -> None:
        """Show the columns as they are arranged now, and remember it."""
        grid = self._grid
        self.keep()
        self._lay()
        grid.selection.clear()
        grid.content.forget_texts()
        wanted = query_columns(grid.columns, [*grid.content.styles, *grid.content.checks], grid.handle.schema)
        if not set(wanted) <= set(grid.rows.columns):
            grid.rows.columns = wanted
            grid.rows.reload()
        if grid.rows.cache.count and grid.content.texts(grid.places.first_row()) is not None:
            grid.widths.fit_all()
        else:
            grid.widths.fill()
        grid.take_arrangement()


def _base(column: GridColumn) -> str:
    """What a column's id is made of."""
    return column.path or f"={column.computed.text if column.computed else ''}"
