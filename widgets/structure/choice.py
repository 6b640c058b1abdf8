"""The kinds ``if`` and ``match``: one branch of widgets, or none, by the value of an expression.

A branch that holds what is typed and not written stays until that is written or taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgets.binding import bind, evaluate
from widgets.structure.structure import Structure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget

    from layouts.node import Node
    from widgets.patch import Stale
    from widgets.region import Part
    from widgets.structure.unwritten import Unwritten


class Choice(Structure):
    """Shows one of its branches; the widgets of a branch that goes are taken away with it."""

    #: The property that decides.
    PROPERTY = ""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self._branch: int | None = None
        self._wanted: int | None = None
        self._is_filling = False
        self._is_first = True
        self._waiting: Unwritten | None = None
        self._watch()

    @classmethod
    def branches(cls, node: Node) -> list[list[Node]]:
        """The children of each branch."""
        raise NotImplementedError

    @classmethod
    def chosen(cls, node: Node, value: Any) -> int | None:
        """The branch for a value, or None for no widget."""
        raise NotImplementedError

    def patch(self, node: Node, stale: Stale) -> bool:
        """The widgets that are shown become those of the branch that fits now."""
        from widgets.patch import patch_region

        self.disposers()
        self.part.node = node
        self._branch, nodes = self._fitting(node)
        patch_region(self.region, nodes, stale)
        self._watch()
        return True

    def lost(self, node: Node, stale: Stale) -> Iterator[QWidget]:
        """Those that the branch that fits now does not have."""
        from widgets.patch import lost_widgets

        yield from lost_widgets(self.region, self._fitting(node)[1], stale)

    def _fitting(self, node: Node) -> tuple[int | None, list[Node]]:
        """The branch of a node for the value of now, and its children."""
        branch = self.chosen(node, evaluate(node.get(self.PROPERTY), self.region.context))
        return branch, [] if branch is None else self.branches(node)[branch]

    def _watch(self) -> None:
        self.disposers.add(bind(self.node.get(self.PROPERTY), self.region.context, self._take))

    def _take(self, value: Any) -> None:
        self._wanted = self.chosen(self.node, value)
        self._take_wanted()

    def _take_wanted(self) -> None:
        if self._is_filling:
            return  # what is built in a branch has changed the value; the loop below goes on
        self._is_filling = True
        try:
            self._fill()
        finally:
            self._is_filling = False

    def _fill(self) -> None:
        while not self.region.is_gone and (self._wanted != self._branch or self._is_first):
            if not self._is_first and self._must_wait():
                return
            self._is_first = False
            self._branch = self._wanted
            self.region.clear()
            if self._branch is not None:
                self.region.fill(self.branches(self.node)[self._branch])


    def _must_wait(self) -> bool:
        """Whether the branch holds edits; it is then looked at again."""
        if self._branch is None or not any(True for _ in self.region.widgets()):
            return False
        from widgets.structure.unwritten import Unwritten, holds_edits

        if not holds_edits(self.region.widgets()):
            return False
        if self._waiting is None:
            self._waiting = Unwritten(self._go_on, self.region.context, self.region.host.widget)
            self.disposers.add(self._waiting.wait())
        return True

    def _go_on(self) -> bool:
        """Show the branch that is wanted now, if nothing stands in its way."""
        from widgets.structure.unwritten import holds_edits

        is_due = self._wanted != self._branch and not self.region.is_gone
        if is_due and holds_edits(self.region.widgets()):
            return False
        self._waiting = None
        if is_due:
            self._take_wanted()
        return True


class If(Choice):
    """Its children while the condition holds, those of its ``else`` while it does not."""

    PROPERTY = "condition"

    @classmethod
    def branches(cls, node: Node) -> list[list[Node]]:
        """Then, else."""
        otherwise = [child for one in node.of_kind("else") for child in one.children]
        return [[child for child in node.children if child.kind != "else"], otherwise]

    @classmethod
    def chosen(cls, node: Node, value: Any) -> int | None:
        """A condition over what is not there does not hold."""
        return 0 if value else 1


class Match(Choice):
    """The first case that has the value."""

    PROPERTY = "value"

    @classmethod
    def branches(cls, node: Node) -> list[list[Node]]:
        """Cases and else in their order."""
        return [branch.children for branch in node.children]

    @classmethod
    def chosen(cls, node: Node, value: Any) -> int | None:
        """The first case that holds the value; true is not 1."""
        for index, branch in enumerate(node.children):
            values = branch.get("values", ())
            if branch.kind == "else" or any(_is_same(one, value) for one in values):
                return index
        return None


def _is_same(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) is isinstance(other, bool)
