"""Reading a pivot: one group query for its cells, and one each for the totals of rows, of columns and of everything.

Totals are the source's own groups, never sums of what is shown: an average of averages would be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from kernel.tables.contract import Table
from kernel.tables.error import TableError
from kernel.tables.outline.level import GroupBy, group_pages
from kernel.tables.outline.outlined import check
from kernel.tables.outline.row import Path
from kernel.tables.query import Aggregate, Query, Sort
from kernel.words import mark

#: Columns of figures, rows and cells at most.
MOST_COLUMNS, MOST_ROWS, MOST_CELLS = 400, 50_000, 500_000


class Fields(NamedTuple):
    """What a pivot shows: keys of its rows and of its columns, outermost first, and its figures (with names)."""

    rows: tuple[GroupBy, ...] = ()
    columns: tuple[GroupBy, ...] = ()
    figures: tuple[Aggregate, ...] = ()


class Heading(NamedTuple):
    """The values of one row or column, and what they are called."""

    path: Path
    labels: tuple[Any, ...]


class Pivoted(NamedTuple):
    """A pivot that was read.

    Attributes:
        rows, columns: Headings in order; a single empty one where there are no keys.
        cells: (Row's path, column's path) → figures; a pair without rows is missing.
        row_totals, column_totals: Path → figures.
        total: Figures over everything.
    """

    fields: Fields
    rows: list[Heading]
    columns: list[Heading]
    cells: dict[tuple[Path, Path], tuple[Any, ...]]
    row_totals: dict[Path, tuple[Any, ...]]
    column_totals: dict[Path, tuple[Any, ...]]
    total: tuple[Any, ...]


def read_pivot(table: Table, query: Query, fields: Fields) -> Pivoted:
    """Read it.

    Args:
        table: The table.
        query: Its filter, parameters and computed columns count.
        fields: What is wanted; at least one figure.

    Raises:
        TableError: there are more columns, rows or cells than can be shown; says which, and what to do.
    """
    columns, column_totals = _grouped(table, query, fields.columns, fields.figures, MOST_COLUMNS, "columns")
    check()
    rows, row_totals = _grouped(table, query, fields.rows, fields.figures, MOST_ROWS, "rows")
    check()
    both = (*fields.rows, *fields.columns)
    if fields.rows and fields.columns:
        _, found = _grouped(table, query, both, fields.figures, MOST_CELLS, "cells")
        at = len(fields.rows)
        cells = {(path[:at], path[at:]): values for path, values in found.items()}
    else:
        cells = {(path, ()): values for path, values in row_totals.items()} if fields.rows else {
            ((), path): values for path, values in column_totals.items()}  # fmt: skip
    check()
    _, everything = _grouped(table, query, (), fields.figures, 1, "totals")
    return Pivoted(fields, rows, columns, cells, row_totals, column_totals, everything[()])


def _grouped(table: Table, query: Query, keys: Sequence[GroupBy], figures: tuple[Aggregate, ...], most: int,
             what: str) -> tuple[list[Heading], dict[Path, tuple[Any, ...]]]:  # fmt: skip
    texts = [key.text for key in keys]
    shown = [key.label or key.text for key in keys]
    sort = tuple(Sort(name) for name in dict.fromkeys(one for pair in zip(shown, texts, strict=True) for one in pair))
    asked = msgspec.structs.replace(
        query, columns=None, group=tuple(dict.fromkeys([*texts, *shown])), aggregates=figures, sort=sort
    )
    headings: list[Heading] = []
    found: dict[Path, tuple[Any, ...]] = {}
    for block in group_pages(table, asked):
        if len(headings) + len(block) > most:
            hint = "take a key away, use a coarser one (year(placed)), or filter"
            raise TableError(mark(f"the pivot has more than {most:,} {what}"), hint=hint)
        values = [block.columns[figure.name] for figure in figures]
        for at in range(len(block)):
            heading = Heading(*(tuple(block.columns[name][at] for name in names) for names in (texts, shown)))
            headings.append(heading)
            found[heading.path] = tuple(column[at] for column in values)
    return headings, found
