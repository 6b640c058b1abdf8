"""Numbers in a line, for Ctrl+A and Ctrl+X: decimal, ``0x`` and ``0b``."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"0[xX][0-9A-Fa-f]+|0[bB][01]+|-?\d+")


def add_to(line: str, column: int, amount: int, *, is_within: bool = False) -> tuple[int, int, str] | None:
    """Add to the number at a letter or behind it.

    Args:
        line: The line.
        column: Where to look from.
        amount: How much.
        is_within: Whether a number that begins before the letter does not count in whole.

    Returns:
        First and last letter of what changes, and what it becomes; None where there is no number.
    """
    for match in _NUMBER.finditer(line):
        start, stop = match.span()
        if stop <= column:
            continue
        if is_within and start < column:
            match = re.compile(r"0[xX][0-9A-Fa-f]+|0[bB][01]+|-?\d+").search(line, column)
            if match is None:
                return None
            start, stop = match.span()
        text = match[0]
        if text.startswith("-") and start and (line[start - 1].isalnum()) and not is_within:
            start, text = start + 1, text[1:]
            if stop <= column:
                continue
        return start, stop, _added(text, amount)
    return None


def _added(text: str, amount: int) -> str:
    lower = text.lower()
    if lower.startswith("0x"):
        made = format((int(text, 16) + amount) % (1 << 64), "x").rjust(len(text) - 2, "0")
        letters = [one for one in text[2:] if one.isalpha()]
        return text[:2] + (made.upper() if letters and letters[-1].isupper() else made)
    if lower.startswith("0b"):
        return text[:2] + format((int(text, 2) + amount) % (1 << 64), "b").rjust(len(text) - 2, "0")
    digits = text.lstrip("-")
    new = int(text) + amount
    if len(digits) > 1 and digits.startswith("0"):
        return ("-" if new < 0 else "") + str(abs(new)).rjust(len(digits), "0")
    return str(new)
