"""The kind ``state``: a value of the window's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgets.structure.structure import Structure

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.patch import Stale
    from widgets.region import Part


class State(Structure):
    """Publishes its value under its id, unless a newer layout finds it there already."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        context, node = self.region.context, self.node
        # In a repeat each row keeps its own.
        rows = "".join(f" {name}={key!r}" for name, (_, key) in sorted(context.rows.items()))
        self._name = f"state:{node.id}{rows}"
        value = node.get("value")
        if node.get("remembered"):
            kept = context.recall(self._name)
            value = kept if kept is not None else value
            self.disposers.add(context.scope.watch([node.id], self._keep))
        context.scope.publish(node.id, value)

    def patch(self, node: Node, stale: Stale) -> bool:
        """The value that it has by now stays; another first value or name needs a new state."""
        if (node.id, node.properties) != (self.node.id, self.node.properties):
            return False
        self.part.node = node
        return True

    def _keep(self) -> None:
        value: Any = self.region.context.scope.read(self.node.id)
        self.region.context.remember(self._name, value)
