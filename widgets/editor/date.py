"""Dates: typed, or picked from a calendar."""

from __future__ import annotations

import datetime
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kernel.words import say
from widgets.editor.editor import Subject
from widgets.editor.line import LineEditor
from widgets.editor.parse import parse_date
from widgets.format import writer


class DateEditor(LineEditor):
    """Editor of date columns. Alt+Down or F4 opens the calendar; Up and Down go a day on or back."""

    extra_width = 52

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self.line.setPlaceholderText("" if subject.is_cell else say("Type or pick a date"))
        if set("dMy") <= set(subject.format):
            self._write = writer(subject.column.type, subject.format)
        self._popup: QWidget | None = None
        self.button = self.line.add_button(
            "calendar", say("Calendar for {title}", title=subject.title), say("Open the calendar (Alt+Down)")
        )
        self.button.clicked.connect(self.open_popup)

    def parse(self, text: str) -> Any:
        """See :meth:`LineEditor.parse`."""
        return parse_date(text, self.subject.title, self.write)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Up and Down step by a day."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if event.key() not in steps or event.modifiers() or self.line.isReadOnly():
            return False
        day = self._day()
        if day is not None:
            self.pick(day + datetime.timedelta(days=steps[event.key()]))
        return True

    def open_popup(self) -> None:
        """Show the calendar below the line."""
        from widgets.editor.calendar import Calendar

        if self.line.isReadOnly():
            return
        day = self._day() or datetime.date.today()
        calendar = Calendar(self.subject.context.theme, day, self)
        calendar.setAccessibleName(say("Calendar for {title}", title=self.subject.title))
        calendar.activated.connect(lambda picked: (self.pick(picked.toPython()), calendar.close()))
        calendar.clicked.connect(lambda picked: (self.pick(picked.toPython()), calendar.close()))
        calendar.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        calendar.show()
        calendar.setFocus()

    def pick(self, day: datetime.date) -> None:
        """Take a day as the person's choice."""
        self.line.setText(self.write(day))
        self.touch()

    def _day(self) -> datetime.date | None:
        try:
            value = self.value()
        except ValueError:
            return None
        if isinstance(value, datetime.datetime):
            return value.date()
        return value if isinstance(value, datetime.date) else None
