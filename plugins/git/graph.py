"""Lanes of a history's graph: which lines pass a commit's row, and where they lead in the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


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
    """

    def __init__(self) -> None:
        self._waiting: list[str | None] = []

    def next(self, commit: str, parents: Sequence[str]) -> Lanes:
        """The row of the next commit."""
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
        while waiting and waiting[-1] is None:
            waiting.pop()
        width = max([place, *above, *(lane for line in lines for lane in line)]) + 1
        return Lanes(place, tuple(lines), above, width)


def _free(waiting: list[str | None]) -> int:
    """The first lane that waits for nothing; a new one when all do."""
    if None not in waiting:
        waiting.append(None)
    return waiting.index(None)
