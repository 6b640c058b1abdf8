"""Whole numbers of any size."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import Qt

from widgets.editor.line import LineEditor
from widgets.format import signs

_WHOLE = re.compile(r"^[+-]?\d+$")


class IntegerEditor(LineEditor):
    """Editor of integer columns; group separators may be typed."""

    alignment = Qt.AlignmentFlag.AlignTrailing

    def parse(self, text: str) -> Any:
        """See :meth:`LineEditor.parse`."""
        plain = text.replace(signs().group, "").replace(" ", "").replace("\u2212", "-")
        if not _WHOLE.match(plain):
            raise ValueError(f"{self.subject.title} must be a whole number, like 42")
        return int(plain)
