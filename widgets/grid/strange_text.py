"""Texts with signs that a line of a cell cannot show as they are: breaks, control characters, towers of marks.

Apart from ``shown_text``, because few tables have any, and what is compiled here takes a start half a millisecond.
"""

from __future__ import annotations

import re

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


def tamed(text: str) -> str:
    """The text as one line that can be painted."""
    if not text.isascii():
        text = _TOWER.sub(r"\1", text)
    if not text.isprintable():
        text = _LONE_HALF.sub("\ufffd", text.replace("\r\n", " ")).translate(_CONTROLS)
    return text
