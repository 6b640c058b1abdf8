"""A plugin's own editor of one value: bound as an ``input`` is, and as large as its place.

The value is a state of the window, or a cell of a view's current row; a cell's checks, conflicts, waiting edits and
the guard at closing are a form's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from widgets.field import Field
from widgets.form import Form
from widgets.form_bar import FormBar
from widgets.grid.state import StateView
from widgets.input import Input

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context
    from widgets.editor.editor import FieldEditor, Subject

#: Makes the editor of a subject: ``make(subject, parent)``.
MakeEditor = Callable[["Subject", QWidget], "FieldEditor"]


class Bound(Input):
    """The place of the editor; ``node`` has the property ``value``, and ``label`` and ``editable`` where it likes.

    Args:
        node: The plugin's node.
        context: The window's surroundings.
        parent: Its parent.
        make: Makes the editor, once the column is known.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget, make: MakeEditor) -> None:
        self._make = make
        super().__init__(node, context, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._column.takeAt(self._column.count() - 1)  # the room below an input
        self._column.setStretch(self._column.count() - 1, 1)

    @property
    def field_editor(self) -> FieldEditor | None:
        """The plugin's editor; None until the column is known."""
        if self.form is not None:
            return self.form.fields[0].editor if self.form.fields else None
        return self.editor

    @property
    def row_key(self) -> tuple | None:
        """The key of the row that is shown; None for a state, or where there is no row."""
        return self.form.row.key if self.form is not None and self.form.row is not None else None

    @property
    def holds_edit(self) -> bool:
        """Whether the value has an edit that is not written; a state takes what is typed, so it always has."""
        if self.form is None:
            return True
        row = self.form.row
        return row is not None and bool(self.form.fields) and self.form.fields[0].column_name in row.edits

    def make_form(self, node: Node) -> Form:
        """See :meth:`Input.make_form`."""
        return CellForm(node, self.context, self, self._make)

    def make_editor(self, name: str, subject: Subject) -> FieldEditor:
        """See :meth:`Input.make_editor`."""
        return self._make(subject, self)

    def write(self) -> None:
        """Write what is typed; a state has it already."""
        if self.form is not None:
            self.form.write_row()


class CellForm(Form):
    """A form of one field that fills it."""

    def __init__(self, node: Node, context: Context, parent: QWidget, make: MakeEditor) -> None:
        self._make = make
        super().__init__(node, context, parent)

    def make_editor(self, name: str, subject: Subject, parent: QWidget) -> FieldEditor:
        """See :meth:`Form.make_editor`."""
        return self._make(subject, parent)

    def _build_fields(self) -> None:
        column = self.node.children[0]
        field = Field(column.children[0], self.context, self.area.body, self)
        self.fields.append(field)
        if column.children[0].get("label"):
            field.hold_label()
        else:
            field.label.hide()
        self.area.show_parts([field])

    def _build_frame(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.bar = FormBar(self.context.theme, self)
        outer.addWidget(self.bar)
        self.area = _Room(self)
        outer.addWidget(self.area, 1)
        self.state = StateView(self, self.context.theme)


class _Room(QWidget):
    """Where the field stands; what a form asks of a :class:`widgets.field_area.FieldArea`."""

    def __init__(self, form: CellForm) -> None:
        super().__init__(form)
        self.columns = 1
        self.body = self
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)

    def show_parts(self, parts: list[QWidget]) -> None:
        """Take what is built: it fills the room."""
        for part in parts:
            self.layout().addWidget(part, 1)

    def take_width(self, width: int) -> None:
        """Nothing stands side by side."""

    def place(self) -> None:
        """Nothing to place anew."""
