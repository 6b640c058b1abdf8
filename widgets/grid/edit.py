"""Edits in a grid: the open editor, edits under way, refused edits, conflicts, the new row, deleting.

A typed value is never lost: it stays in its editor or its mark until the source took it or the person gave it up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtWidgets import QWidget

from kernel.tables.change import Delete, Insert, Key, Update
from kernel.tables.error import ConflictError, ConstraintError
from widgets.grid.mark import Mark

if TYPE_CHECKING:
    from widgets.editor.editor import FieldEditor
    from widgets.grid.grid import Grid


class Editing(QObject):
    """One grid's edits.

    Attributes:
        editor: The open editor, or None.
        marks: (row key, column) → what its cell shows instead of the stored value; the key is None for the new row.
        draft: The new row's values, or None when there is no new row.
    """

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self.grid = grid
        self.editor: FieldEditor | None = None
        self.cell: tuple[Key | None, int] | None = None
        self.marks: dict[tuple[Key | None, str], Mark] = {}
        self.draft: dict[str, Any] | None = None
        self._given: dict[str, Any] = {}
        self._seen: Any = None
        self._writing: dict[Key, list[tuple[str, Any, Any]]] = {}
        self._is_writing_draft = False
        self._bubble: Any = None

    # -- the editor -----------------------------------------------------------------------------------------------

    def open(self, typed: str = "") -> bool:
        """Open the current cell's editor; ``typed`` replaces its content. False = it cannot be edited."""
        grid = self.grid
        if grid.current_row < 0 or self.editor is not None or not grid.columns:
            return False
        column = grid.columns[grid.current_column]
        read = grid.reader(grid.current_row)
        if read is None or not grid.can_edit(column):
            self._say_read_only(column)
            return False
        from widgets.editor.editor import Subject
        from widgets.editor.table import editor_name, make_editor

        name = editor_name(column.column, column.reference, column.editor)
        subject = Subject(
            column.column, grid.context, grid.handle, column.reference, column.label, "", 4, True
        )
        editor = make_editor(name, subject, grid.viewport())
        key = grid.row_key(grid.current_row)
        mark = self.marks.get((key, column.path))
        self._seen = read(column.path)
        editor.set_value(mark.value if mark else self._seen)
        if column.reference and not mark:
            editor.set_label_text(str(read(column.shown) or ""))
        self.editor, self.cell = editor, (key, grid.current_column)
        editor.committed.connect(lambda: self._accept_and_go(1, 0))
        for part in (editor, *editor.findChildren(QObject)):
            part.installEventFilter(self)
        self.place()
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if typed:
            editor.start(typed)
        else:
            editor.select_all()
        if mark and mark.message:
            self._say(mark.message)
        return True

    def place(self) -> None:
        """Keep the editor over its cell."""
        if self.editor is None or self.cell is None:
            return
        grid = self.grid
        key, column = self.cell
        row = grid.rows.cache.row_of(key) if key is not None else grid.row_count() - 1
        if row is None:
            return
        box = grid.cell_rect(row, column)
        height = max(box.height(), self.editor.sizeHint().height() if self._is_tall() else 0)
        width = max(box.width(), 300 if self._is_tall() else min(self.editor.minimumSizeHint().width(), 260))
        self.editor.setGeometry(QRect(box.left(), box.top(), width, height))

    def _is_tall(self) -> bool:
        kind = type(self.editor).__name__
        return kind in ("LongTextEditor", "FileEditor")

    def accept(self) -> bool:
        """Take the editor's value; False when it is not valid (the editor stays, with the message)."""
        editor, cell = self.editor, self.cell
        if editor is None or cell is None:
            return True
        message = editor.is_valid()
        if message:
            self._say(message)
            return False
        value = editor.value()
        column = self.grid.columns[cell[1]]
        key, seen = cell[0], self._seen
        text = self._text_of(editor, column, value)
        had_mark = (key, column.path) in self.marks
        self.close()
        if value == seen and type(value) is type(seen):
            if had_mark:
                self.marks.pop((key, column.path))
        elif key is None and self.draft is not None:
            self._put_draft(column, value, text)
        elif key is not None:
            self._write(key, column.path, value, seen, text)
        self.grid.viewport().update()
        return True

    def cancel(self) -> None:
        """Give the edit up."""
        if self.cell is not None:
            column = self.grid.columns[self.cell[1]]
            mark = self.marks.get((self.cell[0], column.path))
            if mark is not None and mark.message:
                self.marks.pop((self.cell[0], column.path))
        self.close()

    def close(self) -> None:
        """Remove the editor and give the focus back to the grid."""
        editor, self.editor, self.cell = self.editor, None, None
        self._hide_bubble()
        if editor is not None:
            had_focus = editor.isAncestorOf(editor.window().focusWidget() or editor)
            editor.hide()
            editor.deleteLater()
            if had_focus:
                self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grid.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Return, Tab and Escape of the editor; leaving it accepts."""
        if self.editor is None or self._is_popup(watched):
            return False
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        if event.type() == QEvent.Type.FocusOut:
            self.take_focus_out()
        if event.type() != QEvent.Type.KeyPress:
            return False
        shown = getattr(self.editor, "_list", None)
        if shown is not None and shown.isVisible() and event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        key, modifiers = event.key(), event.modifiers()
        if key == Qt.Key.Key_Escape:
            self.cancel()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            if shown is not None and shown.isVisible():
                self.editor.blockSignals(True)
                shown.handle_key(Qt.Key.Key_Return)
                self.editor.blockSignals(False)
            if self.editor is not None:
                self._accept_and_go(0, -1 if key == Qt.Key.Key_Backtab or modifiers & _SHIFT else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            is_long = type(self.editor).__name__ == "LongTextEditor"
            if is_long and modifiers & (_SHIFT | Qt.KeyboardModifier.AltModifier):
                self.editor.text.insertPlainText("\n")
            else:
                self._accept_and_go(-1 if modifiers & _SHIFT else 1, 0)
        else:
            return False
        return True

    def _is_popup(self, part: QObject) -> bool:
        """Lists and calendars of the editor are windows of their own, and their keys are theirs."""
        return isinstance(part, QWidget) and part.window() is not self.grid.window()

    def _accept_and_go(self, rows: int, columns: int) -> None:
        if self.editor is None:
            return
        is_draft = self.cell is not None and self.cell[0] is None
        if not self.accept():
            return
        grid = self.grid
        if is_draft and rows:
            self.write_draft()
        elif rows:
            grid.go(grid.current_row + rows)
        elif columns:
            at = grid.current_column + columns
            if 0 <= at < len(grid.columns):
                grid.go(grid.current_row, at)
            elif not is_draft:
                grid.go(grid.current_row + (1 if at > 0 else -1), 0 if at > 0 else len(grid.columns) - 1)

    def take_focus_out(self) -> None:
        """When the person went to another part of the window: accept the open editor, write the new row."""
        if self.editor is not None or self.draft is not None:
            QTimer.singleShot(0, self, self._check_focus)

    def _check_focus(self) -> None:
        focus = self.grid.window().focusWidget()
        is_elsewhere = focus is not None and focus is not self.grid and not self.grid.isAncestorOf(focus)
        if is_elsewhere and self.accept():
            self.leave_draft()

    def enter(self) -> bool:
        """Return: write the new row, else edit the cell."""
        if self.is_draft(self.grid.current_row) and self.draft:
            self.write_draft()
            return True
        return self.open()

    def escape(self) -> bool:
        """Escape: the refused edit of this cell, then the new row, then the selection."""
        grid = self.grid
        if self._bubble is not None and self._bubble.text:
            mark = self._current_mark()
            if mark is not None and mark[1].message and not self.is_draft(grid.current_row):
                self.marks.pop(mark[0])
            self._hide_bubble()
            if not self.is_draft(grid.current_row):
                return True
        if self.is_draft(grid.current_row):
            self.drop_draft()
            return True
        if grid.anchor is not None:
            grid.anchor = None
            grid.viewport().update()
            return True
        return False

    def switch(self) -> None:
        """Switch a boolean cell."""
        self._set_current({True: False, False: True, None: True})

    def empty(self) -> None:
        """Empty the current cell: null, or refused when a value is required."""
        self._set_current(None)

    def _set_current(self, new: Any) -> None:
        grid = self.grid
        if grid.current_row < 0 or not grid.columns:
            return
        column, read = grid.columns[grid.current_column], grid.reader(grid.current_row)
        if read is None or not grid.can_edit(column):
            self._say_read_only(column)
            return
        key = grid.row_key(grid.current_row)
        mark = self.marks.get((key, column.path))
        before = mark.value if mark else read(column.path)
        value = new.get(before, True) if isinstance(new, dict) else new
        if value is None and column.column.is_required:
            self._say(f"{column.label} is required")
        elif key is None:
            self._put_draft(column, value, column.write(value))
        elif value is not before:
            self._write(key, column.path, value, read(column.path), column.write(value))
        grid.viewport().update()

    # -- writing --------------------------------------------------------------------------------------------------

    def _write(self, key: Key, path: str, value: Any, seen: Any, text: str) -> None:
        self.marks[(key, path)] = Mark(value, text)
        if key in self._writing:
            self._writing[key].append((path, value, seen))
            return
        self._writing[key] = []
        self._send(key, path, value, seen)

    def _send(self, key: Key, path: str, value: Any, seen: Any, version: str | None = None) -> None:
        row = self.grid.rows.cache.row_of(key)
        if version is None:
            found = self.grid.rows.cache.find(row) if row is not None else None
            version = found[0].block.versions[found[1]] if found else ""
        change = Update(key, version, {path: value})
        self.grid.handle.commit([change], lambda answer: self._take_written(answer, key, path, value, seen))

    def _take_written(self, answer: Any, key: Key, path: str, value: Any, seen: Any) -> None:
        if isinstance(answer, ConflictError):
            self._take_conflict(answer, key, path, value, seen)
            return
        mark = self.marks.get((key, path))
        if isinstance(answer, Exception):
            waiting = self._writing.pop(key, [])
            self.marks[(key, path)] = Mark(value, mark.text if mark else str(value), _sentence(answer))
            for other, other_value, other_seen in waiting:
                kept = self.marks.get((key, other))
                self._write(key, other, other_value, other_seen, kept.text if kept else str(other_value))
            self._return_to(key, path)
            return
        written = answer.keys[0] if answer.keys else key
        if written != key:
            self.marks.pop((key, path), None)
            self._writing.pop(key, None)
            if self.grid.current_key == key:
                self.grid.current_key = written
            return
        self.grid.rows.refresh([key])

    def settle(self, keys: list[Key]) -> None:
        """Newer values of these rows have come: their written edits are done, waiting ones go."""
        for key in keys:
            if key not in self._writing:
                continue
            waiting = self._writing[key]
            names = {path for path, _, _ in waiting}
            for at in [at for at in self.marks if at[0] == key and at[1] not in names and not self.marks[at].message]:
                self.marks.pop(at)
            if waiting:
                path, value, seen = waiting.pop(0)
                self._send(key, path, value, seen)
            else:
                self._writing.pop(key)

    def _take_conflict(self, error: ConflictError, key: Key, path: str, value: Any, seen: Any) -> None:
        block = error.current
        if key not in block.keys:
            self._writing.pop(key, None)
            self.marks.pop((key, path), None)
            self._say("This row was deleted meanwhile; your edit could not be written")
            self.grid.rows.reload()
            return
        index = block.keys.index(key)
        theirs, version = block.columns.get(path, [None] * len(block))[index], block.versions[index]
        if theirs in (seen, value):
            self._send(key, path, value, seen, version)
            return
        column = next(column for column in self.grid.columns if column.path == path)
        mine = self.marks[(key, path)].text if (key, path) in self.marks else str(value)
        self.marks[(key, path)] = Mark(value, mine, "Changed by someone else meanwhile")

        def take_theirs() -> None:
            self.marks.pop((key, path), None)
            self._writing.pop(key, None)
            self.grid.rows.refresh([key])

        def keep_mine() -> None:
            self.marks[(key, path)] = Mark(value, mine)
            self._send(key, path, value, theirs, version)

        self._return_to(key, path, is_silent=True)
        sentence = f"{column.label} was changed to “{column.write(theirs) or 'empty'}” meanwhile; yours is “{mine}”"
        self._say(sentence, tone="warning", answers=(("Take theirs", take_theirs), ("Keep mine", keep_mine)))

    def _return_to(self, key: Key, path: str, *, is_silent: bool = False) -> None:
        """Go back to a refused edit and open its editor with the typed value, unless another is being edited."""
        grid = self.grid
        row = grid.rows.cache.row_of(key)
        index = next((index for index, column in enumerate(grid.columns) if column.path == path), None)
        if row is None or index is None or self.editor is not None:
            grid.viewport().update()
            return
        grid.go(row, index)
        if not is_silent and grid.hasFocus():
            self.open()
        else:
            self.show_message()

    # -- the new row ----------------------------------------------------------------------------------------------

    def is_draft(self, row: int) -> bool:
        """Whether that row is the new one."""
        return self.draft is not None and row == (self.grid.rows.cache.count or 0)

    def start_draft(self) -> None:
        """Show an empty row at the end, holding what the filters ask of a new row."""
        grid = self.grid
        schema = grid.handle.schema
        if schema is None or self.draft is not None or not self.accept():
            return
        if not grid.can_edit():
            self._say_read_only(None)
            return
        from widgets.filter import linked_values

        filters = [(grid.handle.filter_text, grid.handle.parameters), (grid.rows.filter_text, grid.rows.parameters)]
        self._given = linked_values(schema, filters)
        self.draft = dict(self._given)
        grid._update_bars()
        grid._show_state()
        first = next((at for at, column in enumerate(grid.columns) if self._is_asked(column)), 0)
        grid.go(grid.row_count() - 1, first)
        grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_asked(self, column: Any) -> bool:
        schema = self.grid.handle.schema
        is_serial = column.column is not None and schema.key == (column.path,) and column.column.type == "integer"
        return self.grid.can_edit(column) and not is_serial and column.path not in (self.draft or {})

    def _put_draft(self, column: Any, value: Any, text: str) -> None:
        assert self.draft is not None
        self.draft[column.path] = value
        if column.reference is not None:
            self.draft[column.shown] = text
        self.marks.pop((None, column.path), None)
        self._hide_bubble()

    def has_edits(self) -> bool:
        """Whether anything is typed that is not written: in the editor, in the new row, or refused."""
        is_typed = self.editor is not None and self.editor.is_touched
        return is_typed or bool(self._typed_draft()) or any(mark.message for mark in self.marks.values())

    def _typed_draft(self) -> dict[str, Any]:
        """The new row's values that the person gave, without those that its filters gave."""
        return {path: value for path, value in (self.draft or {}).items() if self._given.get(path) != value}

    def leave_draft(self) -> bool:
        """The current row is about to change: write the new row, or drop it when nothing was typed. True = go on."""
        if self.draft is None or self._is_writing_draft:
            return True
        if self._typed_draft():
            self.write_draft()
            return False
        self.drop_draft()
        return True

    def write_draft(self) -> None:
        """Write the new row; what is refused is said at its cell."""
        if self.draft is None or self._is_writing_draft:
            return
        schema, grid = self.grid.handle.schema, self.grid
        values = {path: value for path, value in self.draft.items() if schema.column(path) is not None}
        self.marks = {at: mark for at, mark in self.marks.items() if at[0] is not None}
        self._is_writing_draft = True
        grid.handle.commit([Insert(values)], self._take_inserted)

    def _take_inserted(self, answer: Any) -> None:
        self._is_writing_draft = False
        grid = self.grid
        if not isinstance(answer, Exception):
            self.draft = None
            grid.current_key = answer.keys[0]
            grid.rows.reload()
            return
        column = answer.column if isinstance(answer, ConstraintError) else ""
        index = next((at for at, shown in enumerate(grid.columns) if shown.path == column), None)
        if index is not None and self.draft is not None:
            value = self.draft.get(column)
            self.marks[(None, column)] = Mark(value, grid.columns[index].write(value), _sentence(answer))
            grid.go(grid.row_count() - 1, index)
        else:
            self._say(_sentence(answer))

    def drop_draft(self) -> None:
        """Give the new row up."""
        if self.draft is None:
            return
        self.close()
        self.draft = None
        self.marks = {at: mark for at, mark in self.marks.items() if at[0] is not None}
        grid = self.grid
        grid._update_bars()
        count = grid.rows.cache.count or 0
        grid.current_row = min(grid.current_row, count - 1)
        grid.set_current_key(grid.row_key(grid.current_row) if grid.current_row >= 0 else None)
        grid._show_state()

    # -- deleting -------------------------------------------------------------------------------------------------

    def ask_delete(self) -> None:
        """Ask beside the row; deleting takes all the selected rows or none."""
        grid = self.grid
        if self.is_draft(grid.current_row):
            self.drop_draft()
            return
        if not grid.can_edit():
            self._say_read_only(None)
            return
        if grid.current_row < 0 or not self.accept():
            return
        area, changes = grid.selection(), []
        for row in range(area.top(), area.bottom() + 1):
            found = grid.rows.cache.find(row)
            if found is not None:
                changes.append(Delete(found[0].block.keys[found[1]], found[0].block.versions[found[1]]))
        if len(changes) != area.height():
            self._say("Not all of the selected rows have been read yet; scroll through them first")
            return
        what = "this row" if len(changes) == 1 else f"these {len(changes)} rows"
        delete = lambda: grid.handle.commit(changes, self._take_deleted)  # noqa: E731
        self._say(f"Delete {what}? This cannot be undone.", tone="warning",
                  answers=(("Delete", delete), ("Cancel", lambda: None)))  # fmt: skip

    def _take_deleted(self, answer: Any) -> None:
        self.grid.anchor = None
        if isinstance(answer, Exception):
            self._say(_sentence(answer))

    # -- messages -------------------------------------------------------------------------------------------------

    def message(self) -> str:
        """What is wrong with the current cell, or empty."""
        mark = self._current_mark()
        return mark[1].message if mark else ""

    def show_message(self) -> None:
        """Show the current cell's message, or none."""
        if message := self.message():
            self._say(message)
        elif self.editor is None:
            self._hide_bubble()

    def _current_mark(self) -> Any:
        grid = self.grid
        if grid.current_row < 0 or not grid.columns:
            return None
        at = (grid.row_key(grid.current_row), grid.columns[grid.current_column].path)
        return (at, self.marks[at]) if at in self.marks else None

    def _say(self, text: str, *, tone: str = "error", answers: Any = ()) -> None:
        if self._bubble is None:
            from widgets.grid.bubble import Bubble

            self._bubble = Bubble(self.grid, self.grid.context.theme, self.grid.setFocus)
        grid = self.grid
        box = grid.cell_rect(max(grid.current_row, 0), grid.current_column) if grid.columns else QRect()
        self._bubble.say(box.translated(grid.viewport().pos()), text, tone=tone, answers=answers)
        grid.viewport().update()

    def _say_read_only(self, column: Any) -> None:
        schema = self.grid.handle.schema
        if schema is not None and not schema.is_editable and schema.read_only_reason:
            self._say(schema.read_only_reason, tone="warning")
        elif not self.grid.can_edit():
            self._say("These rows are only shown here; they are not edited in this list", tone="warning")
        elif column is None:
            return
        elif column.column is None or column.column.is_generated:
            self._say(f"{column.label} is worked out from other values", tone="warning")

    def _hide_bubble(self) -> None:
        if self._bubble is not None:
            self._bubble.close_bubble()

    def _text_of(self, editor: Any, column: Any, value: Any) -> str:
        if column.reference is not None and value is not None:
            return editor.line.text()
        return column.write(value)


def _sentence(error: Exception) -> str:
    hint = getattr(error, "hint", "")
    message = str(getattr(error, "message", error))
    message = message[:1].upper() + message[1:]
    return f"{message}. {hint}" if hint else message


_SHIFT = Qt.KeyboardModifier.ShiftModifier
