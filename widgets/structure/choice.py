"""The kinds ``if`` and ``match``: one branch of widgets, or none, by the value of an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgets.binding import bind
from widgets.structure.structure import Structure

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.patch import Stale
    from widgets.region import Part


class Choice(Structure):
    """Shows one of its branches; the widgets of a branch that goes are taken away with it."""

    #: The property that decides.
    PROPERTY = ""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self._branch: int | None = None
        self._is_first = True
        self._watch()

    def branches(self) -> list[list[Node]]:
        """The children of each branch."""
        raise NotImplementedError

    def chosen(self, value: Any) -> int | None:
        """The branch for a value, or None for no widget."""
        raise NotImplementedError

    def patch(self, node: Node, stale: Stale) -> bool:
        """Another condition is watched instead; the branch that is shown is patched, or another one built."""
        from widgets.patch import patch_region

        is_same = node.get(self.PROPERTY) == self.node.get(self.PROPERTY)
        self.part.node = node
        branches = self.branches()
        if self._branch is not None and self._branch >= len(branches):
            return False
        if self._branch is not None:
            patch_region(self.region, branches[self._branch], stale)
        if not is_same or node.kind == "match":
            self.disposers()
            self._watch()
        return True

    def _watch(self) -> None:
        self.disposers.add(bind(self.node.get(self.PROPERTY), self.region.context, self._take))

    def _take(self, value: Any) -> None:
        branch = self.chosen(value)
        if branch == self._branch and not self._is_first:
            return
        self._is_first = False
        self._branch = branch
        self.region.clear()
        if branch is not None:
            self.region.fill(self.branches()[branch])


class If(Choice):
    """Its children while the condition holds, those of its ``else`` while it does not."""

    PROPERTY = "condition"

    def branches(self) -> list[list[Node]]:
        """Then, else."""
        otherwise = [child for one in self.node.of_kind("else") for child in one.children]
        return [[child for child in self.node.children if child.kind != "else"], otherwise]

    def chosen(self, value: Any) -> int | None:
        """A condition over what is not there does not hold."""
        return 0 if value else 1


class Match(Choice):
    """The first case that has the value."""

    PROPERTY = "value"

    def branches(self) -> list[list[Node]]:
        """Cases and else in their order."""
        return [branch.children for branch in self.node.children]

    def chosen(self, value: Any) -> int | None:
        """The first case that holds the value; true is not 1."""
        for index, branch in enumerate(self.node.children):
            values = branch.get("values", ())
            if branch.kind == "else" or any(_is_same(one, value) for one in values):
                return index
        return None


def _is_same(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) is isinstance(other, bool)
