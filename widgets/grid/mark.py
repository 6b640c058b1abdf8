"""What a cell shows besides its stored value: an edit that is under way, or one that was refused."""

from __future__ import annotations

from typing import Any, NamedTuple


class Mark(NamedTuple):
    """The typed value and its text; ``message`` is empty while the edit is being written."""

    value: Any
    text: str
    message: str = ""
