"""Filling cells from those beside them: what a source range says is repeated over a target, or goes on as a series.

Built on a thread that may wait; the keys (``block_action``) and the handle at the selection (``fill_drag``) use it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from widgets.grid.cell_read import Value
from widgets.grid.clip_value import clip_cell
from widgets.grid.plan import Wanted
from widgets.grid.selection import Area
from widgets.grid.series import next_value
from widgets.listing.ranges import Span
from widgets.listing.span import read_spans

if TYPE_CHECKING:
    from kernel.tables.block import Block
    from kernel.tables.query import Query
    from widgets.grid.column import GridColumn

_STEPPED = (int, float, Decimal, datetime.date)


class Fill(NamedTuple):
    """One fill: ``target`` lies below, above, right or left of ``source`` and is as wide or as high as it; below it may
    begin within it, which writes what the source leads to there."""

    source: Area
    target: Area

    @property
    def is_vertical(self) -> bool:
        """Whether rows are filled from other rows."""
        return (self.source.top, self.source.bottom) != (self.target.top, self.target.bottom)

    @property
    def is_backward(self) -> bool:
        """Whether the target lies above or left of the source."""
        return self.target.bottom < self.source.top or self.target.right < self.source.left


def down(area: Area, *, is_series: bool) -> Fill | None:
    """How a selected range is filled down: from its first row, of a series from the first two; a single row from the
    one above it. None where there is nothing to fill from."""
    first = area._replace(bottom=area.top + (1 if is_series and area.height > 2 else 0))
    if area.height > 1:
        return Fill(first, area._replace(top=area.top + 1))
    return Fill(area._replace(top=area.top - 1, bottom=area.top - 1), area) if area.top > 0 else None


def right(area: Area) -> Fill | None:
    """How a selected range is filled to the right; a single column from the one on its left."""
    if area.width > 1:
        return Fill(area._replace(right=area.left), area._replace(left=area.left + 1))
    return Fill(area._replace(left=area.left - 1, right=area.left - 1), area) if area.left > 0 else None


class Filler(NamedTuple):
    """What filling reads: the table as the grid sees it, its query, its columns, and the stored part of row ranges."""

    table: Any
    query: Query
    columns: list[GridColumn]
    can_edit: Callable[[GridColumn], bool]
    stored: Callable[[list[Span]], list[Span]]

    def wanted(self, fill: Fill, *, is_series: bool) -> Wanted:
        """The cells to write.

        Raises:
            TableError: the source cannot be read.
        """
        return self._vertical(fill, is_series) if fill.is_vertical else self._sideways(fill, is_series)

    def _vertical(self, fill: Fill, is_series: bool) -> Wanted:
        columns = list(filter(self.can_edit, self.columns[fill.target.left : fill.target.right + 1]))
        values: list[list[Any]] = [[] for _ in columns]
        for block in self._blocks(fill.source):
            for column, kept in zip(columns, values, strict=True):
                kept += _cells(column, block)
        spans = self.stored([(fill.target.top, fill.target.bottom)])
        if not values or not values[0]:
            return Wanted([], [], lambda _row, _at: None)
        start = min(fill.target.top - fill.source.top, len(values[0]))
        if fill.is_backward:
            start = -sum(map(len, self._blocks(fill.target)))
        return Wanted(spans, columns, lambda row, at: _cell_at(values[at], start + row, is_series))

    def _sideways(self, fill: Fill, is_series: bool) -> Wanted:
        sources = self.columns[fill.source.left : fill.source.right + 1]
        columns = self.columns[fill.target.left : fill.target.right + 1]
        start = fill.target.left - fill.source.left
        rows: list[list[Any]] = []
        for block in self._blocks(fill.target):
            for index in range(len(block)):
                read = {path: values[index] for path, values in block.columns.items()}.get
                rows.append([_going_on(sources, read, start + at, is_series) for at in range(len(columns))])
        return Wanted(self.stored([(fill.target.top, fill.target.bottom)]), columns, lambda row, at: rows[row][at])

    def _blocks(self, area: Area) -> Any:
        return read_spans(self.table, self.query, self.stored([(area.top, area.bottom)]), {}, lambda _part: None)


def _cells(column: GridColumn, block: Block) -> list[Any]:
    """The column's values; of a reference of several columns cells that hold all of them, where there is one."""
    values, via = block.columns[column.path], column.labelled.via if column.labelled is not None else ()
    names = [name for name in via if name != column.path and name in block.columns]
    if not names:
        return list(values)
    beside = zip(*(block.columns[name] for name in names), strict=True)
    return [
        Value(value, tuple(zip(names, others, strict=True))) if value is not None else None
        for value, others in zip(values, beside, strict=True)
    ]


def _cell_at(values: list[Any], offset: int, is_series: bool) -> Value:
    """What stands ``offset`` places behind the first; which row a reference leads to makes no series."""
    found = _value_at(values, offset, is_series)
    return found if isinstance(found, Value) else Value(found)


def _value_at(values: list[Any], offset: int, is_series: bool) -> Any:
    """What stands ``offset`` places behind the first of the values; before it where that is negative."""
    first = values[0]
    if is_series and isinstance(first, _STEPPED) and not isinstance(first, bool):
        return next_value(first, values[1] if len(values) > 1 else None, offset)
    return values[offset % len(values)]


def _going_on(sources: list[GridColumn], read: Callable[[str], Any], offset: int, is_series: bool) -> Any:
    """What a row's cell gets from the row's own source cells: the next number or date, else their text in turn."""
    values = [column.value(read) for column in sources]
    if is_series and isinstance(values[0], _STEPPED) and not isinstance(values[0], bool):
        return Value(_value_at(values, offset, is_series))
    source = sources[offset % len(sources)]
    return clip_cell(source, source.shown_value(read))
