"""Dates with a time: typed, the day also picked from a calendar."""

from __future__ import annotations

import datetime
from typing import Any

from widgets.editor.date import DateEditor
from widgets.editor.parse import parse_datetime


class DateTimeEditor(DateEditor):
    """Editor of datetime columns; picking a day keeps the time."""

    def write(self, value: Any) -> str:
        """Fractions of a second are kept."""
        if isinstance(value, datetime.datetime) and value.microsecond:
            return value.isoformat(sep=" ")
        return super().write(value)

    def parse(self, text: str) -> Any:
        """See :meth:`LineEditor.parse`."""
        return parse_datetime(text, self.subject.title, self.write)

    def pick(self, day: datetime.date) -> None:
        """See :meth:`DateEditor.pick`."""
        try:
            before = self.value()
        except ValueError:
            before = None
        moment = before.timetz() if isinstance(before, datetime.datetime) else datetime.time()
        super().pick(datetime.datetime.combine(day, moment))
