"""What differs between two texts, by lines and within lines. No Qt here.

Lines that stand once in both texts are the anchors; what is between them is compared closely where it is small enough.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from difflib import SequenceMatcher
from typing import NamedTuple

#: Lines before times lines after that are compared closely; more are told as one change.
CLOSELY = 4_000_000
#: Letters of lines that are compared letter by letter.
LETTERS = 2_000
_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)


class Change(NamedTuple):
    """Lines ``before[start:stop]`` stand as ``after[first:last]``; equal ones where ``is_equal``."""

    is_equal: bool
    start: int
    stop: int
    first: int
    last: int


class Row(NamedTuple):
    """One row of both texts beside each other: a line's number from 0 and what it is; None = nothing stands there.

    ``kind`` is ``equal``, ``removed``, ``added`` or ``changed``.
    """

    before: int | None
    after: int | None
    kind: str


def changes(before: list[str], after: list[str]) -> list[Change]:
    """All stretches of lines, equal ones and changed ones in turn."""
    made: list[Change] = []
    pairs = _pairs(before, after)
    left = right = 0
    while left < len(before) or right < len(after):
        start, first = left, right
        while left in pairs and pairs[left] == right:
            left, right = left + 1, right + 1
        if left > start:
            made.append(Change(True, start, left, first, right))
            continue
        while left < len(before) and left not in pairs:
            left += 1
        right = pairs[left] if left in pairs else len(after)
        made.append(Change(False, start, left, first, right))
    return made


def rows(found: list[Change]) -> list[Row]:
    """Both texts side by side."""
    made: list[Row] = []
    for one in found:
        height = max(one.stop - one.start, one.last - one.first)
        for index in range(height):
            left = one.start + index if one.start + index < one.stop else None
            right = one.first + index if one.first + index < one.last else None
            kind = "equal" if one.is_equal else "added" if left is None else "removed" if right is None else "changed"
            made.append(Row(left, right, kind))
    return made


def inline_rows(found: list[Change]) -> list[Row]:
    """Both texts below each other: of a change what was there before, then what is there now."""
    made: list[Row] = []
    for one in found:
        if one.is_equal:
            made += [Row(left, left - one.start + one.first, "equal") for left in range(one.start, one.stop)]
        else:
            made += [Row(left, None, "removed") for left in range(one.start, one.stop)]
            made += [Row(None, right, "added") for right in range(one.first, one.last)]
    return made


def within(before: str, after: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The parts of two lines, in letters, that differ; nothing for lines that have little in common or are long."""
    if max(len(before), len(after)) > LETTERS:
        return [], []
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.3:
        return [], []
    left, right = _offsets(old), _offsets(new)
    parts = [one for one in matcher.get_opcodes() if one[0] != "equal"]
    return (
        [(left[start], left[stop]) for _, start, stop, _, _ in parts if stop > start],
        [(right[first], right[last]) for _, _, _, first, last in parts if last > first],
    )


def _offsets(tokens: list[str]) -> list[int]:
    made = [0]
    for token in tokens:
        made.append(made[-1] + len(token))
    return made


def _pairs(before: list[str], after: list[str]) -> dict[int, int]:
    """Lines before → the same lines after, both rising."""
    found: dict[int, int] = {}
    waiting = [(0, len(before), 0, len(after))]
    while waiting:
        start, stop, first, last = waiting.pop()
        while start < stop and first < last and before[start] == after[first]:
            found[start] = first
            start, first = start + 1, first + 1
        while start < stop and first < last and before[stop - 1] == after[last - 1]:
            stop, last = stop - 1, last - 1
            found[stop] = last
        if start == stop or first == last:
            continue
        anchors = _anchors(before, after, start, stop, first, last)
        if anchors:
            edges = [(start - 1, first - 1), *anchors, (stop, last)]
            found.update(anchors)
            for (low, below), (high, above) in zip(edges, edges[1:], strict=False):
                waiting.append((low + 1, high, below + 1, above))
        elif (stop - start) * (last - first) <= CLOSELY:
            matcher = SequenceMatcher(None, before[start:stop], after[first:last], autojunk=False)
            for left, right, size in matcher.get_matching_blocks():
                found.update({start + left + index: first + right + index for index in range(size)})
    return found


def _anchors(
    before: list[str], after: list[str], start: int, stop: int, first: int, last: int
) -> list[tuple[int, int]]:
    """Lines that stand once here and once there, the longest rising run of them."""
    left, right = _once(before, start, stop), _once(after, first, last)
    pairs = [(place, right[line]) for line, place in left.items() if line in right]
    pairs.sort()
    tails: list[int] = []
    ends: list[int] = []
    behind: list[int] = []
    for index, (_, place) in enumerate(pairs):
        depth = bisect_left(tails, place)
        tails[depth : depth + 1] = [place]
        ends[depth : depth + 1] = [index]
        behind.append(ends[depth - 1] if depth else -1)
    run: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        run.append(pairs[index])
        index = behind[index]
    return run[::-1]


def _once(lines: list[str], start: int, stop: int) -> dict[str, int]:
    """Lines that stand once between these → where."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    for place in range(start, stop):
        line = lines[place]
        if line in found:
            twice.add(line)
        found[line] = place
    return {line: place for line, place in found.items() if line not in twice}
