"""Column widths that fill the room there is: what is too much is taken where it hurts least, what is left is given
to the columns with texts. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

#: Of the room, what one column of texts takes at most where the columns do not fit.
WIDEST_SHARE = 0.4


class Wish(NamedTuple):
    """What one column wants, in pixels.

    Attributes:
        wanted: Its width when there is room for all.
        needed: What its heading and the rows in sight take.
        least: Below this it is not made narrower.
        is_flexible: Whether it may be narrower than needed, and takes room that is left over.
    """

    wanted: int
    needed: int
    least: int
    is_flexible: bool


def fit_widths(wishes: Sequence[Wish], room: int) -> list[int]:
    """Widths that add up to the room, as far as the wishes allow.

    When the columns do not fit even at their least, they take what they need and the grid scrolls sideways.
    """
    widths = [wish.wanted for wish in wishes]
    if sum(widths) > room:
        snug = [max(min(wish.needed, wish.wanted), min(wish.least, wish.wanted)) for wish in wishes]
        tight = [
            min(wish.least, wish.wanted) if wish.is_flexible else width
            for wish, width in zip(wishes, snug, strict=True)
        ]
        if sum(tight) > room:
            widest = int(room * WIDEST_SHARE)
            return [
                min(width, max(wish.least, widest)) if wish.is_flexible else width
                for wish, width in zip(wishes, snug, strict=True)
            ]
        if sum(snug) > room:
            return _toward(snug, tight, room)
        return _toward(widths, snug, room)
    ample = [max(width, wish.needed) for wish, width in zip(wishes, widths, strict=True)]
    widths = _toward(widths, ample, min(room, sum(ample)))
    return _share(widths, [wish.is_flexible for wish in wishes], room - sum(widths))


def _toward(start: list[int], end: list[int], total: int) -> list[int]:
    """The widths on the way from start to end that add up to the total."""
    way = sum(end) - sum(start)
    if way == 0:
        return list(start)
    part = (total - sum(start)) / way
    widths = [round(one + (other - one) * part) for one, other in zip(start, end, strict=True)]
    return _mend(widths, [one != other for one, other in zip(start, end, strict=True)], total)


def _share(widths: list[int], takers: list[bool], rest: int) -> list[int]:
    """Give the rest to the takers, in proportion to their widths; without takers it stays empty."""
    whole = sum(width for width, takes in zip(widths, takers, strict=True) if takes)
    if whole <= 0 or rest <= 0:
        return widths
    total = sum(widths) + rest
    pairs = zip(widths, takers, strict=True)
    grown = [round(width + rest * width / whole) if takes else width for width, takes in pairs]
    return _mend(grown, takers, total)


def _mend(widths: list[int], may_change: list[bool], total: int) -> list[int]:
    """Take the pixels that rounding gave or took from the last column that may change."""
    for index in range(len(widths) - 1, -1, -1):
        if may_change[index]:
            widths[index] += total - sum(widths)
            break
    return widths
