"""Whether a text can be said in UTF-8 at all."""

from __future__ import annotations


def is_whole(text: str) -> bool:
    """Whether a text has no half of a character: what broken bytes, or JSON's escapes, leave in one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
