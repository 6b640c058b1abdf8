"""Writing edited cells: one change per row at a time, the others of that row wait for its new version.

A refused value stays in its mark with the reason; a conflict is asked about (``conflict``). Nothing typed is lost here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.tables.change import Key, Update
from kernel.tables.error import ConflictError
from widgets.grid.mark import Mark, Marks
from widgets.grid.notice import Notice, sentence

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


class Edit(NamedTuple):
    """One edited cell of a stored row; ``seen`` is the value that the person saw when the edit began."""

    key: Key
    path: str
    value: Any
    seen: Any


class Writing:
    """One grid's edits on their way to the source.

    Args:
        grid: The grid.
        marks: Where edits under way are shown.
        notice: Where conflicts are asked about.
        go_back: Leads the person back to a refused edit: ``go_back(key, path, opens_editor)``.
    """

    def __init__(self, grid: Grid, marks: Marks, notice: Notice, go_back: Callable[[Key, str, bool], None]) -> None:
        self.grid, self.marks, self.notice, self.go_back = grid, marks, notice, go_back
        #: Row that is being written → its edits that wait.
        self._waiting: dict[Key, list[Edit]] = {}

    def write(self, edit: Edit, text: str) -> None:
        """Write an edit as soon as its row has no other one under way; ``text`` is what its cell shows until then."""
        self.marks[(edit.key, edit.path)] = Mark(edit.value, text)
        if edit.key in self._waiting:
            self._waiting[edit.key].append(edit)
            return
        self._waiting[edit.key] = []
        self.send(edit)

    def send(self, edit: Edit, version: str | None = None) -> None:
        """Send an edit to the source, for the row's version on screen unless another is given."""
        row = self.grid.rows.cache.row_of(edit.key)
        if version is None:
            found = self.grid.rows.cache.find(row) if row is not None else None
            version = found[0].block.versions[found[1]] if found else ""
        change = Update(edit.key, version, {edit.path: edit.value})
        self.grid.handle.commit([change], lambda answer: self._take(answer, edit))

    def settle(self, keys: list[Key]) -> None:
        """Newer values of these rows have come: their written edits are done, waiting ones go."""
        for key in keys:
            if key not in self._waiting:
                continue
            waiting = self._waiting[key]
            names = {edit.path for edit in waiting}
            for at in [at for at in self.marks if at[0] == key and at[1] not in names and not self.marks[at].message]:
                self.marks.pop(at)
            if waiting:
                self.send(waiting.pop(0))
            else:
                self._waiting.pop(key)

    def give_up(self, edit: Edit) -> None:
        """Forget an edit and what waits behind it."""
        self.marks.pop((edit.key, edit.path), None)
        self._waiting.pop(edit.key, None)

    def text_of(self, edit: Edit) -> str:
        """What the edit's cell shows."""
        mark = self.marks.get((edit.key, edit.path))
        return mark.text if mark else str(edit.value)

    def _take(self, answer: Any, edit: Edit) -> None:
        if isinstance(answer, ConflictError):
            from widgets.grid.conflict import take_conflict

            take_conflict(self, answer, edit)
        elif isinstance(answer, Exception):
            self._refuse(edit, sentence(answer))
        else:
            self._take_written(answer.keys[0] if answer.keys else edit.key, edit)

    def _refuse(self, edit: Edit, message: str) -> None:
        waiting = self._waiting.pop(edit.key, [])
        self.marks[(edit.key, edit.path)] = Mark(edit.value, self.text_of(edit), message)
        for other in waiting:
            self.write(other, self.text_of(other))
        self.go_back(edit.key, edit.path, True)

    def _take_written(self, key: Key, edit: Edit) -> None:
        if key == edit.key:
            self.grid.rows.refresh([key])
            return
        # The key itself was edited: the row comes under its new one.
        self.give_up(edit)
        if self.grid.current.key == edit.key:
            self.grid.current.key = key
