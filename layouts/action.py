"""Actions: what a button, a menu's item, an event or a timer does, as a layout writes it.

Three forms: ``desk.shipping:ship`` runs a function of the app's scripts, ``orders.add`` (with arguments behind it) a
command, and ``details = not details`` gives a state or a cell of a current row the value of an expression.
"""

from __future__ import annotations

import re

_ASSIGNMENT = re.compile(r"\s*(?P<target>[^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*=(?!=)\s*(?P<value>\S.*?)\s*", re.DOTALL)
_FUNCTION = re.compile(r"(?:[^\W\d]\w*\.)*[^\W\d]\w*:[^\W\d]\w*")


def assignment(text: str) -> tuple[str, str] | None:
    """The target and the expression of an assignment; None for another action."""
    match = _ASSIGNMENT.fullmatch(text)
    return (match["target"], match["value"]) if match else None


def is_function(text: str) -> bool:
    """Whether an action names a function of a script."""
    return _FUNCTION.fullmatch(text.strip()) is not None


def command_of(text: str) -> str:
    """The id of the command that an action runs."""
    return text.strip().partition(" ")[0]
