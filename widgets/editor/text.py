"""One line of text. An emptied text becomes null where null is allowed."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from widgets.editor.editor import Subject, stand_in
from widgets.editor.line import LineEditor

#: Letters of a stored text that are shown: a line lays out all of them at once.
MOST_SHOWN = 100_000


class TextEditor(LineEditor):
    """Editor of text columns; of what cannot be edited in a line it shows the beginning, or the size."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self._is_cut = self._is_read_only = False
        if subject.column.max_length:
            self.line.setMaxLength(max(subject.column.max_length, 1))

    def show_value(self, value: Any) -> None:
        """A longer stored text is never cut by the line's limit."""
        instead = stand_in(value, MOST_SHOWN)
        self._is_cut = bool(instead)
        self.line.setReadOnly(self._is_cut or self._is_read_only)
        text = instead.replace("\n", " ") or ("" if value is None else self.write(value))
        if len(text) > self.line.maxLength():
            self.line.setMaxLength(len(text))
        if text != self.line.text():
            self.line.setText(text)
            self.line.setCursorPosition(0)

    def set_read_only(self, is_read_only: bool) -> None:
        """See :meth:`FieldEditor.set_read_only`; texts have no other form for being read."""
        self._is_read_only = is_read_only
        self.line.setReadOnly(is_read_only or self._is_cut)
        self.line.show_button(not is_read_only)
        self.set_quiet(self.line, is_read_only)

    def start(self, text: str) -> None:
        """See :meth:`FieldEditor.start`."""
        self._is_cut = False
        self.line.setReadOnly(self._is_read_only)
        super().start(text)

    def read(self) -> Any:
        """The text as typed, spaces and all."""
        text = self.line.text()
        return text if text or self.subject.column.is_required else None
