"""Positions in a list of groups of which some are open: cumulated counts, no walk over closed ones.

Pure arithmetic over levels that are there already; a group row takes one place, what is open behind it as many as it
holds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any, NamedTuple

from kernel.tables.outline.row import Opened, Path


class Level:
    """The groups right under one path, in their order.

    Attributes:
        values, labels, counts: Of each group.
        figures: Aggregate name → the figure of each group.
    """

    __slots__ = ("_index", "counts", "figures", "labels", "values")

    def __init__(self, values: list[Any], labels: list[Any], counts: list[int], figures: dict[str, list[Any]]) -> None:
        self.values, self.labels, self.counts, self.figures = values, labels, counts, figures
        self._index: dict[Any, int] | None = None

    def find(self, value: Any) -> int | None:
        """The place of the group with that value."""
        if self._index is None:
            self._index = {one: at for at, one in enumerate(self.values)}
        return self._index.get(value)


class Slot(NamedTuple):
    """What stands at one position: a group's row (``row`` -1), or a row of a group, counted from 0."""

    path: Path
    level: Level
    at: int
    row: int


class Section:
    """A level laid out with what is open in it.

    Args:
        level_of: Path → its level; called for the open groups alone.
        opened: What is open.
        depths: How many group keys there are.
        path: Whose groups these are.

    Attributes:
        size: Positions that it takes.
    """

    def __init__(self, level_of: Callable[[Path], Level], opened: Opened, depths: int, path: Path = ()) -> None:
        self.path, self.level = path, level_of(path)
        self._inner: dict[int, Section] = {}
        level, is_last = self.level, len(path) == depths - 1
        sizes = [1] * len(level.values)
        for at in self._open_places(opened):
            if is_last:
                sizes[at] += level.counts[at]
            else:
                inner = self._inner[at] = Section(level_of, opened, depths, (*path, level.values[at]))
                sizes[at] += inner.size
        self._starts = list(accumulate(sizes, initial=0))
        self.size = self._starts[-1]

    def _open_places(self, opened: Opened) -> Iterator[int]:
        depth, path = len(self.path), self.path
        if depth in opened.levels:
            values = self.level.values
            yield from (at for at, value in enumerate(values) if (*path, value) not in opened.others)
            return
        for other in opened.others:
            if len(other) == depth + 1 and other[:-1] == path and (at := self.level.find(other[-1])) is not None:
                yield at

    def slot(self, position: int) -> Slot:
        """What stands at a position from 0 to before ``size``."""
        at = bisect_right(self._starts, position) - 1
        rest = position - self._starts[at] - 1
        if rest >= 0 and at in self._inner:
            return self._inner[at].slot(rest)
        return Slot((*self.path, self.level.values[at]), self.level, at, rest)

    def count(self, path: Path) -> int:
        """Rows of a group that is shown, 0 of any other."""
        at = self.level.find(path[len(self.path)])
        if at is None or len(path) == len(self.path) + 1:
            return 0 if at is None else self.level.counts[at]
        return self._inner[at].count(path) if at in self._inner else 0

    def position(self, path: Path) -> int | None:
        """Where the row of a group stands; None where it is not shown."""
        at = self.level.find(path[len(self.path)])
        if at is None:
            return None
        if len(path) == len(self.path) + 1:
            return self._starts[at]
        inner = self._inner.get(at)
        below = inner.position(path) if inner is not None else None
        return None if below is None else self._starts[at] + 1 + below
