"""Edited cells whose row somebody else changed meanwhile.

An edit is written all the same when the others did not touch its columns; else the person chooses, beside the cell or
column by column in a card. The question stands in the cells' marks, so that it is still there when the person comes
back; it goes, or says something else, when the row is another by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kernel.tables.change import Key, TableChange, Update
from kernel.tables.merge import MINE, THEIRS, Clash, is_mergeable
from kernel.tables.query import Query
from kernel.words import say
from widgets.grid.mark import Answer, Mark

if TYPE_CHECKING:
    from kernel.tables.error import ConflictError
    from widgets.grid.grid import Grid
    from widgets.grid.write import Edit, Writing


class _Group:
    """Edits of one row that are written together, of which some clash.

    Attributes:
        edits: Path → edit, those that clash and the others.
        theirs: The row as it is stored now.
        version: Its version then.
        labels: Path of a reference → the label of the row that it leads to now, once it is known.
        open: Paths about which nothing is decided yet.
    """

    def __init__(self, edits: Iterable[Edit], theirs: dict[str, Any], version: str, open_: Iterable[str]) -> None:
        self.edits = {edit.path: edit for edit in edits}
        self.theirs, self.version, self.open = theirs, version, set(open_)
        self.labels: dict[str, str] = {}


class Conflicts:
    """One grid's cells that clash; made with the first.

    Args:
        writing: The grid's edits.
    """

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._groups: dict[Key, list[_Group]] = {}
        handle = self._grid.handle
        handle.changed.connect(self._hear)
        handle.wrote.connect(self._take_written)

    @property
    def _grid(self) -> Grid:
        return self._writing.grid

    def take(self, error: ConflictError, edit: Edit) -> None:
        """Write the edit onto the newer row, or ask whose values are right; what waits behind it goes on."""
        writing, block = self._writing, error.current
        if edit.key not in block.keys:
            self._lose(edit)
            return
        index = block.keys.index(edit.key)
        theirs, version = block.row(index), block.versions[index]
        edits = (edit, *edit.more)
        open_ = [one for one in edits if not is_mergeable(one.path, one.value, {one.path: one.seen}, theirs)]
        if not open_:
            self._tell_merged(edits, theirs)
            writing.send(edit, version)
            return
        if writing.is_overtaken(edit):
            writing.finish(edit.key, version)
            return
        group = _Group(edits, theirs, version, [one.path for one in open_])
        self._groups.setdefault(edit.key, []).append(group)
        for one in open_:
            self._mark(group, one)
        self._ask_labels(edit.key, group)
        writing.finish(edit.key, version)
        writing.go_back(edit.key, open_[0].path, False)

    def decide(self, key: Key | None, path: str, side: int) -> None:
        """The person took a side in one cell."""
        group = self._group(key, path)
        if group is None or key is None:
            return
        group.open.discard(path)
        if side == THEIRS:
            del group.edits[path]
            self._writing.marks.pop((key, path), None)
        else:
            group.edits[path] = group.edits[path]._replace(seen=group.theirs.get(path))
            self._say_under_way(group.edits[path])
        self._end(key, group)
        self._grid.viewport().update()

    def forget(self, key: Key | None, path: str) -> None:
        """The cell was given another value: what was asked about it is settled."""
        group = self._group(key, path)
        if group is not None and key is not None:
            group.open.discard(path)
            del group.edits[path]
            self._end(key, group)

    def compare(self, key: Key) -> None:
        """Show all cells of the row that clash side by side, with what was before."""
        from widgets.conflict_card import ConflictCard
        from widgets.conflict_row import differences_of
        from widgets.conflict_text import name_of_row
        from widgets.grid.conflict_walk import subjects_of

        grid, groups = self._grid, self._groups.get(key, [])
        edits = {path: group.edits[path] for group in groups for path in group.edits if path in group.open}
        schema = grid.handle.schema
        if not edits or schema is None:
            return
        mine = {path: edit.value for path, edit in edits.items()}
        base = {path: edit.seen for path, edit in edits.items()}
        theirs = groups[-1].theirs
        card = ConflictCard(grid.window(), grid.context.theme)
        card.closed.connect(card.deleteLater)
        shown = differences_of(list(edits), theirs, mine, schema, grid.context, grid.handle, subjects_of(grid), base)
        row = name_of_row(schema, Clash(0, Update(key, "", mine), base, theirs, "", tuple(edits)))
        text = say("{row}. Somebody else changed this row meanwhile.", row=row)
        card.ask(say("Which values are right?"), text, shown, lambda values: self._take_compared(key, values))

    def refresh(self, keys: Iterable[Key]) -> None:
        """Newer values of these rows are shown: what is asked about them may be settled, or be about other values."""
        for key in [key for key in keys if key in self._groups]:
            row = self._grid.rows.cache.row_of(key)
            found = self._grid.rows.cache.find(row) if row is not None else None
            if found is None:
                continue
            page, index = found
            now = page.block.row(index)
            for group in list(self._groups.get(key, ())):
                self._renew(key, group, now, page.block.versions[index])
        self._grid.editing.renew_message()

    # -- inside ---------------------------------------------------------------------------------------------------

    def _group(self, key: Key | None, path: str) -> _Group | None:
        return next((group for group in self._groups.get(key, ()) if path in group.open), None) if key else None

    def _renew(self, key: Key, group: _Group, now: dict[str, Any], version: str) -> None:
        group.version = version
        for path in [path for path in group.open if path in now]:
            edit, value = group.edits[path], now[path]
            if value == edit.value:
                self.decide(key, path, THEIRS)
            elif value == edit.seen:
                group.theirs[path] = value
                self.decide(key, path, MINE)
            elif value != group.theirs.get(path):
                group.theirs[path] = value
                group.labels.pop(path, None)
                self._mark(group, edit)
                self._ask_labels(key, group)

    def _take_compared(self, key: Key, values: dict[str, Any]) -> None:
        for path, value in values.items():
            group = self._group(key, path)
            if group is None:
                continue
            if value == group.theirs.get(path):
                self.decide(key, path, THEIRS)
                continue
            group.edits[path] = group.edits[path]._replace(value=value)
            column = next((column for column in self._grid.columns if column.path == path), None)
            if column is not None and value != self._writing.marks[key, path].value:
                self._writing.marks[key, path] = Mark(value, column.write(value))
            self.decide(key, path, MINE)

    def _end(self, key: Key, group: _Group) -> None:
        """Write what is left of a group that is decided."""
        if group.open:
            return
        self._groups[key].remove(group)
        if not self._groups[key]:
            del self._groups[key]
        if group.edits:
            self._writing.write_together([edit._replace(version=group.version) for edit in group.edits.values()])
        else:
            self._grid.rows.pages.refresh([key])

    def _mark(self, group: _Group, edit: Edit) -> None:
        """Ask beside the cell."""
        key, path = edit.key, edit.path
        column = next((column for column in self._grid.columns if column.path == path), None)
        theirs, mine = group.theirs.get(path), self._writing.text_of(edit)
        label, their_text = (column.label, column.write(theirs)) if column else (path, str(theirs))
        their_text = group.labels.get(path, their_text)
        text = say("{label} was changed to “{theirs}” meanwhile; yours is “{mine}”", label=label,
                   theirs=their_text or say("empty"), mine=mine or say("empty"))  # fmt: skip
        answers = (
            Answer(say("Take theirs"), lambda: self.decide(key, path, THEIRS)),
            Answer(say("Keep mine"), lambda: self.decide(key, path, MINE)),
            Answer(say("Compare…"), lambda: self.compare(key)),
        )
        self._writing.marks[edit.place] = Mark(edit.value, mine, text, answers)

    def _ask_labels(self, key: Key, group: _Group) -> None:
        """Rows come with a conflict as they are stored; what references lead to is asked for."""
        grid = self._grid
        shown = {column.path: column.shown for column in grid.columns if column.labelled and column.path in group.open}
        if not shown:
            return

        def take(answer: Any) -> None:
            if isinstance(answer, Exception) or not len(answer):
                return
            row = answer.row(0)
            for path in [path for path in shown if path in group.open]:
                if row.get(path) == group.theirs.get(path):
                    group.labels[path] = str(row.get(shown[path]) or "")
                    self._mark(group, group.edits[path])
            grid.editing.renew_message()

        columns = tuple(dict.fromkeys((*shown, *shown.values())))
        grid.handle.fetch(Query(keys=(key,), columns=columns), 0, 1, grid.rows.if_there(take))

    def _say_under_way(self, edit: Edit) -> None:
        mark = self._writing.marks.get(edit.place)
        self._writing.marks[edit.place] = Mark(edit.value, mark.text if mark else str(edit.value))

    def _tell_merged(self, edits: tuple[Edit, ...], theirs: dict[str, Any]) -> None:
        """Say quietly what others changed in the same row, as far as it can be seen here."""
        grid = self._grid
        row = grid.rows.cache.row_of(edits[0].key)
        read = grid.content.reader(row) if row is not None else None
        own = {edit.path for edit in edits}
        others = [column.label for column in grid.columns if read is not None and column.path in theirs
                  and column.path not in own and theirs[column.path] != read(column.path)]  # fmt: skip
        if others:
            text = say("Changed meanwhile in the same row, and kept beside yours: {columns}", columns=", ".join(others))
            grid.context.reporter.report("info", text)

    def _lose(self, edit: Edit) -> None:
        writing, mine = self._writing, self._writing.text_of(edit)
        writing.give_up(edit)
        writing.notice.say(f"This row was deleted meanwhile; your “{mine or 'empty'}” could not be written")
        self._grid.rows.reload()

    def _hear(self, change: TableChange) -> None:
        for key in [key for key in change.deleted if key in self._groups]:
            texts = [self._writing.text_of(group.edits[path]) for group in self._groups.pop(key) for path in group.open]
            for at in [at for at in self._writing.marks if at[0] == key]:
                del self._writing.marks[at]
            said = ", ".join(f"“{text or 'empty'}”" for text in texts)
            self._writing.notice.say(f"This row was deleted meanwhile; your {said} could not be written")

    def _take_written(self, changes: list[Any]) -> None:
        """The person wrote the same columns elsewhere in this window: that is their answer."""
        for change in changes:
            if isinstance(change, Update):
                for path in change.values:
                    self._drop(tuple(change.key), path)

    def _drop(self, key: Key, path: str) -> None:
        if self._group(key, path) is not None:
            self.decide(key, path, THEIRS)
            self._grid.editing.renew_message()
