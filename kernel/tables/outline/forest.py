"""Rows that refer to rows of their own table, as trees: who stands under whom, and the list of what is open.

Pure data, rows are their numbers in the order of the table. A row that is its own ancestor would never be reached from
a row at the top: the first of such a circle is put there, with a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


class Forest:
    """The trees of some rows.

    Args:
        names: What references call each row.
        parents: What each row refers to; null, or the name of no row: it stands at the top.

    Attributes:
        roots: The rows at the top.
        children: Row → the rows right under it, in order; rows without any are left out.
        parents: Row → the row that it stands under, or -1.
        circles: The rows that are their own ancestors and were put at the top.
    """

    def __init__(self, names: Sequence[Any], parents: Sequence[Any]) -> None:
        numbers = {name: row for row, name in enumerate(names) if name is not None}
        self.parents = [-1 if parent is None else numbers.get(parent, -1) for parent in parents]
        self.circles = self._cut_circles()
        self.roots: list[int] = []
        self.children: dict[int, list[int]] = {}
        for row, parent in enumerate(self.parents):
            (self.roots if parent < 0 else self.children.setdefault(parent, [])).append(row)

    def _cut_circles(self) -> set[int]:
        done = bytearray(len(self.parents))
        circles = set()
        for row in range(len(self.parents)):
            way, at = [], row
            while at >= 0 and not done[at]:
                done[at] = 1
                way.append(at)
                at = self.parents[at]
            # NOTE: a row met again on the same way closes a circle; one met on an earlier way is settled.
            if at >= 0 and done[at] == 1 and at in (members := set(way)):
                circle = [at]
                while (above := self.parents[circle[-1]]) != at and above in members:
                    circle.append(above)
                first = min(circle)
                self.parents[first] = -1
                circles.add(first)
            for one in way:
                done[one] = 2
        return circles

    def ancestors(self, row: int) -> list[int]:
        """The rows that a row stands under, the nearest first."""
        found: list[int] = []
        while (row := self.parents[row]) >= 0:
            found.append(row)
        return found

    def with_ancestors(self, rows: Sequence[int]) -> set[int]:
        """These rows and all that they stand under."""
        found: set[int] = set()
        for row in rows:
            while row >= 0 and row not in found:
                found.add(row)
                row = self.parents[row]
        return found

    def below(self, row: int) -> list[int]:
        """All rows under a row that have rows under themselves, and the row itself when it has."""
        found, left = [], [row]
        while left:
            one = left.pop()
            if one in self.children:
                found.append(one)
                left += self.children[one]
        return found

    def shown(self, is_open: Callable[[int], bool], among: set[int] | None = None) -> tuple[list[int], list[int]]:
        """The rows that are shown in order, and how deep each stands; of ``among`` alone, when it is given."""
        rows: list[int] = []
        depths: list[int] = []
        left = [(row, 0) for row in reversed(self.roots)]
        while left:
            row, depth = left.pop()
            if among is not None and row not in among:
                continue
            rows.append(row)
            depths.append(depth)
            below = self.children.get(row)
            if below is not None and is_open(row):
                left += [(child, depth + 1) for child in reversed(below)]
        return rows, depths
