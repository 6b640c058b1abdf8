"""What all structures share: a part of a container's region, and what it watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.disposer import Disposers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget

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

    def lost(self, node: Node, stale: Stale) -> Iterator[QWidget]:
        """The widgets that :meth:`patch` would delete; all of them where it answers False."""
        yield from self.all_widgets()

    def all_widgets(self) -> Iterator[QWidget]:
        """The widgets that it has now."""
        return self.region.widgets()

    def inner_region(self) -> Region | None:
        """Where its widgets stand now."""
        return self.region

    def dispose(self) -> None:
        """Stop watching; its widgets are the region's."""
        self.disposers()
