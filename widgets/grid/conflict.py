"""An edited cell whose row was changed by someone else meanwhile.

The edit is written all the same when the other did not touch this column; else the person chooses, beside the cell.
The question stands in the cell's mark, so that it is still there when the person comes back to the cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tables.error import ConflictError
from widgets.grid.mark import Answer, Mark

if TYPE_CHECKING:
    from widgets.grid.write import Edit, Writing


def take_conflict(writing: Writing, error: ConflictError, edit: Edit) -> None:
    """Write the edit onto the newer row, or ask whose value is right; what waits behind it goes on."""
    grid, block, at, mine = writing.grid, error.current, edit.place, writing.text_of(edit)
    if edit.key not in block.keys:
        writing.give_up(edit)
        writing.notice.say(f"This row was deleted meanwhile; your “{mine or 'empty'}” could not be written")
        grid.rows.reload()
        return
    index = block.keys.index(edit.key)
    theirs, version = block.columns.get(edit.path, [None] * len(block))[index], block.versions[index]
    if theirs in (edit.seen, edit.value):
        writing.send(edit, version)
        return
    if writing.is_overtaken(edit):
        writing.finish(edit.key, version)
        return
    column = next((column for column in grid.columns if column.path == edit.path), None)
    label, their_text = (column.label, column.write(theirs)) if column else (edit.path, str(theirs))

    def take_theirs() -> None:
        writing.marks.pop(at, None)
        grid.rows.refresh([edit.key])

    def keep_mine() -> None:
        writing.write(edit._replace(seen=theirs, version=version), mine)

    answers = (Answer("Take theirs", take_theirs), Answer("Keep mine", keep_mine))
    text = f"{label} was changed to “{their_text or 'empty'}” meanwhile; yours is “{mine or 'empty'}”"
    writing.marks[at] = Mark(edit.value, mine, text, answers)
    writing.finish(edit.key, version)
    writing.go_back(edit.key, edit.path, False)
