"""A record over the view whose row it shows: opened and closed by the same key, in the view's place."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from layouts.node import Node
from widgets.record.cover import Cover, cover_of
from widgets.record.record import Record


class RecordOver(Cover):
    """Covers the view until it is closed."""

    def __init__(self, view: Any) -> None:
        super().__init__(view)
        self.setObjectName("record-over")
        column = QVBoxLayout(self)
        space = view.context.theme.space("normal")
        column.setContentsMargins(space, space // 2, space, 0)
        self.record = Record(Node("record"), view.context, self, view)
        self.record.node = Node("record")
        column.addWidget(self.record)
        self.record.closed.connect(self.close_over)
        self.appear()
        self.focus_first()

    def focus_first(self) -> None:
        """Go to the record's first field."""
        self.record.focus_first()

    def start_row(self, given: dict[str, Any]) -> None:
        """Show a new row; when it is given up the view is there again."""
        self.record.start_row(given)
        if self.record.form is not None and self.record.form.new is not None:
            self.record.form.new.given_up.connect(self.close_over)

    def close_over(self) -> None:
        """Go back to the view, at the row where the record ended; what is typed is written first."""
        if self.record.has_edits():
            self.record.form.write_row()
            row = self.record.form.row
            if row is not None and not row.is_writing and self.record.has_edits():
                return
        self.give_back()
        # What is on its way is answered first: the form would else drop a refusal.
        self._end()

    def _end(self) -> None:
        row = self.record.form.row if self.record.form is not None else None
        if row is not None and row.is_writing:
            row.written.connect(self.deleteLater)
            row.refused.connect(self._come_back)
            row.conflicted.connect(lambda _columns: self._come_back())
        else:
            self.deleteLater()

    def _come_back(self) -> None:
        """The row could not be written: the person sees why."""
        self.appear()


def record_of(widget: QWidget | None) -> RecordOver | None:
    """The record that a widget stands in, None when it stands in none that covers a view."""
    while widget is not None and not isinstance(widget, RecordOver):
        widget = widget.parentWidget()
    return widget


def over(view: QWidget) -> RecordOver | None:
    """The record that covers a view, or None."""
    return cover_of(view, RecordOver)
