"""What the person calls a row of a grid, in questions and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.words import say

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


def row_name(grid: Grid, row: int) -> str:
    """What the person calls a row: its label, else its first column that says anything, else its number."""
    read, schema = grid.content.reader(row), grid.handle.schema
    if read is None:
        return f"row {row + 1:,}"
    columns = {column.path: column for column in grid.columns}
    parts = [columns[path].write(read(path)) for path in schema.label if path in columns]
    if label := " ".join(part for part in parts if part):
        return f"“{label}”"
    texts = grid.content.texts(row) or ()
    said = next(((column.label, text) for column, (text, *_) in zip(grid.columns, texts, strict=True) if text), None)
    return say("the row with {value} “{value2}”", value=said[0], value2=said[1]) if said else say("this row")
