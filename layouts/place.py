"""Where a node may stand: the containers that hold it, and what an ``if`` or a ``repeat`` in one of them may hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kernel.nearest import did_you_mean
from layouts.kdl import SyntaxNode
from layouts.kinds.kind import Kind
from layouts.project import Project

#: What is no place itself: what stands in it stands in the container around.
OPEN_KINDS = ("if", "else", "case", "match", "repeat")
#: Containers of parts of their own alone, and of structures that hold such parts.
PART_HOLDERS = ("tabs",)


class Places:
    """Tells what stands where it cannot; goes along with the builder, from container to container.

    Args:
        project: Gets the problems.
        root: The kind of what is outside of every window.
    """

    def __init__(self, project: Project, root: Kind) -> None:
        self._project, self._root, self._holder = project, root, root

    @contextmanager
    def within(self, kind: Kind) -> Iterator[None]:
        """What is checked in here stands in a node of that kind."""
        outer = self._holder
        if kind.name not in OPEN_KINDS:
            self._holder = kind
        try:
            yield
        finally:
            self._holder = outer

    def check(self, node: SyntaxNode, kind: Kind, parent: Kind) -> None:
        """Report a node that cannot stand in its parent."""
        if kind.name == "on":
            self._check_event(node, parent)
            return
        if kind.name == "context-menu" and parent.loader and not parent.is_structure:
            return
        if self._holder.name in PART_HOLDERS and parent.name in OPEN_KINDS and kind.name not in ("else", "case"):
            parent = self._holder
        is_widget = bool(kind.loader) and parent is not self._root
        is_welcome = kind.name in parent.children or ("*" in parent.children and is_widget)
        if not is_welcome or (kind.parents and parent.name not in kind.parents):
            self._project.report(node.where, *self._problem(kind, parent))

    def _problem(self, kind: Kind, parent: Kind) -> tuple[str, str]:
        """The message and the hint."""
        if parent is self._root:
            return f"{kind.name} cannot stand outside of a window", "put it in window { … }"
        if kind.name == "else":
            return "there is no if before this else", "it stands right behind its if, or in match"
        message = f"{kind.name} cannot stand in {parent.name}"
        if kind.parents:
            return message, f"it stands in {', '.join(kind.parents)}"
        if not parent.children:
            return message, f"{parent.name} holds nothing"
        return message, f"it holds {', '.join(parent.children)}"

    def _check_event(self, node: SyntaxNode, parent: Kind) -> None:
        """An event must be one of the kind that it stands in."""
        names = [event.name for event in parent.events]
        name = node.arguments[0].value if node.arguments else None
        if not names:
            message = f"nothing happens to {parent.name} that on could tell"
            self._project.report(node.where, message, "it has no events")
        elif isinstance(name, str) and name not in names:
            hint = did_you_mean(name, names) or f"events: {', '.join(names)}"
            self._project.report(node.arguments[0].where, f"{parent.name} has no event {name}", hint)

