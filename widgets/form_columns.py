"""A form whose table got other columns: fields come and go with them; what is typed stays until it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.words import mark, say
from widgets.field_order import sensible_order

if TYPE_CHECKING:
    from widgets.field import Field
    from widgets.form import Form

_GONE = mark(
    "The table has no such column any more. What is typed here cannot be written; Escape takes it back."
)


def follow_columns(form: Form) -> None:
    """Show the columns that the table has now. A form that a layout made shows none but its own."""
    schema, order = form.handle.schema, sensible_order(form.handle.schema)
    is_whole = all(child.kind == "check" for child in form.node.children)
    for field in [field for field in form.fields if field.editor is not None]:
        column, is_typed = schema.column(field.column_name), _is_typed(form, field)
        if column is None and is_typed:
            form.row.messages[field.column_name] = say(_GONE)
            field.show_message()
        elif column is None and is_whole:
            _drop(form, field)
        elif not is_typed:
            _show(field, column is not None)
            if column is not None and column != field.editor.subject.column:
                field.renew_editor()
    made = {field.column_name for field in form.fields}
    missing = [name for name in order if name not in made] if is_whole else []
    if missing:
        form.add_fields(missing, [*order, *(name for name in made if name not in order)])
    elif is_whole:
        form.area.show_parts(list(form.fields))
    if form.row is not None:
        form.row.read_again()


def _is_typed(form: Form, field: Field) -> bool:
    """Whether the field holds what is typed and not written."""
    return bool(field.check()) or (form.row is not None and field.column_name in form.row.edits)


def _drop(form: Form, field: Field) -> None:
    form.fields.remove(field)
    for part in (field.label, field):
        part.hide()
        part.deleteLater()


def _show(field: Field, is_shown: bool) -> None:
    for part in (field.label, field):
        part.setVisible(is_shown)
