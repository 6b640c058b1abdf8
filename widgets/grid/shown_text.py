"""Texts as one line of a cell shows them: short, without signs that move others about, and never slow.

Stored values are not changed; this is for painting and measuring alone. No Qt here.
"""

from __future__ import annotations

import re

#: Characters of a text that are painted at most; no column is wide enough for more.
LONGEST = 400

#: Line breaks and tabs become a space; other control characters the sign that Unicode has for them (U+2400 …).
_CONTROLS = {code: 0x2400 + code for code in range(0x20)} | {0x09: " ", 0x0A: " ", 0x0D: " ", 0x7F: 0x2421}
_CONTROLS |= {code: "\ufffd" for code in range(0x80, 0xA0)}
#: Signs that turn the direction of what follows, beyond the end of the cell: an isolate that is never closed.
_CONTROLS |= {code: None for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)}
_CONTROLS |= {0x2028: " ", 0x2029: " "}

#: More than three marks upon one letter grow into the rows above and below.
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_TOWER = re.compile(f"([{_MARKS}]{{3}})[{_MARKS}]+")
_LONE_HALF = re.compile("[\ud800-\udfff]")


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
