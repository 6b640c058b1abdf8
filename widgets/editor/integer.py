"""Whole numbers of any size."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from widgets.editor.line import LineEditor
from widgets.editor.parse import parse_integer


class IntegerEditor(LineEditor):
    """Editor of integer columns; group separators may be typed."""

    alignment = Qt.AlignmentFlag.AlignTrailing

    def parse(self, text: str) -> Any:
        """See :meth:`LineEditor.parse`."""
        return parse_integer(text, self.subject.title)
