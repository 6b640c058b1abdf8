"""Answers that depend on the moment: which they are, and how long one holds."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"\b(today|now)\s*\(")
_NOW = re.compile(r"\bnow\s*\(")
#: Seconds that any answer holds, and how many times longer than its making took.
_LEAST_S, _TIMES = 1.0, 10


def follows_clock(text: str) -> bool:
    """Whether an expression may have another value on another day."""
    return _CLOCK.search(text) is not None


def follows_now(text: str) -> bool:
    """Whether an expression may have another value in the next second."""
    return _NOW.search(text) is not None


def holds_for(spent_s: float) -> float:
    """Seconds that an answer holds whose making took ``spent_s``.

    What is made quickly follows the clock. To make what takes long in every second anew would leave time for nothing
    else, and each page of an order would be of another one.
    """
    return max(_LEAST_S, _TIMES * spent_s)
