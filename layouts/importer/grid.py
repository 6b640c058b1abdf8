"""The grid of a table whose rows stood in the imported file."""

from __future__ import annotations

from layouts.importer.draft import TableDraft
from layouts.importer.piece import Piece, Plain


def grid(table: TableDraft) -> Piece:
    """A grid of an imported table, with its headings."""
    shows = [
        Piece("show", (Plain(column),), {"label": heading})
        for column, heading in zip(table.columns, table.headings, strict=True)
    ]
    return Piece("grid", (Plain(table.name),), {"stretch": 1}, shows)
