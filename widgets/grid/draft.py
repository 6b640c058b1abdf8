"""The new row at a grid's end, from its first value until the source took it.

A :class:`Draft` lives as long as the row is new; ``edit`` makes it and drops it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from kernel.tables.change import Insert, Key
from kernel.tables.check import heading, row_problems
from kernel.tables.error import ConstraintError
from kernel.tables.schema import Column, title_of
from kernel.words import say, say_again
from widgets.check import broken
from widgets.grid.mark import Mark, Marks
from widgets.grid.notice import Notice, sentence
from widgets.grid.style import outer_names, reader_with
from widgets.grid.write import Edit
from widgets.listing.given import asked_values

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid


class Draft:
    """A row that is not stored yet, holding what the filters ask of a new row.

    Args:
        grid: The grid; its schema is known.
        marks: Where refused values are shown.
        notice: Where a refusal of the whole row is said.

    Attributes:
        given: What the filters gave it.
        values: Column path → value; beside them labels of references.
        is_writing: Whether it is on its way to the source.
        then: Gets whether it was stored, when that is known.
    """

    def __init__(self, grid: Grid, marks: Marks, notice: Notice) -> None:
        self._grid, self._marks, self._notice = grid, marks, notice
        self.given = asked_values(grid)
        self.values: dict[str, Any] = dict(self.given)
        self.is_writing = False
        self.then: Callable[[bool], None] | None = None

    def belongs_here(self) -> bool:
        """Whether the rows on screen are still those that it was begun among."""
        return asked_values(self._grid) == self.given

    def show(self) -> None:
        """Go to the first value that the person is asked for."""
        grid = self._grid
        grid.take_draft()
        self._ask_labels()
        first = next((at for at, column in enumerate(grid.columns) if self._is_asked(column)), 0)
        grid.go(grid.row_count() - 1, first)
        grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_asked(self, column: GridColumn) -> bool:
        schema = self._grid.handle.schema
        is_serial = column.column is not None and schema.key == (column.path,) and column.column.type == "integer"
        return self._grid.can_edit(column) and not is_serial and column.path not in self.values

    def put(self, column: GridColumn, value: Any, text: str) -> None:
        """Take one value; ``text`` is the label of a referenced row."""
        self.values[column.path] = value
        if column.labelled is not None:
            self.values[column.shown] = text
        self._marks.pop((None, column.path), None)
        self._notice.hide()

    def typed(self) -> dict[str, Any]:
        """The values that the person gave, without those that the filters gave."""
        schema, given = self._grid.handle.schema, self.given
        changed = {path: value for path, value in self.values.items() if given.get(path) != value}
        return {path: value for path, value in changed.items() if schema.column(path) is not None}

    def _ask_labels(self) -> None:
        """Ask what the rows are called that the given values refer to."""
        from widgets.editor.lookup import ask_label

        grid = self._grid
        for reference in grid.handle.schema.references:
            values = [self.given.get(name) for name in reference.via]
            target = grid.context.open_table(grid.handle, reference.table) if None not in values else None
            if target is not None and target.schema is not None:
                path = f"{reference.name}:label"
                ask_label(target, reference.columns, values, lambda label, path=path: self._take_label(path, label))

    def _take_label(self, path: str, label: str) -> None:
        if self._grid.editing.draft is self:
            self.values.setdefault(path, label)
            self._grid.viewport().update()

    def write(self) -> None:
        """Write the row; what is refused is said at its cell."""
        if self.is_writing:
            return
        schema = self._grid.handle.schema
        values = {path: value for path, value in self.values.items() if schema.column(path) is not None}
        self._marks.forget_draft()
        if problems := self._problems(values):
            self._refuse(problems)
            return
        if reason := self._grid.handle.why_closed:
            said = say("{reason}. The new row stays here", reason=say_again(reason))
            self._notice.say(said, tone="warning")
            return
        self.is_writing = True
        self._grid.handle.commit([Insert(values)], lambda answer: self._take_inserted(answer, values))

    def _problems(self, values: dict[str, Any]) -> dict[str, str]:
        """What can be told before the source is asked, all at once: column path (or empty) → message."""
        labels = {column.path: column.label for column in self._grid.columns}

        def title(column: Column) -> str:
            return labels.get(column.name) or heading(column)

        problems = row_problems(self._grid.handle.schema, values, title, is_new=True)
        found = {name: say_again(text) for name, text in problems.items()}
        grid, checks = self._grid, self._grid.content.checks
        outer = outer_names(checks, grid.handle.schema)
        return {**broken(checks, reader_with(self.values.get, outer, grid.context.scope.glance)), **found}

    def _refuse(self, problems: dict[str, str]) -> None:
        """Mark every cell that is wrong, and go to the first one; what has no cell here is said."""
        grid, shown = self._grid, []
        for index, column in enumerate(grid.columns):
            if column.path in problems:
                value = self.values.get(column.path)
                text = str(self.values.get(column.shown) or "") if column.labelled else column.write(value)
                self._marks[(None, column.path)] = Mark(value, text, problems[column.path])
                shown.append((index, column.path))
        if shown:
            grid.go(grid.row_count() - 1, shown[0][0])
        others = [text for path, text in problems.items() if path not in {path for _, path in shown}]
        if others:
            first = [problems[shown[0][1]]] if shown else []
            self._notice.say(". ".join([*first, *others]), takes_focus=False)
        grid.viewport().update()

    def _take_inserted(self, answer: Any, values: dict[str, Any]) -> None:
        self.is_writing, is_stored = False, not isinstance(answer, Exception)
        self._take_stored(answer, values) if is_stored else self._take_refusal(answer)
        then, self.then = self.then, None
        if then is not None:
            then(is_stored)

    def _take_stored(self, answer: Any, values: dict[str, Any]) -> None:
        grid = self._grid
        grid.editing.take_inserted(answer.keys[0])
        if self.belongs_here():
            grid.current.key = answer.keys[0]
        self._write_later_values(answer.keys[0], values)
        grid.rows.reload()
        if self.belongs_here():
            from widgets.listing.left_out import tell_left_out

            tell_left_out(grid, [tuple(answer.keys[0])])

    def _take_refusal(self, answer: Exception) -> None:
        grid = self._grid
        column = answer.column if isinstance(answer, ConstraintError) else ""
        index = next((at for at, shown in enumerate(grid.columns) if shown.path == column), None)
        if index is not None and grid.editing.draft is self:
            value = self.values.get(column)
            self._marks[(None, column)] = Mark(value, grid.columns[index].write(value), self._refusal(answer))
            grid.go(grid.row_count() - 1, index)
        else:
            self._notice.say(self._refusal(answer))

    def _refusal(self, error: Exception) -> str:
        """Why it was not stored; under another master also where it belongs."""
        said = sentence(error)
        if self.belongs_here():
            return said
        schema = self._grid.handle.schema
        place = ", ".join(f"{schema.column(path).label or title_of(path)} {self.given[path]}" for path in self.given)
        belongs = say("This new row belongs to {place}", place=place or say("other rows"))
        return f"{said}{'' if said.endswith('.') else '.'} {belongs}"

    def _write_later_values(self, key: Key, sent: dict[str, Any]) -> None:
        """What was typed while the row was on its way is an edit of the stored row."""
        schema, columns = self._grid.handle.schema, {column.path: column for column in self._grid.columns}
        for path, value in self.values.items():
            if path in columns and schema.column(path) is not None and (path not in sent or sent[path] != value):
                column = columns[path]
                text = str(self.values.get(column.shown) or "") if column.labelled else column.write(value)
                self._grid.editing.writing.write(Edit(key, path, value, sent.get(path)), text)
