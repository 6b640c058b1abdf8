"""Deleting the selected rows of a grid: asked beside the row, all of them or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.tables.change import Delete
from widgets.grid.notice import sentence

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


def ask_delete(grid: Grid) -> None:
    """Ask whether the selected rows shall go; needs rows that can be edited."""
    notice, changes = grid.editing.notice, selected_deletes(grid)
    if len(changes) != grid.current.selection().height():
        notice.say("Not all of the selected rows have been read yet; scroll through them first")
        return

    def take(answer: Any) -> None:
        grid.current.anchor = None
        if isinstance(answer, Exception):
            notice.say(sentence(answer))

    def delete() -> None:
        grid.handle.commit(changes, take)

    what = "this row" if len(changes) == 1 else f"these {len(changes)} rows"
    answers = (("Delete", delete), ("Cancel", lambda: None))
    notice.say(f"Delete {what}? This cannot be undone.", tone="warning", answers=answers)


def selected_deletes(grid: Grid) -> list[Delete]:
    """The changes that delete the selected rows, as far as they have been read."""
    area, changes = grid.current.selection(), []
    for row in range(area.top(), area.bottom() + 1):
        if (found := grid.rows.cache.find(row)) is not None:
            page, index = found
            changes.append(Delete(page.block.keys[index], page.block.versions[index]))
    return changes
