"""Edits in a grid: which part of it edits now, and what the person's keys mean to that part.

The parts are ``cell_editor`` (one open editor), ``write`` (values on their way) and ``draft`` (the new row); they are
imported when they are needed first, so that a start does not pay for them.
A typed value is never lost: it stays in its editor or its mark until the source took it or the person gave it up.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from kernel.tables.change import Key
from widgets.grid.mark import Mark, Marks
from widgets.grid.notice import Notice

if TYPE_CHECKING:
    from PySide6.QtGui import QInputMethodEvent

    from widgets.editor.editor import FieldEditor
    from widgets.grid.cell_editor import CellEditor
    from widgets.grid.column import GridColumn
    from widgets.grid.draft import Draft
    from widgets.grid.grid import Grid
    from widgets.grid.write import Writing


class Editing(QObject):
    """One grid's edits.

    Attributes:
        cell: The open editor with its cell, or None.
        draft: The new row, or None when there is none.
        marks: What cells show instead of their stored values.
        notice: What is said beside the current cell.
    """

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self.grid = grid
        self.cell: CellEditor | None = None
        self.draft: Draft | None = None
        self.marks = Marks()
        self.notice = Notice(grid)
        grid.rows.asked.connect(self._leave_rows)

    @cached_property
    def writing(self) -> Writing:
        """The values on their way to the source."""
        from widgets.grid.write import Writing

        return Writing(self.grid, self.marks, self.notice, self._go_back)

    @property
    def editor(self) -> FieldEditor | None:
        """The open field editor, or None."""
        return self.cell.field if self.cell is not None else None

    def has_edits(self) -> bool:
        """Whether anything is typed that is not written: in the editor, in the new row, on its way, or refused."""
        is_typed = self.cell is not None and self.cell.field.is_touched
        is_new = self.draft is not None and (self.draft.is_writing or bool(self.draft.typed()))
        # Whatever is under way has its mark, so that a grid without marks need not import the writing.
        if is_typed or is_new or self._is_at_work():
            return True
        return bool(self.marks) and (self.marks.has_refused() or self.writing.is_busy)

    def _is_at_work(self) -> bool:
        """Whether many cells are being written or read."""
        return "block" in self.grid.__dict__ and self.grid.block.work.is_busy

    # -- the editor -----------------------------------------------------------------------------------------------

    def open(self, typed: str = "") -> bool:
        """Open the current cell's editor; ``typed`` replaces its content. False = it cannot be edited."""
        grid = self.grid
        if grid.current.row < 0 or self.cell is not None or not grid.columns:
            return False
        column = grid.columns[grid.current.column]
        read = grid.content.reader(grid.current.row)
        if grid.outline is not None and (reason := grid.outline.refuses(grid.current.row)):
            self.notice.say(reason)
            return False
        if read is None or not grid.can_edit(column) or (not self.is_draft(grid.current.row) and grid.why_not("edit")):
            self.notice.say_read_only(column)
            return False
        from widgets.grid.cell_editor import CellEditor

        mark = self.current_mark()
        self.cell = CellEditor(self, read, mark)
        self.cell.show(typed)
        if mark and mark.message:
            self._say_mark(mark)
        return True

    def compose(self, event: QInputMethodEvent) -> bool:
        """Begin an edit with what an input method composes; False when there is nothing, or no editor for it."""
        if not (event.preeditString() or event.commitString()) or not self.open():
            return False
        target = self.cell.field.focusProxy() or self.cell.field
        # The whole content is selected, so that the composition replaces it.
        QCoreApplication.sendEvent(target, event)
        return True

    def place(self) -> None:
        """Keep the editor over its cell, and what is said beside it."""
        if self.cell is not None:
            self.cell.place()
        self.notice.place()

    def accept(self) -> bool:
        """Take the editor's value; False when it is not valid (the editor stays, with the message)."""
        cell = self.cell
        if cell is None:
            return True
        if message := cell.field.is_valid():
            self.notice.say(message)
            return False
        value, column = cell.field.value(), cell.column
        text, others = cell.text(value), cell.others()
        self.close()
        mark = self.marks.get((cell.key, column.path))
        is_under_way = mark is not None and not mark.message
        if value == cell.seen and type(value) is type(cell.seen) and not is_under_way and not others:
            self.marks.pop((cell.key, column.path), None)
        elif others:
            cell.write_whole(value, text, others)
        else:
            self._take_value(cell.key, column, value, cell.seen, text, cell.version())
        self.grid.viewport().update()
        return True

    def _take_value(
        self, key: Key | None, column: GridColumn, value: Any, seen: Any, text: str, version: str = ""
    ) -> None:
        if key is not None:
            from widgets.grid.write import Edit

            self.writing.write(Edit(key, column.path, value, seen, version), text)
        elif self.draft is not None:
            self.draft.put(column, value, text)

    def cancel(self) -> None:
        """Give the edit up."""
        if self.cell is not None:
            self._give_up((self.cell.key, self.cell.column.path))
        self.close()

    def _give_up(self, at: tuple[Key | None, str]) -> bool:
        """Forget a refused edit and show what is stored; False when there is none."""
        if at not in self.marks or not self.marks[at].message:
            return False
        if self.marks[at].answers and self.writing.conflicts is not None:
            from kernel.tables.merge import THEIRS

            self.writing.conflicts.decide(*at, THEIRS)
        self.marks.pop(at, None)
        if at[0] is not None:
            self.writing.release(at[0])
        self.notice.hide()
        self.grid.viewport().update()
        return True

    def close(self) -> None:
        """Remove the editor and give the focus back to the grid."""
        cell, self.cell = self.cell, None
        self.notice.hide()
        if cell is not None:
            cell.remove()
        self.grid.viewport().update()

    def accept_and_go(self, rows: int, columns: int) -> None:
        """Take the editor's value and go on by rows or by columns; down from the new row writes it."""
        if self.cell is None:
            return
        is_draft = self.cell.key is None
        if not self.accept():
            return
        grid = self.grid
        if is_draft and rows:
            self.write_draft()
        elif not is_draft and grid.selection.walk(rows, columns):
            return
        elif rows:
            grid.go(grid.current.row + rows)
        elif columns:
            at = grid.current.column + columns
            if 0 <= at < len(grid.columns):
                grid.go(grid.current.row, at)
            elif not is_draft:
                grid.go(grid.current.row + (1 if at > 0 else -1), 0 if at > 0 else len(grid.columns) - 1)

    def accept_for_all(self) -> None:
        """Write the editor's value into all selected cells; with one cell it is accepted there."""
        cell, grid = self.cell, self.grid
        if cell is None or not grid.selection.is_several() or cell.key is None:
            self.accept_and_go(1, 0)
            return
        if message := cell.field.is_valid():
            self.notice.say(message)
            return
        value, column, whole = cell.field.value(), cell.column, cell.whole()
        text = cell.text(value)
        self.close()
        grid.block.set_all(column, value, text, whole)

    def take_focus_out(self) -> None:
        """When the person went to another part of the window: accept the open editor, write the new row."""
        if self.cell is not None or self.draft is not None:
            QTimer.singleShot(0, self, self._check_focus)

    def _check_focus(self) -> None:
        focus = self.grid.window().focusWidget()
        is_here = focus is None or focus is self.grid or self.grid.isAncestorOf(focus) or self.notice.owns(focus)
        if not is_here and self.accept():
            self.leave_draft()

    # -- keys -----------------------------------------------------------------------------------------------------

    def enter(self) -> bool:
        """Return: answer the question at the cell, write the new row, else edit the cell."""
        mark = self.current_mark()
        if mark is not None and mark.answers:
            self.notice.take_focus()
            return True
        if self.is_draft(self.grid.current.row) and self.draft.values:
            self.write_draft()
            return True
        return self.open()

    def escape(self) -> bool:
        """Escape: long work, the refused edit of this cell, then the new row, then the selection."""
        grid = self.grid
        if self._is_at_work():
            grid.block.work.cancel()
            return True
        is_draft = self.is_draft(grid.current.row)
        if not is_draft and self._give_up(self._current_place()):
            return True
        if self.notice.text:
            self.notice.hide()
            if not is_draft:
                return True
        if is_draft:
            self.drop_draft()
            return True
        if grid.selection.is_several() or grid.selection.is_adding:
            grid.selection.clear()
            return True
        return False

    def switch(self) -> None:
        """Switch a boolean cell."""
        self._set_current(None, is_switch=True)

    def empty(self) -> None:
        """Empty the current cell: null, or refused when a value is required."""
        self._set_current(None)

    def _set_current(self, value: Any, *, is_switch: bool = False) -> None:
        grid = self.grid
        if grid.current.row < 0 or not grid.columns:
            return
        column, read = grid.columns[grid.current.column], grid.content.reader(grid.current.row)
        if grid.outline is not None and (reason := grid.outline.refuses(grid.current.row)):
            self.notice.say(reason)
            return
        if read is None or not grid.can_edit(column) or (not self.is_draft(grid.current.row) and grid.why_not("edit")):
            self.notice.say_read_only(column)
            return
        mark = self.current_mark()
        before = mark.value if mark else read(column.path)
        if is_switch and before is not None and not isinstance(before, bool):
            self.notice.say(f"{column.label} holds “{str(before)[:40]}”, which is not yes or no; Return edits it")
            return
        value = not before if is_switch else value
        key = grid.row_key(grid.current.row)
        if value is None and column.column.is_required:
            self.notice.say(f"{column.label} is required")
        elif key is None or value is not before:
            self._take_value(key, column, value, read(column.path), column.write(value))
        grid.viewport().update()

    # -- the new row ----------------------------------------------------------------------------------------------

    def is_draft(self, row: int) -> bool:
        """Whether that row is the new one."""
        return self.draft is not None and row == (self.grid.rows.cache.count or 0)

    def start_draft(self) -> None:
        """Show an empty row at the end, holding what the filters ask of a new row."""
        if self.draft is not None:
            from widgets.grid.next_row import begin_next

            begin_next(self)
            return
        if self.grid.handle.schema is None or not self.accept():
            return
        from widgets.grid.draft import Draft
        from widgets.listing.given import why_not_add

        if reason := why_not_add(self.grid):
            self.notice.say(reason, tone="warning")
            return
        self.draft = Draft(self.grid, self.marks, self.notice)
        self.draft.show()

    def leave_draft(self) -> bool:
        """The current row is about to change: write the new row, or drop it when nothing was typed. True = go on."""
        if self.draft is None or self.draft.is_writing:
            return True
        if self.draft.typed():
            self.draft.write()
            return False
        self.drop_draft()
        return True

    def _leave_rows(self) -> None:
        """Other rows are to be shown: a new row that does not belong to them is written, or goes when it is empty."""
        draft = self.draft
        if draft is None or draft.is_writing or draft.belongs_here():
            return
        if self.cell is not None and self.cell.key is None and not self.accept():
            return
        if draft.typed():
            draft.write()
        else:
            self.drop_draft()

    def write_draft(self) -> None:
        """Write the new row, if there is one."""
        if self.draft is not None:
            self.draft.write()

    def drop_draft(self) -> None:
        """Give the new row up, unless it is on its way."""
        if self.draft is None or self.draft.is_writing:
            return
        self.close()
        self.draft = None
        self.marks.forget_draft()
        self.grid.take_draft()

    def take_inserted(self, key: Key) -> None:
        """The new row is stored: an editor that is open in it edits the stored row now."""
        self.draft = None
        if self.cell is not None and self.cell.key is None:
            self.cell.key = key

    def ask_delete(self) -> None:
        """Delete the selected rows after a question; a new row just goes."""
        grid = self.grid
        if self.is_draft(grid.current.row):
            self.drop_draft()
        elif not grid.can_edit():
            self.notice.say_read_only(None)
        elif reason := grid.why_not("delete"):
            self.notice.say(reason, tone="warning")
        elif grid.current.row >= 0 and self.accept():
            grid.block.ask_delete()

    # -- messages -------------------------------------------------------------------------------------------------

    def message(self) -> str:
        """What is wrong with the current cell, or empty."""
        mark = self.current_mark()
        return mark.message if mark else ""

    def show_message(self) -> None:
        """Show the current cell's message, or none."""
        mark = self.current_mark()
        if mark is not None and mark.message:
            self._say_mark(mark)
        elif self.cell is None:
            self.notice.hide()

    def renew_message(self) -> None:
        """Marks changed, and nobody moved: what is said of a mark follows it, anything else stays to be read."""
        if not self.notice.text or self.notice.is_of_mark:
            self.show_message()

    def _say_mark(self, mark: Mark) -> None:
        """Say what is wrong with the current cell; the focus stays where the person types or walks."""
        tone = "warning" if mark.answers else "error"
        self.notice.say(mark.message, tone=tone, answers=mark.answers, takes_focus=False, is_of_mark=True)

    def current_mark(self) -> Mark | None:
        """The current cell's mark, or None."""
        place = self._current_place()
        return self.marks.get(place) if place is not None else None

    def _current_place(self) -> tuple[Key | None, str] | None:
        grid = self.grid
        if grid.current.row < 0 or not grid.columns:
            return None
        return grid.row_key(grid.current.row), grid.columns[grid.current.column].path

    def _go_back(self, key: Key, path: str, opens_editor: bool) -> None:
        """Go back to a refused edit and open its editor with the typed value, unless another is being edited."""
        grid = self.grid
        row = grid.rows.cache.row_of(key)
        index = next((index for index, column in enumerate(grid.columns) if column.path == path), None)
        if row is None or index is None or self.cell is not None:
            grid.viewport().update()
            return
        grid.go(row, index)
        if opens_editor and grid.hasFocus():
            self.open()
