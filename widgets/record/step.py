"""Where a record browser is: at the view that it was opened from, or at a row that it went to from there.

A step is a :class:`widgets.context.RowView`, so that forms follow it.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from kernel.tables.change import Key
from widgets.handle import TableHandle


class ViewStep(QObject):
    """The current row of a view; going on moves the view."""

    current_changed = Signal()

    def __init__(self, view: Any, parent: QObject) -> None:
        super().__init__(parent)
        self.view = view
        self.handle: TableHandle = view.handle
        view.current_changed.connect(self.current_changed)
        rows = getattr(view, "rows", None)
        if rows is not None:
            rows.counted.connect(self.current_changed)

    @property
    def current_key(self) -> Key | None:
        """The row's key."""
        return self.view.current_key

    @property
    def row(self) -> int:
        """Its place in the view, -1 when it is not known."""
        return getattr(self.view, "current_row", -1)

    @property
    def count(self) -> int:
        """Rows of the view; 0 for one that has no order, such as the row behind a reference."""
        return self.view.rows.cache.count or 0 if hasattr(self.view, "rows") else 0

    @property
    def is_exact(self) -> bool:
        """Whether that is the truth."""
        return self.view.rows.cache.is_exact if hasattr(self.view, "rows") else True

    def go(self, row: int) -> None:
        """Go to another row of the view."""
        self.view.go(row)

    def go_to(self, key: Key) -> None:
        """Go to the row with that key."""
        if hasattr(self.view, "go_to"):
            self.view.go_to(key)

    def take_added(self, key: Key) -> None:
        """A row that was begun here is stored: the view goes to it."""
        self.view.take_added(key)

    def add_row(self) -> None:
        """Begin a new row of the view in the record."""
        from widgets.listing.given import asked_values, why_not_add

        if reason := why_not_add(self.view):
            self.view.context.reporter.report("warning", reason)
        else:
            self.parent().start_row(asked_values(self.view))

    def delete_rows(self) -> None:
        """Delete the row, where the view can."""
        if hasattr(self.view, "delete_rows"):
            self.view.delete_rows()


class RowStep(QObject):
    """One row of any table, reached by a reference or from a list of rows."""

    current_changed = Signal()
    row, count, is_exact = -1, 0, True

    def __init__(self, handle: TableHandle, key: Key | None, parent: QObject) -> None:
        super().__init__(parent)
        self.handle, self.current_key = handle, key

    def go_to(self, key: Key) -> None:
        """The row's key was edited."""
        self.current_key = key

    def take_added(self, key: Key) -> None:
        """The row that was begun here is stored."""
        self.current_key = key
        self.current_changed.emit()


def key_of(schema: Any, columns: tuple[str, ...], values: list[Any]) -> Key | None:
    """The key that these columns of a referenced table hold, None when they are not its key or one is null."""
    if any(value is None for value in values) or set(schema.key) != set(columns):
        return None
    by_column = dict(zip(columns, values, strict=True))
    return tuple(by_column[column] for column in schema.key)
