"""Deleting the selected rows of a grid: asked beside the row, all of them or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.tables.change import Delete
from widgets.grid.mark import Answer
from widgets.grid.notice import sentence

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


def ask_delete(grid: Grid) -> None:
    """Ask whether the selected rows shall go; needs rows that can be edited."""
    notice, changes = grid.editing.notice, selected_deletes(grid)
    if len(changes) != grid.selection.box().height():
        notice.say("Not all of the selected rows have been read yet; scroll through them first")
        return

    def take(answer: Any) -> None:
        grid.selection.clear()
        if isinstance(answer, Exception):
            notice.say(sentence(answer))

    def delete() -> None:
        grid.handle.commit(changes, take)

    area = grid.selection.box()
    what = row_name(grid, area.top())
    if len(changes) > 1:
        what = f"these {len(changes)} rows, {what} to {row_name(grid, area.bottom())}"
    answers = (Answer("Cancel", lambda: None), Answer("Delete", delete, "danger"))
    notice.say(f"Delete {what}? This cannot be undone.", tone="error", answers=answers)


def row_name(grid: Grid, row: int) -> str:
    """What the person calls a row that has been read: its label, else its first column that says anything."""
    read, schema = grid.content.reader(row), grid.handle.schema
    columns = {column.path: column for column in grid.columns}
    parts = [columns[path].write(read(path)) for path in schema.label if path in columns]
    if label := " ".join(part for part in parts if part):
        return f"“{label}”"
    texts = grid.content.texts(row) or ()
    said = next(((column.label, text) for column, (text, *_) in zip(grid.columns, texts, strict=True) if text), None)
    return f"the row with {said[0]} “{said[1]}”" if said else "this row"


def selected_deletes(grid: Grid) -> list[Delete]:
    """The changes that delete the selected rows, as far as they have been read."""
    area, changes = grid.selection.box(), []
    for row in range(area.top(), area.bottom() + 1):
        if (found := grid.rows.cache.find(row)) is not None:
            page, index = found
            changes.append(Delete(page.block.keys[index], page.block.versions[index]))
    return changes
