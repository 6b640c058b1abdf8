"""Texts as one line of a cell shows them: short, without signs that move others about, and never slow.

Stored values are not changed; this is for painting and measuring alone. No Qt here.
"""

from __future__ import annotations

import re
from unicodedata import bidirectional

#: Characters of a text that are painted at most; no column is wide enough for more.
LONGEST = 400

#: Line breaks and tabs become a space; other control characters a sign that every font has.
_CONTROLS: dict[int, str | None] = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0))}
_CONTROLS |= {0x09: " ", 0x0A: " ", 0x0D: " "}
#: Signs that turn the direction of what follows, beyond the end of the cell: an isolate that is never closed.
_CONTROLS |= {code: None for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)}
_CONTROLS |= {0x2028: " ", 0x2029: " "}

#: More than three marks upon one letter grow into the rows above and below.
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_TOWER = re.compile(f"([{_MARKS}]{{3}})[{_MARKS}]+")
_LONE_HALF = re.compile("[\ud800-\udfff]")


#: Classes of letters that have a direction, as Unicode calls them.
_LEFT, _RIGHT = frozenset({"L"}), frozenset({"R", "AL"})
#: Before and behind a text that goes from right to left, so that its end is where its readers look for it.
_ISOLATE, _END = "\u2067", "\u2069"


def directed(text: str) -> str:
    """A shown text, told to go from right to left when its first letter does; the ellipsis then ends it there."""
    if text.isascii():
        return text
    for letter in text:
        kind = bidirectional(letter)
        if kind in _RIGHT:
            return f"{_ISOLATE}{text}{_END}"
        if kind in _LEFT:
            break
    return text


def shown_text(text: str) -> str:
    """The text as one line that can be painted at once, whatever is stored."""
    if len(text) > LONGEST:
        text = text[:LONGEST]
    if text.isascii():
        return text if text.isprintable() else text.replace("\r\n", " ").translate(_CONTROLS)
    text = _TOWER.sub(r"\1", text)
    if not text.isprintable():
        text = _LONE_HALF.sub("\ufffd", text.replace("\r\n", " ")).translate(_CONTROLS)
    return text
