"""Writing edited cells: one change per row at a time, the others of that row wait for its new version.

A refused value stays in its mark with the reason; a conflict is asked about (``conflict``). Nothing typed is lost here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.tables.change import Key, Update
from kernel.tables.error import ConflictError
from kernel.words import say
from widgets.grid.hold import Held
from widgets.grid.mark import Mark, Marks
from widgets.grid.notice import Notice, sentence
from widgets.handle_opening import AWAY

if TYPE_CHECKING:
    from widgets.grid.conflict import Conflicts
    from widgets.grid.grid import Grid


class Edit(NamedTuple):
    """One edited cell of a stored row.

    ``seen`` is the value that the person saw when the edit began, ``version`` the row's version then (empty = the one
    on screen when it is sent).
    """

    key: Key
    path: str
    value: Any
    seen: Any
    version: str = ""
    #: Edits of the same row that are written with it.
    more: tuple[Edit, ...] = ()

    @property
    def place(self) -> tuple[Key | None, str]:
        """Where its mark is."""
        return self.key, self.path


class Writing:
    """One grid's edits on their way to the source.

    Args:
        grid: The grid.
        marks: Where edits under way are shown.
        notice: Where the loss of a row is said.
        go_back: Leads the person back to a refused edit: ``go_back(key, path, opens_editor)``.
    """

    def __init__(self, grid: Grid, marks: Marks, notice: Notice, go_back: Callable[[Key, str, bool], None]) -> None:
        self.grid, self.marks, self.notice, self.go_back = grid, marks, notice, go_back
        #: Row that is being written → its edits that wait. Every answer ends in ``finish``, or in a new ``send``.
        self._waiting: dict[Key, list[Edit]] = {}
        self._held = Held(grid)
        #: What could not be sent because the server is away; shown as refused until it is back.
        self._kept: list[Edit] = []
        self.conflicts: Conflicts | None = None

    @property
    def is_busy(self) -> bool:
        """Whether any edit is on its way."""
        return bool(self._waiting)

    def write(self, edit: Edit, text: str) -> None:
        """Write an edit as soon as its row has no other one under way; ``text`` is what its cell shows until then."""
        if self.conflicts is not None:
            self.conflicts.forget(*edit.place)
        self.marks[edit.place] = Mark(edit.value, text)
        if self.grid.content.checks:
            allowed = self._held.take(edit)
            if allowed is None:
                return
            edit = allowed
        self._queue(edit)

    def write_together(self, edits: list[Edit]) -> None:
        """Write edits of one row as one; their marks are set."""
        if self.grid.content.checks:
            for edit in edits:
                if (allowed := self._held.take(edit)) is not None:
                    self._queue(allowed)
        else:
            self._queue(edits[0]._replace(more=tuple(edits[1:])))

    def release(self, key: Key) -> None:
        """One of the row's edits was given up: write those that waited for it, if they are right now."""
        if self.grid.content.checks and (edit := self._held.release(key)) is not None:
            self._queue(edit)

    def _queue(self, edit: Edit) -> None:
        if edit.key in self._waiting:
            self._waiting[edit.key].append(edit)
            return
        self._waiting[edit.key] = []
        self.send(edit, edit.version)

    def send(self, edit: Edit, version: str = "") -> None:
        """Send an edit to the source, for the row's version on screen unless another is given."""
        if reason := self.grid.handle.why_closed:
            self._kept += [edit]
            self._refuse(edit, reason)
            return
        row = self.grid.rows.cache.row_of(edit.key)
        if not version and row is not None:
            page, index = self.grid.rows.cache.find(row)
            version = page.block.versions[index]
        values = {edit.path: edit.value, **{other.path: other.value for other in edit.more}}
        change = Update(edit.key, version, values)
        labels = [column.label for column in self.grid.columns if column.path in values]
        title = say("Edit {text}", text=' and '.join(dict.fromkeys(labels))) if labels else ""
        self.grid.handle.commit([change], lambda answer: self._take(answer, edit), title)

    def write_kept(self) -> None:
        """The server is back: write what was kept, as far as the person left it alone."""
        kept, self._kept = self._kept, []
        for edit in kept:
            mark = self.marks.get(edit.place)
            if mark is not None and mark.message == AWAY and mark.value == edit.value:
                self.write(edit, mark.text)
        self.grid.editing.renew_message()

    def finish(self, key: Key, version: str = "") -> None:
        """The row's edit under way came to its end, good or bad: the next one that waits goes.

        Args:
            key: The row.
            version: Its version by now, empty when it is not known.
        """
        waiting = self._waiting.pop(key, [])
        if waiting:
            self._waiting[key] = waiting[1:]
            self.send(waiting[0], waiting[0].version or version)

    def settle(self, keys: Sequence[Key]) -> None:
        """Newer values of these rows are shown: marks of what was written are not needed any more."""
        gone = {key for key in keys if key not in self._waiting}
        for at in [at for at, mark in self.marks.items() if at[0] in gone and not mark.message]:
            self.marks.pop(at)
        if self.conflicts is not None:
            self.conflicts.refresh(keys)

    def give_up(self, edit: Edit) -> None:
        """Forget an edit; what waits behind it goes."""
        if not self.is_overtaken(edit):
            self.marks.pop(edit.place, None)
        self.finish(edit.key)

    def is_overtaken(self, edit: Edit) -> bool:
        """Whether a later edit of the same cell waits behind it."""
        return any(later.path == edit.path for later in self._waiting.get(edit.key, ()))

    def text_of(self, edit: Edit) -> str:
        """What the edit's cell shows."""
        mark = self.marks.get(edit.place)
        return mark.text if mark else str(edit.value)

    def _take(self, answer: Any, edit: Edit) -> None:
        if isinstance(answer, ConflictError):
            if self.conflicts is None:
                from widgets.grid.conflict import Conflicts

                self.conflicts = Conflicts(self)
            self.conflicts.take(answer, edit)
        elif isinstance(answer, Exception):
            self._refuse(edit, sentence(answer))
        else:
            self._take_written(answer.keys[0] if answer.keys else edit.key, edit)

    def _refuse(self, edit: Edit, message: str) -> None:
        if self.is_overtaken(edit):
            self.finish(edit.key)
            return
        for refused in (edit, *edit.more):
            self.marks[refused.place] = Mark(refused.value, self.text_of(refused), message)
        self.finish(edit.key)
        self.go_back(edit.key, edit.path, True)

    def _take_written(self, key: Key, edit: Edit) -> None:
        if key != edit.key:
            self._follow(edit.key, key)

        def go_on(answer: Any) -> None:
            # A row that cannot be read is written all the same; the next edit then says what is wrong.
            is_read = not isinstance(answer, Exception) and len(answer) > 0
            self.finish(key, answer.versions[0] if is_read else "")
            if is_read:
                self.settle([key])
            self.grid.viewport().update()

        self.grid.rows.take_own([key], go_on)

    def _follow(self, old: Key, new: Key) -> None:
        """The key itself was edited: what waits for the row, and what was refused, belongs to its new key."""
        waiting = [edit._replace(key=new) for edit in self._waiting.pop(old, [])]
        self._waiting[new] = waiting + self._waiting.get(new, [])
        for at in [at for at in self.marks if at[0] == old]:
            self.marks[(new, at[1])] = self.marks.pop(at)
        if self.grid.current.key == old:
            self.grid.current.key = new
