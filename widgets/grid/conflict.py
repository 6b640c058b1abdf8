"""An edited cell whose row was changed by someone else meanwhile.

The edit is written all the same when the other did not touch this column; else the person chooses, beside the cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tables.error import ConflictError
from widgets.grid.mark import Mark

if TYPE_CHECKING:
    from widgets.grid.write import Edit, Writing


def take_conflict(writing: Writing, error: ConflictError, edit: Edit) -> None:
    """Write the edit onto the newer row, or ask whose value is right."""
    grid, block, (key, path, value, seen) = writing.grid, error.current, edit
    if key not in block.keys:
        writing.give_up(edit)
        writing.notice.say("This row was deleted meanwhile; your edit could not be written")
        grid.rows.reload()
        return
    index = block.keys.index(key)
    theirs, version = block.columns.get(path, [None] * len(block))[index], block.versions[index]
    if theirs in (seen, value):
        writing.send(edit, version)
        return
    column = next(column for column in grid.columns if column.path == path)
    mine = writing.text_of(edit)
    writing.marks[(key, path)] = Mark(value, mine, "Changed by someone else meanwhile")

    def take_theirs() -> None:
        writing.give_up(edit)
        grid.rows.refresh([key])

    def keep_mine() -> None:
        writing.marks[(key, path)] = Mark(value, mine)
        writing.send(edit._replace(seen=theirs), version)

    writing.go_back(key, path, False)
    text = f"{column.label} was changed to “{column.write(theirs) or 'empty'}” meanwhile; yours is “{mine}”"
    writing.notice.say(text, tone="warning", answers=(("Take theirs", take_theirs), ("Keep mine", keep_mine)))
