"""Where somebody was: places to go back to, and forward again. Qt is not imported here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

P = TypeVar("P")
#: So many places are kept in each direction.
LONGEST = 100


class Trail(Generic[P]):
    """Places that were left are ``behind``, those gone back from ``ahead``; both with the last one at the end."""

    def __init__(self) -> None:
        self.behind: list[P] = []
        self.ahead: list[P] = []

    def leave(self, place: P) -> None:
        """Somebody went on from a place by themselves; what was ahead is given up."""
        if not self.behind or self.behind[-1] != place:
            self.behind.append(place)
            del self.behind[:-LONGEST]
        self.ahead.clear()

    def back(self, here: P | None, go: Callable[[P], bool]) -> bool:
        """Go to the last place that is still there; False when there is none, and nothing is changed.

        Args:
            here: Where somebody is, to come forward to.
            go: Goes to a place; answers False when it is there no more.
        """
        return _turn(self.behind, self.ahead, here, go)

    def forward(self, here: P | None, go: Callable[[P], bool]) -> bool:
        """The other way round."""
        return _turn(self.ahead, self.behind, here, go)


def _turn(source: list[P], other: list[P], here: P | None, go: Callable[[P], bool]) -> bool:
    for at in range(len(source) - 1, -1, -1):
        place = source[at]
        if place != here and go(place):
            del source[at:]
            if here is not None:
                other.append(here)
                del other[:-LONGEST]
            return True
    return False
