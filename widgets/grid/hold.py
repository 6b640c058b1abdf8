"""Edits of stored rows that break a rule of the layout: they wait in their marks, and are written together once the
row is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tables.change import Key
from widgets.check import broken
from widgets.grid.mark import Mark
from widgets.grid.style import outer_names, reader_with

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.grid.write import Edit


class Held:
    """One grid's edits that wait for others of their row."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._edits: dict[Key, dict[str, Edit]] = {}

    def take(self, edit: Edit) -> Edit | None:
        """The edit as it may be written now, with those that waited for it; None when it waits itself.

        Its mark is set already.
        """
        edits = {**self._waiting(edit.key), edit.path: edit}
        message = self._problem(edits)
        if message:
            self._edits[edit.key] = edits
            self._mark(edits, message)
            return None
        self._edits.pop(edit.key, None)
        self._mark(edits, "")
        others = tuple(one for path, one in edits.items() if path != edit.path)
        return edit._replace(more=others)

    def release(self, key: Key) -> Edit | None:
        """One of the row's edits was given up: the others, when they may be written now."""
        edits = self._waiting(key)
        return self.take(next(iter(edits.values()))) if edits else None

    def _waiting(self, key: Key) -> dict[str, Edit]:
        """The row's edits that wait; what has no mark any more was given up."""
        marks = self._grid.editing.marks
        return {path: edit for path, edit in self._edits.get(key, {}).items() if (key, path) in marks}

    def _problem(self, edits: dict[str, Edit]) -> str:
        """What is wrong with the row as far as it is about the edited cells."""
        grid, first = self._grid, next(iter(edits.values()))
        row = grid.rows.cache.row_of(first.key)
        read = grid.content.reader(row) if row is not None else None
        if read is None:
            return ""
        checks = [check for check in grid.content.checks if edits.keys() & set(check.expression.names)]
        outer = outer_names(checks, grid.handle.schema)
        over = reader_with(read, outer, grid.context.scope.glance)
        found = broken(checks, lambda path: edits[path].value if path in edits else over(path))
        return ". ".join(found.values())

    def _mark(self, edits: dict[str, Edit], message: str) -> None:
        marks = self._grid.editing.marks
        for edit in edits.values():
            text = marks[edit.place].text if edit.place in marks else str(edit.value)
            marks[edit.place] = Mark(edit.value, text, message)
