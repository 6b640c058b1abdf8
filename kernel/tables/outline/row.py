"""What an outlined block says of its rows beside their values, and which of them are open. Plain data.

An outlined block has one more column, :data:`OUTLINE`: a :class:`GroupRow` for a group, None for a row of a group, a
:class:`TreeRow` for a row of a tree.
"""

from __future__ import annotations

from typing import Any

import msgspec

#: The column of an outlined block that says what stands in a row.
OUTLINE = "\0outline"
#: The values of a group and of those that it stands in, from the outermost on.
Path = tuple[Any, ...]


class GroupPath(msgspec.Struct, frozen=True):
    """Calls a group row: the only part of its key, so that it is never taken for a row's."""

    values: Path


class GroupRow(msgspec.Struct, frozen=True):
    """One group as it is shown.

    Attributes:
        path: Its values.
        label: What the last value is called; the value itself where it has no label.
        count: Rows in it.
        is_open: Whether its rows follow.
        figures: The values of the aggregates, by name.
    """

    path: Path
    label: Any
    count: int
    is_open: bool
    figures: dict[str, Any]

    @property
    def depth(self) -> int:
        """How many groups it stands in."""
        return len(self.path) - 1


class TreeRow(msgspec.Struct, frozen=True):
    """Where a row stands in its tree.

    Attributes:
        depth: How many rows it stands under.
        children: Rows right under it.
        is_open: Whether they follow.
        is_match: Whether the filter lets it through itself; else it is there for rows under it.
        is_cycle: Whether it is its own ancestor, and shown at the top for that reason.
    """

    depth: int
    children: int
    is_open: bool
    is_match: bool = True
    is_cycle: bool = False


class Opened(msgspec.Struct, frozen=True):
    """What is open: whole levels, and what differs from its level.

    Attributes:
        levels: Depths at which everything is open but what is in ``others``.
        others: Paths of groups (or keys of rows) that are not as their level is.
    """

    levels: frozenset[int] = frozenset()
    others: frozenset[Any] = frozenset()

    def has(self, name: Any, depth: int) -> bool:
        """Whether that one is open."""
        return (depth in self.levels) != (name in self.others)

    def toggled(self, name: Any) -> Opened:
        """With that one turned round."""
        return Opened(self.levels, self.others ^ {name})

    def opened(self, name: Any, depth: int) -> Opened:
        """With that one open."""
        return self if self.has(name, depth) else self.toggled(name)

    def with_level(self, depth: int, is_open: bool, depth_of: Any = len) -> Opened:
        """With all of a level open or closed; ``depth_of(name)`` tells the depth of what differs."""
        levels = self.levels | {depth} if is_open else self.levels - {depth}
        return Opened(levels, frozenset(one for one in self.others if depth_of(one) != depth))


def group_key(path: Path) -> tuple[GroupPath]:
    """The key of a group row."""
    return (GroupPath(path),)


def path_of(key: Any) -> Path | None:
    """The path that a group row's key calls; None for any other key."""
    return key[0].values if key is not None and len(key) == 1 and isinstance(key[0], GroupPath) else None
