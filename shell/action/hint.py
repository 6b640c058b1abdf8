"""Commands of hints: labels on everything that can be chosen."""

from __future__ import annotations

from typing import Any


def show(window: Any, action: str) -> None:
    """Label what can be chosen; the letters of a label do the action with it."""
    hints_of(window).show(action)


def hints_of(window: Any) -> Any:
    """The hints of a window, made at first use."""
    made = window.cards.made
    if "hints" not in made:
        from shell.hints.hints import Hints

        made["hints"] = Hints(window)
    return made["hints"]
