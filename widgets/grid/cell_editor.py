"""The editor over a cell: made for one edit, kept over its cell, gone when its value is taken or given up.

Its keys are here too (Return, Tab, Escape); what happens to the value afterwards is decided in ``edit``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kernel.tables.change import Key
from widgets.editor.editor import Subject
from widgets.editor.table import editor_name, make_editor
from widgets.grid.mark import Mark

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.edit import Editing

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_RETURNS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


#: The events of an editor that may end it.
_WATCHED = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.FocusOut)


#: Width of editors with several lines, and of others the widest that is more than their cell, in pixels.
TALL_WIDTH, WIDEST = 300, 260


class CellEditor(QObject):
    """One open field editor.

    Args:
        editing: Hears of the keys that end the edit.
        read: Reads the row's values by path.
        mark: What the cell shows instead of its stored value, or None.

    Attributes:
        field: The field editor.
        key: The row's key, None for the new row.
        index: The column's index.
        seen: The value that was stored when the edit began.
    """

    def __init__(self, editing: Editing, read: Callable[[str], Any], mark: Mark | None) -> None:
        grid = editing.grid
        self._editing, self._grid = editing, grid
        self.key: Key | None = grid.row_key(grid.current.row)
        self.index = grid.current.column
        column = self.column
        name = editor_name(column.column, column.labelled, column.editor)
        subject = Subject(column.column, grid.context, grid.handle, column.labelled, column.label, "", 4, True)
        self.field = make_editor(name, subject, grid.viewport())
        super().__init__(self.field)
        self.seen = read(column.path)
        #: The row's version then; empty while the cell showed an edit of the person's own.
        self._version = "" if mark else self._row_now()[1]
        self._read = read
        if column.labelled is not None:
            self._tell_others(editing)
        self.field.set_value(mark.value if mark else self.seen)
        if column.labelled and not mark:
            self.field.set_label_text(str(read(column.shown) or ""))
        text = column.write(self.seen) if column.labelled is None and self.field.extra_width else ""
        self._text_width = round(grid.look.measure.width(text)) + self.field.extra_width if text else 0
        self.field.committed.connect(lambda: editing.accept_and_go(1, 0))
        for part in (self.field, *self.field.findChildren(QObject)):
            part.installEventFilter(self)

    @property
    def column(self) -> GridColumn:
        """The edited column."""
        return self._grid.columns[self.index]

    def _tell_others(self, editing: Editing) -> None:
        """Give a reference of several columns what the others hold, and which of them stay as they are."""
        via, schema = self.column.labelled.via, self._grid.handle.schema
        given = editing.draft.given if self.key is None and editing.draft is not None else {}
        present = {name: self._read(name) for name in via if name != self.column.path}
        closed = {name for name in present if (one := schema.column(name)) is None or one.is_generated
                  or one.read_only_reason or name in given}  # fmt: skip
        self.field.set_others(present, {name: present[name] for name in closed})

    def others(self) -> dict[str, Any]:
        """What the other columns of its reference hold by what was chosen, as far as they change."""
        return {name: value for name, value in self.field.others().items() if self._read(name) != value}

    def whole(self) -> dict[str, Any]:
        """What all other columns of its reference hold by now; empty where it is in one column."""
        via = self.column.labelled.via if self.column.labelled is not None else ()
        present = {name: self._read(name) for name in via if name != self.column.path}
        return {**present, **self.field.others()}

    def write_whole(self, value: Any, text: str, others: dict[str, Any]) -> None:
        """Write a reference of several columns at once; ``text`` is the label of the row that was chosen."""
        from widgets.grid.write import Edit

        editing, key, version = self._editing, self.key, self.version()
        if key is not None:
            more = tuple(Edit(key, path, one, self._read(path), version) for path, one in others.items())
            editing.writing.write(Edit(key, self.column.path, value, self.seen, version, more), text)
        elif editing.draft is not None:
            editing.draft.values.update(others)
            editing.draft.put(self.column, value, text)

    def version(self) -> str:
        """The row's version that the edit is of: where another value came into the cell meanwhile, the one that the
        person saw, so that the source tells of the conflict; else empty."""
        value, version = self._row_now()
        is_same = value == self.seen and type(value) is type(self.seen)
        return "" if is_same or version == self._version else self._version

    def _row_now(self) -> tuple[Any, str]:
        """The cell's stored value and the row's version on screen; what the edit began with when it is not here."""
        cache = self._grid.rows.cache
        row = cache.row_of(self.key) if self.key is not None else None
        if row is None:
            return self.seen, ""
        page, index = cache.find(row)
        values = page.block.columns.get(self.column.path)
        return (values[index] if values is not None else self.seen), page.block.versions[index]

    def show(self, typed: str) -> None:
        """Show it over its cell; ``typed`` replaces the content."""
        self.place()
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        if typed:
            self.field.start(typed)
        else:
            self.field.select_all()

    def place(self) -> None:
        """Keep it over its cell."""
        grid = self._grid
        row = grid.rows.cache.row_of(self.key) if self.key is not None else grid.row_count() - 1
        if row is None:
            return
        box, field = grid.places.cell_rect(row, self.index), self.field
        if field.is_inset:
            field.setGeometry(box.adjusted(2, 2, -2, -3))
            return
        height = max(box.height(), field.sizeHint().height() if field.is_tall else 0)
        least = TALL_WIDTH if field.is_tall else min(max(field.minimumSizeHint().width(), self._text_width), WIDEST)
        wanted = QRect(box.topLeft(), QSize(max(box.width(), least), height))
        if grid.places.is_turned:
            wanted.moveRight(box.right())
        field.setGeometry(within(wanted, box, grid.viewport(), is_turned=grid.places.is_turned))

    def text(self, value: Any) -> str:
        """The value as its cell will show it."""
        if self.column.labelled is not None and value is not None and self.column.editor in ("auto", "lookup"):
            return self.field.line.text()
        return self.column.write(value)

    def remove(self) -> None:
        """Take it away and give the focus back to the grid."""
        field = self.field
        had_focus = field.isAncestorOf(field.window().focusWidget() or field)
        field.hide()
        field.deleteLater()
        if had_focus:
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Return, Tab and Escape of the editor; leaving it accepts."""
        # NOTE: looked at first, as other events come while the editor and the grid are taken down, half of them gone.
        if event.type() not in _WATCHED or self._editing.cell is not self or self._is_popup(watched):
            return False
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        if event.type() == QEvent.Type.FocusOut:
            self._editing.take_focus_out()
        return event.type() == QEvent.Type.KeyPress and self._take_key(event)

    def _is_popup(self, part: QObject) -> bool:
        """Lists and calendars of the editor are windows of their own, and their keys are theirs."""
        return isinstance(part, QWidget) and part.window() is not self._grid.window()

    def _take_key(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers()
        if self.field.is_waiting and key in (*_TABS, *_RETURNS):
            self.field.hold(event)
            return True
        if self.field.is_listing and key not in _TABS:
            return False
        if key == Qt.Key.Key_Escape:
            self._editing.cancel()
        elif key in _TABS:
            if self.field.is_listing:
                self.field.take_listed()
            self._editing.accept_and_go(0, -1 if key == Qt.Key.Key_Backtab or modifiers & _SHIFT else 1)
        elif key in _RETURNS and modifiers & Qt.KeyboardModifier.ControlModifier:
            self._editing.accept_for_all()
        elif key in _RETURNS:
            if self.field.takes_return and modifiers & (_SHIFT | Qt.KeyboardModifier.AltModifier):
                self.field.break_line()
            else:
                self._editing.accept_and_go(-1 if modifiers & _SHIFT else 1, 0)
        else:
            return False
        return True


def within(wanted: QRect, cell: QRect, view: QWidget, *, is_turned: bool = False) -> QRect:
    """A place for an editor that is larger than its cell: moved, and narrower if it must be, so that the view does not
    cut it off; where its cell is out of sight, it goes along."""
    size = wanted.size().boundedTo(view.size()) if wanted.size() != cell.size() else wanted.size()
    left, top = wanted.right() + 1 - size.width() if is_turned else wanted.left(), wanted.top()
    if size.width() > cell.width() and cell.left() < view.width() and cell.right() >= 0:
        last = max(view.width() - size.width(), 0)
        left = max(left, 0) if is_turned else min(left, last)
    if size.height() > cell.height() and cell.top() < view.height():
        top = min(top, max(view.height() - size.height(), 0))
    return QRect(left, top, size.width(), size.height())
