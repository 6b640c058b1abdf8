"""What all structures share: a part of a container's region, and what it watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.disposer import Disposers

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.patch import Stale
    from widgets.region import Part, Region


class Structure:
    """Decides about the widgets of one part.

    Attributes:
        region: Where its widgets stand.
        disposers: Undone when the part goes.
    """

    def __init__(self, part: Part) -> None:
        assert part.region is not None
        self.part = part
        self.region: Region = part.region
        self.disposers = Disposers()
        part.structure = self

    @property
    def node(self) -> Node:
        """The node that it was made for."""
        return self.part.node

    def patch(self, node: Node, stale: Stale) -> bool:
        """Become what another node of its kind says; False when it has to be made anew instead."""
        return False

    def dispose(self) -> None:
        """Stop watching; its widgets are the region's."""
        self.disposers()
