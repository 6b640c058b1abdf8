"""Regular expressions of people: found anywhere in a text, without regard to case, and never slow on purpose.

Python's matcher cannot be stopped, so patterns that may take for ever (a repeat of a repeat) are refused.
"""

from __future__ import annotations

import functools
import re

from kernel.words import mark

#: Characters of a pattern, and of a text that is looked at.
MAX_PATTERN, MAX_TEXT = 300, 20_000
_REPEAT = re.compile(r"[*+]|\{\d*,\d*\}")


@functools.lru_cache(maxsize=256)
def compile_regex(pattern: str) -> re.Pattern[str]:
    """The compiled pattern.

    Raises:
        ValueError: it is none, too long, or repeats a repeat; the message says which.
    """
    if len(pattern) > MAX_PATTERN:
        raise ValueError(mark(f"the pattern is longer than {MAX_PATTERN} characters"))
    if _has_nested_repeat(pattern):
        raise ValueError(mark("a repeat inside a repeat may take for ever"))
    try:
        return re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(mark(f"this is no pattern: {error}")) from None


def is_found(text: str, pattern: str) -> bool:
    """Whether the pattern is found in the first part of the text; false for what is no pattern."""
    try:
        return compile_regex(pattern).search(text[:MAX_TEXT]) is not None
    except ValueError:
        return False


def _has_nested_repeat(pattern: str) -> bool:
    """Whether a group that holds a repeat without end is repeated itself."""
    open_groups: list[bool] = []
    position, is_in_set, closed = 0, False, False
    while position < len(pattern):
        letter = pattern[position]
        step, was_closed, closed = 1, closed, False
        if letter == "\\":
            step = 2
        elif is_in_set:
            is_in_set = letter != "]"
        elif letter == "[":
            is_in_set = True
        elif letter == "(":
            open_groups.append(False)
        elif letter == ")":
            closed = open_groups.pop() if open_groups else False
            if closed and open_groups:
                open_groups[-1] = True
        elif repeat := _REPEAT.match(pattern, position):
            if was_closed:
                return True
            step = len(repeat.group())
            if open_groups:
                open_groups[-1] = True
        position += step
    return False
