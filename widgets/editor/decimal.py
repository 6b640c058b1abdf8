"""Exact decimal numbers, written with the locale's decimal point."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt

from widgets.editor.line import LineEditor
from widgets.format import signs

_DECIMAL = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$")


class DecimalEditor(LineEditor):
    """Editor of decimal columns; nothing is ever rounded."""

    alignment = Qt.AlignmentFlag.AlignTrailing

    def parse(self, text: str) -> Any:
        """See :meth:`LineEditor.parse`."""
        return Decimal(self.plain(text))

    def plain(self, text: str) -> str:
        """The text with a full stop as its point and without separators; raises ValueError."""
        point, group = signs()
        plain = text.replace(" ", "").replace("\u202f", "").replace("\u00a0", "").replace("\u2212", "-")
        if group not in plain or point in plain or plain.count(group) > 1 or group == ",":
            plain = plain.replace(group, "")
        plain = plain.replace(point, ".")
        if not _DECIMAL.match(plain):
            raise ValueError(f"{self.subject.title} must be a number, like 12{point}50")
        return plain
