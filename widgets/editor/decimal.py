"""Exact decimal numbers, written with the locale's decimal point."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from widgets.editor.line import LineEditor
from widgets.editor.parse import parse_decimal


class DecimalEditor(LineEditor):
    """Editor of decimal columns; nothing is ever rounded."""

    alignment = Qt.AlignmentFlag.AlignTrailing

    def parse(self, text: str) -> Any:
        """See :meth:`LineEditor.parse`."""
        return parse_decimal(text, self.subject.title)
