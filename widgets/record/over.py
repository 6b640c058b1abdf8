"""A record over the view whose row it shows: opened and closed by the same key, in the view's place."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from layouts.node import Node
from widgets.record.record import Record


class RecordOver(QFrame):
    """Covers the view until it is closed."""

    def __init__(self, view: Any) -> None:
        super().__init__(view.window())
        self.view = view
        self.setObjectName("record-over")
        self.setAutoFillBackground(True)
        column = QVBoxLayout(self)
        space = view.context.theme.space("normal")
        column.setContentsMargins(space, space // 2, space, 0)
        self.record = Record(Node("record"), view.context, self, view)
        self.record.node = Node("record")
        column.addWidget(self.record)
        self.record.closed.connect(self.close_over)
        view.installEventFilter(self)
        view.window().installEventFilter(self)
        view.destroyed.connect(self.deleteLater)
        self._place()
        self.show()
        self.raise_()
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
        self.view.removeEventFilter(self)
        self.hide()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
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
        self.view.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Follow the view's place; its focus is the record's."""
        kind = event.type()
        if kind in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        elif watched is self.view and kind == QEvent.Type.Hide:
            self.hide()
        elif watched is self.view and kind == QEvent.Type.Show:
            self._place()
            self.show()
        elif watched is self.view and kind == QEvent.Type.FocusIn and self.isVisible():
            self.record.focus_first()
        return False

    def _place(self) -> None:
        corner = self.view.mapTo(self.view.window(), QPoint(0, 0))
        self.setGeometry(QRect(corner, self.view.size()))


def record_of(widget: QWidget | None) -> RecordOver | None:
    """The record that a widget stands in, None when it stands in none that covers a view."""
    while widget is not None and not isinstance(widget, RecordOver):
        widget = widget.parentWidget()
    return widget


def over(view: QWidget) -> RecordOver | None:
    """The record that covers a view, or None."""
    found = view.window().findChildren(RecordOver, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return next((one for one in found if one.view is view and one.isVisible()), None)
