"""Which lines of a text are others than they were: libgit2's difference, in pieces that keep no other thread waiting.

libgit2 compares while it holds Python's lock, some 70 ms a megabyte. So what both texts begin and end with is left out,
and longer texts are cut where a stretch of lines stands once in both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kernel.common_part import common_end, common_start

#: Bytes that are compared at once; bytes of a stretch by which texts are cut; how far it is looked for.
PIECE, STRETCH, REACH = 64 << 10, 160, 256 << 10
#: Equal lines that are left around what is other: which of equal lines counts as added is decided among them.
_AROUND = 100


class Hunk(NamedTuple):
    """Lines that stood as ``old_start`` to before ``old_stop``, and stand as ``new_start`` to before ``new_stop``."""

    old_start: int
    old_stop: int
    new_start: int
    new_stop: int

    @property
    def kind(self) -> str:
        """``added``, ``removed`` or ``changed``."""
        if self.old_start == self.old_stop:
            return "added"
        return "removed" if self.new_start == self.new_stop else "changed"


def changed_lines(old: bytes, new: bytes, pause: Callable[[], object] = lambda: time.sleep(0)) -> tuple[Hunk, ...]:
    """The stretches of lines that differ, as ``git diff -U0`` tells them; lines end with ``\\n``.

    Args:
        pause: Called between pieces of the work; lets others run.
    """
    found: list[Hunk] = []
    old_line = new_line = 0
    for before, after in _pieces(old, new):
        if before != after:
            found += [_moved(hunk, old_line, new_line) for hunk in _compared(before, after)]
            pause()
        old_line += before.count(b"\n")
        new_line += after.count(b"\n")
    return tuple(_joined(found))


def lines_of(text: bytes) -> list[bytes]:
    """The lines with their ends, as hunks count them."""
    lines = text.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def merged(old: bytes, new: bytes, hunks: Sequence[Hunk]) -> bytes:
    """``old`` with some of the changes that lead to ``new``."""
    before, after = lines_of(old), lines_of(new)
    made: list[bytes] = []
    place = 0
    for hunk in sorted(hunks):
        made += before[place : hunk.old_start] + after[hunk.new_start : hunk.new_stop]
        place = hunk.old_stop
    made += before[place:]
    # Every line but the last has an end, also one that was the last before others came behind it.
    return b"".join([*(line if line.endswith(b"\n") else line + b"\n" for line in made[:-1]), *made[-1:]])


def line_after(line: int, hunks: Sequence[Hunk], *, is_stop: bool = False) -> int:
    """Where a line of the old text stands in the new one; for one that is other, where that begins, or ends."""
    shift = 0
    for hunk in hunks:
        if line < hunk.old_start or (is_stop and line == hunk.old_start):
            break
        if line < hunk.old_stop or (is_stop and line == hunk.old_stop and hunk.old_start < hunk.old_stop):
            return hunk.new_stop if is_stop else hunk.new_start
        shift = hunk.new_stop - hunk.old_stop
    return line + shift


def reversed_hunk(hunk: Hunk) -> Hunk:
    """The change that takes it back."""
    return Hunk(hunk.new_start, hunk.new_stop, hunk.old_start, hunk.old_stop)


def _compared(old: bytes, new: bytes) -> Iterator[Hunk]:
    import pygit2
    from pygit2.enums import DiffOption

    flags = DiffOption.INDENT_HEURISTIC | DiffOption.FORCE_TEXT
    patch = pygit2.Patch.create_from(old, new, flag=flags, context_lines=0, interhunk_lines=0)
    for hunk in patch.hunks:
        # Of an empty side the line is told that comes before (the format of differences, "Detailed Description").
        first = hunk.old_start - 1 if hunk.old_lines else hunk.old_start
        then = hunk.new_start - 1 if hunk.new_lines else hunk.new_start
        yield Hunk(first, first + hunk.old_lines, then, then + hunk.new_lines)


def _moved(hunk: Hunk, old: int, new: int) -> Hunk:
    return Hunk(hunk.old_start + old, hunk.old_stop + old, hunk.new_start + new, hunk.new_stop + new)


def _joined(hunks: Sequence[Hunk]) -> Iterator[Hunk]:
    """Those that touch, since a cut ran between them, as one."""
    waiting: Hunk | None = None
    for hunk in hunks:
        if waiting is not None and (waiting.old_stop, waiting.new_stop) == (hunk.old_start, hunk.new_start):
            waiting = Hunk(waiting.old_start, hunk.old_stop, waiting.new_start, hunk.new_stop)
            continue
        if waiting is not None:
            yield waiting
        waiting = hunk
    if waiting is not None:
        yield waiting


def _pieces(old: bytes, new: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Both texts in pieces that belong together, cut at ends of lines."""
    if max(len(old), len(new)) <= PIECE:
        yield old, new
        return
    start = _lines_back(old, common_start(old, new), _AROUND)
    most = min(len(old), len(new)) - start
    back = _lines_on(old, len(old) - common_end(old, new, most), _AROUND)
    stop = len(old) - back
    yield old[:start], new[:start]
    place, other = start, start
    last = len(new) - back
    while max(stop - place, last - other) > PIECE:
        cut = _cut(old, new, place, other, stop, last)
        if cut is None:
            break
        yield old[place : cut[0]], new[other : cut[1]]
        place, other = cut
    yield old[place:stop], new[other:last]
    yield old[stop:], new[last:]


def _cut(old: bytes, new: bytes, place: int, other: int, stop: int, last: int) -> tuple[int, int] | None:
    """The next place in each where the same stretch of lines stands, which stands there alone; None for none."""
    for step in range(1, 9):
        begin = old.rfind(b"\n", place, place + step * PIECE // 4) + 1
        if begin <= place or begin + STRETCH > stop:
            continue
        stretch = old[begin : old.find(b"\n", begin + STRETCH) + 1 or stop]
        if len(stretch) > PIECE or old.find(stretch, begin + 1, begin + REACH) >= 0:
            continue
        middle = other + begin - place
        low, high = max(other + 1, middle - REACH), min(last, middle + REACH)
        found = new.find(stretch, low, high)
        if found > 0 and new[found - 1 : found] == b"\n" and new.find(stretch, found + 1, high) < 0:
            return begin, found
    return None


def _lines_back(text: bytes, place: int, count: int) -> int:
    """Where the line begins that is so many lines before a place."""
    for _ in range(count + 1):
        place = text.rfind(b"\n", 0, place)
        if place < 0:
            return 0
    return place + 1


def _lines_on(text: bytes, place: int, count: int) -> int:
    """How many bytes stand behind the line that is so many lines after a place."""
    for _ in range(count + 1):
        place = text.find(b"\n", place) + 1
        if not place:
            return 0
    return len(text) - place
