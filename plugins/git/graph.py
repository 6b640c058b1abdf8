"""Lanes of a history's graph: which lines pass a commit's row, and where they lead in the next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from plugins.git.walked import BLOCK, Links

#: Blocks whose lanes are kept.
_KEPT = 32


class Lanes(NamedTuple):
    """One row of the graph.

    Attributes:
        place: The lane of the commit itself, from 0.
        lines: (lane at this row's middle, lane at the next row's middle) of each line below the commit.
        above: The lanes that come into the row from above.
        width: How many lanes the row takes.
    """

    place: int
    lines: tuple[tuple[int, int], ...]
    above: tuple[int, ...]
    width: int

    def text(self) -> str:
        """As a column holds it: ``place|above|from-to …|width``."""
        above = ",".join(map(str, self.above))
        return f"{self.place}|{above}|{','.join(f'{a}-{b}' for a, b in self.lines)}|{self.width}"

    @classmethod
    def read(cls, text: str) -> Lanes:
        """What :meth:`text` wrote."""
        place, above, lines, width = text.split("|")
        pairs = (pair.split("-") for pair in lines.split(",") if pair)
        return cls(int(place), tuple((int(a), int(b)) for a, b in pairs),
                   tuple(int(lane) for lane in above.split(",") if lane), int(width))


class LaneWalk:
    """The lanes of a history, row by row from the newest commit on.

    A lane waits for the commit that is to come next in it; a commit takes the first lane that waits for it, its
    first parent goes on in that lane, and further parents take the lanes that wait for them, or free ones.

    Args:
        waiting: What the lanes wait for at the beginning, from lane 0 on.
    """

    def __init__(self, waiting: Sequence[Hashable] = ()) -> None:
        self._waiting: list[Hashable | None] = list(waiting)

    def next(self, commit: Hashable, parents: Sequence[Hashable], then: Sequence[Hashable] | None = None) -> Lanes:
        """The row of the next commit.

        Args:
            commit, parents: Whatever names them.
            then: What the lanes wait for in the row after it, where that is another order than it comes to.
        """
        waiting = self._waiting
        above = tuple(lane for lane, awaited in enumerate(waiting) if awaited is not None)
        place = waiting.index(commit) if commit in waiting else _free(waiting)
        waiting[place] = None
        lines = [(lane, lane) for lane in above if lane != place]
        for index, parent in enumerate(parents):
            if parent in waiting:
                lane = waiting.index(parent)
            else:
                lane = _free(waiting) if index else place
                waiting[lane] = parent
            lines.append((place, lane))
        if then is not None:
            lanes = {awaited: lane for lane, awaited in enumerate(then)}
            lines = [(above, lanes[waiting[below]]) for above, below in lines if waiting[below] in lanes]
            self._waiting = waiting = list(then)
        while waiting and waiting[-1] is None:
            waiting.pop()
        width = max([place, *above, *(lane for line in lines for lane in line)]) + 1
        return Lanes(place, tuple(lines), above, width)


class Graph:
    """The lanes of rows, worked out block by block wherever somebody looks.

    In which order lanes begin a block is told by the rows above it alone, so a block looks the same however one came
    there; its last row leads to the lanes of the next one.

    Args:
        rows: What is known of the commits.
    """

    def __init__(self, rows: Links) -> None:
        self.rows = rows
        self._lock = threading.Lock()
        self._blocks: OrderedDict[int, _Block] = OrderedDict()

    def text(self, position: int) -> str:
        """The lanes of a row that is known, as text."""
        number = position // BLOCK
        with self._lock:
            block = self._blocks.get(number)
            if block is None:
                block = self._blocks[number] = _Block(self.rows, number * BLOCK)
                while len(self._blocks) > _KEPT:
                    self._blocks.popitem(last=False)
            self._blocks.move_to_end(number)
            return block.text(position - number * BLOCK)


class _Block:
    """Lanes of some hundred rows, from the first one as far as somebody looks."""

    def __init__(self, rows: Links, start: int) -> None:
        self._rows, self._start = rows, start
        self._walk = LaneWalk(rows.awaited(start))
        self._texts: list[str] = []

    def text(self, place: int) -> str:
        known = len(self._texts)
        if place >= known:
            links = self._rows.links(self._start + known, self._start + place + 1)
            for row, (commit, parents) in enumerate(links, known):
                then = self._rows.awaited(self._start + BLOCK) if row == BLOCK - 1 else None
                self._texts.append(self._walk.next(commit, parents, then).text())
        return self._texts[place]


def _free(waiting: list[Hashable | None]) -> int:
    """The first lane that waits for nothing; a new one when all do."""
    if None not in waiting:
        waiting.append(None)
    return waiting.index(None)
