"""New rows in a form: for views that cannot show a row which is not stored yet, such as lists and cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from widgets.form import Form


class NewRow(QObject):
    """One form's new rows. ``given_up`` when one was begun and nothing came of it, ``stored`` with its key."""

    given_up = Signal()
    stored = Signal(object)

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self._form = form
        #: What a row shall hold that is begun when the present one is written.
        self._next: dict[str, Any] | None = None
        form.row.refused.connect(self._forget_next)
        form.row.added.connect(self._take_added)
        form.row.written.connect(self._go_on)

    def start(self, given: dict[str, Any]) -> None:
        """Begin a row with these values; what is typed in the form is written first, and stays when it is refused."""
        form = self._form
        if form.has_edits():
            self._next = given
            form.write_row()
            return
        form.begin_row(given)
        focus_first(form)

    def _forget_next(self) -> None:
        self._next = None

    def _go_on(self) -> None:
        given, self._next = self._next, None
        if given is not None:
            self.start(given)

    def _take_added(self) -> None:
        """The row is stored: the view goes to it, unless the person went on meanwhile."""
        form = self._form
        if not form.is_pinned and self._next is None and hasattr(form.view, "take_added"):
            form.view.take_added(form.row.key)
        self.stored.emit(form.row.key)


def focus_first(form: Form) -> bool:
    """Go to the first field that asks for something; False when there is none."""
    schema, given = form.handle.schema, form.row.given if form.row.is_new else {}
    serial = schema.key[0] if form.row.is_new and len(schema.key) == 1 else ""
    for field in form.fields:
        column = schema.column(field.column_name)
        is_serial = field.column_name == serial and column is not None and column.type == "integer"
        if field.editor is not None and field.can_edit() and not is_serial and field.column_name not in given:
            (field.editor.focusProxy() or field.editor).setFocus(Qt.FocusReason.OtherFocusReason)
            return True
    return False


def can_hold(form: Form, given: dict[str, Any]) -> bool:
    """Whether a new row can be completed in the form: every value that it needs has a field there."""
    from kernel.tables.check import row_problems

    schema = form.handle.schema
    if schema is None or not form.is_editable or not form.fields:
        return False
    fields = {field.column_name for field in form.fields if field.editor is not None}
    return set(row_problems(schema, given, lambda column: column.name, is_new=True)) <= fields
