"""Texts as one line of a cell shows them: short, without signs that move others about, and never slow.

Stored values are not changed; this is for painting and measuring alone. No Qt here.
"""

from __future__ import annotations

from unicodedata import bidirectional

#: Characters of a text that are painted at most; no column is wide enough for more.
LONGEST = 400
#: Before it there are no marks that stand upon other letters.
_FIRST_MARK = "\u0300"

#: Classes of letters that have a direction, as Unicode calls them.
_LEFT, _RIGHT = frozenset({"L"}), frozenset({"R", "AL"})
#: Before and behind a text that goes from right to left, so that its end is where its readers look for it.
_ISOLATE, _END = "\u2067", "\u2069"


def directed(text: str) -> str:
    """A shown text, told to go from right to left when its first letter does; the ellipsis then ends it there."""
    if text.isascii() or direction(text) != "right":
        return text
    return f"{_ISOLATE}{text}{_END}"


def direction(text: str) -> str:
    """``left`` or ``right``: where a reader begins, by the first letter that has a direction; empty without one."""
    for letter in text:
        kind = bidirectional(letter)
        if kind in _RIGHT:
            return "right"
        if kind in _LEFT:
            return "left"
    return ""


def shown_text(text: str) -> str:
    """The text as one line that can be painted at once, whatever is stored."""
    if len(text) > LONGEST:
        text = text[:LONGEST]
    if text.isprintable() and (text.isascii() or max(text) < _FIRST_MARK):
        return text
    from widgets.grid.strange_text import tamed

    return tamed(text)
