"""Whether a text can be said in UTF-8 at all."""

from __future__ import annotations


def is_whole(text: str) -> bool:
    """Whether a text has no half of a character: what broken bytes, or JSON's escapes, leave in one."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
