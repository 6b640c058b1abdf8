"""Floating-point numbers."""

from __future__ import annotations

from typing import Any

from widgets.editor.decimal import DecimalEditor
from widgets.editor.parse import parse_real


class RealEditor(DecimalEditor):
    """Editor of real columns."""

    def parse(self, text: str) -> Any:
        """See :meth:`LineEditor.parse`."""
        return parse_real(text, self.subject.title)
