"""Times of day, typed."""

from __future__ import annotations

from typing import Any

from widgets.editor.line import LineEditor
from widgets.editor.parse import parse_time


class TimeEditor(LineEditor):
    """Editor of time columns."""

    def write(self, value: Any) -> str:
        """Seconds and their fractions are kept."""
        return value.isoformat() if getattr(value, "microsecond", 0) else super().write(value)

    def parse(self, text: str) -> Any:
        """See :meth:`LineEditor.parse`."""
        return parse_time(text, self.subject.title)
