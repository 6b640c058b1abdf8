"""How much of two texts is the same at their beginnings and at their ends."""

from __future__ import annotations

#: How many bytes are compared at once.
_STEP = 4096


def common_start(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    low, most = 0, min(len(one), len(other))
    while low < most and one[low : low + _STEP] == other[low : low + _STEP]:
        low += _STEP
    low = min(low, most)
    high = min(low + _STEP, most)
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_end(one: bytes, other: bytes, most: int) -> int:
    """How many bytes both end with, at most that many."""
    low = 0
    while low < most and _end(one, low, low + _STEP) == _end(other, low, low + _STEP):
        low += _STEP
    low = min(low, most)
    high = min(low + _STEP, most)
    while low < high:
        middle = (low + high + 1) // 2
        if _end(one, low, middle) == _end(other, low, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _end(text: bytes, low: int, high: int) -> bytes:
    return text[max(len(text) - high, 0) : len(text) - low]
