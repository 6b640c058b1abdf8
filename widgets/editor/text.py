"""One line of text. An emptied text becomes null where null is allowed."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from widgets.editor.editor import Subject
from widgets.editor.line import LineEditor


class TextEditor(LineEditor):
    """Editor of text columns."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        if subject.column.max_length:
            self.line.setMaxLength(max(subject.column.max_length, 1))

    def show_value(self, value: Any) -> None:
        """A longer stored text is never cut by the line's limit."""
        text = "" if value is None else self.write(value)
        if len(text) > self.line.maxLength():
            self.line.setMaxLength(len(text))
        super().show_value(value)

    def read(self) -> Any:
        """The text as typed, spaces and all."""
        text = self.line.text()
        return text if text or self.subject.column.is_required else None
