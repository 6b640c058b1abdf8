"""Which completions fit the letters that are typed, the best first. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence

from plugins.api import Completion


def fitting(found: Sequence[tuple[str, Completion]], most: int) -> list[Completion]:
    """Those that fit, in ranks: begins so, begins so but for capitals, has it within, has its letters in order.

    Within a rank they stay in the order that they came in.

    Args:
        found: What is typed of each completion, and the completion.
        most: How many are answered.
    """
    ranks: tuple[list[Completion], ...] = ([], [], [], [])
    for typed, one in found:
        number = rank(typed, one.filter or one.label or one.text)
        if number is not None:
            ranks[number].append(one)
    return [one for some in ranks for one in some][:most]


def rank(typed: str, name: str) -> int | None:
    """How well a name fits, 0 the best; None where it does not."""
    if name.startswith(typed):
        return 0
    small, lower = typed.lower(), name.lower()
    if lower.startswith(small):
        return 1
    if small in lower:
        return 2
    return 3 if lower[:1] == small[:1] and _has_in_order(small, lower) else None


def _has_in_order(letters: str, text: str) -> bool:
    place = -1
    for letter in letters:
        place = text.find(letter, place + 1)
        if place < 0:
            return False
    return True
