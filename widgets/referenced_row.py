"""The row behind a reference of a view's current row: the customer of the current order, for a form to follow."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from kernel.tables.change import Key
from kernel.tables.schema import Reference
from kernel.words import say
from widgets.context import Context
from widgets.handle import TableHandle


class ReferencedRow(QObject):
    """Implements :class:`widgets.context.RowView`; its table is the referenced one.

    Args:
        view_id: The view whose current row refers.
        view: That view; its schema must be known.
        reference: One of the schema's references, to the key of the other table.
        context: The window's surroundings.
        parent: Who follows.
    """

    current_changed = Signal()

    def __init__(self, view_id: str, view: Any, reference: Reference, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self.handle: TableHandle = context.open_table(view.handle, reference.table)
        self.current_key: Key | None = None
        self._scope = context.scope
        self._names = tuple(f"{view_id}.current.{column}" for column in reference.via)
        self._columns = reference.columns
        self.destroyed.connect(context.scope.watch((f"{view_id}.current",), self._follow))
        self.handle.schema_changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        key = self._key()
        if key != self.current_key:
            self.current_key = key
            self.current_changed.emit()

    def _key(self) -> Key | None:
        """The key that the referring columns hold, in the order of the table's key; None when there is no row."""
        schema = self.handle.schema
        values = [self._scope.read(name) for name in self._names]
        if schema is None or any(value is None for value in values) or set(schema.key) != set(self._columns):
            return None
        by_column = dict(zip(self._columns, values, strict=True))
        return tuple(by_column[column] for column in schema.key)


def behind_reference(form: Any, view: Any) -> ReferencedRow | None:
    """The row that the view's current row refers to, as the form names it; None while the view's schema is not known.

    A reference that there is not is said in the form.
    """
    schema = view.handle.schema
    if schema is None:
        view.handle.schema_changed.connect(form.find_view)
        return None
    reference = schema.reference(form.reference_name)
    if reference is None:
        form.set_empty(
            say(
                "The table {name} has no reference {reference_name}",
                name=schema.name,
                reference_name=form.reference_name,
            )
        )
        return None
    return ReferencedRow(form.view_id, view, reference, form.context, form)
