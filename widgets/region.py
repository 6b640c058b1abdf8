"""The widgets of a container's children, in order, where some children stand for no widget or for many.

A container gives a :class:`Host`; what an ``if`` or a ``repeat`` brings later, or a changed layout, is put between
its widgets as if it had stood there from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from layouts.node import Node
    from widgets.context import Context
    from widgets.structure.structure import Structure


class Host(NamedTuple):
    """What a region needs of its container.

    Attributes:
        widget: The parent of the children.
        place: Puts a widget before the one at an index among the children's widgets, from 0.
        take: Takes a widget out of the layout; it stays the container's child until it is deleted.
    """

    widget: QWidget
    place: Callable[[int, QWidget], None]
    take: Callable[[QWidget], None]


class Part:
    """One child: a widget, or a region of its own with what decides about it.

    Attributes:
        node: The child's node; the part of a repeat's row has the repeat's.
    """

    __slots__ = ("node", "region", "structure", "widget")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.widget: QWidget | None = None
        self.region: Region | None = None
        self.structure: Structure | None = None

    def count(self) -> int:
        """How many widgets it stands for."""
        return 1 if self.region is None else self.region.count


class Region:
    """Parts in order.

    Attributes:
        parts: The children.
        count: How many widgets they stand for.
        context: What they are built with.
        is_gone: Whether its part was taken away; nothing is built in it any more.
    """

    def __init__(self, host: Host, context: Context, outer: Region | None = None) -> None:
        self.host = host
        self.context = context
        self.outer = outer
        self.parts: list[Part] = []
        self.count = 0
        self.is_gone = False

    def fill(self, nodes: list[Node]) -> None:
        """Build the widgets of ``nodes`` behind those that are there."""
        context, parts = self.context, self.parts
        for node in nodes:
            # What a widget does as it is built may take the region away.
            if self.is_gone:
                return
            if self.outer is not None or context.structure_kind(node) is not None:
                self.insert(len(parts), node)
                continue
            part = Part(node)
            part.widget = context.build(node, self.host.widget)
            if self.is_gone:
                context.discard(part.widget)
                return
            self.host.place(self.count, part.widget)
            parts.append(part)
            self.count += 1

    def insert(self, at: int, node: Node) -> Part:
        """Build the widgets of a node as the part ``at``."""
        part = Part(node)
        kind = self.context.structure_kind(node)
        if kind is None:
            part.widget = self.context.build(node, self.host.widget)
            if self.is_gone:
                self.context.discard(part.widget)
                return part
            self.host.place(self._offset(at), part.widget)
            self.parts.insert(at, part)
            self._add(1)
            return part
        part.region = Region(self.host, self.context, self)
        self.parts.insert(at, part)
        self.context.structure(kind)(part)
        return part

    def insert_region(self, at: int, node: Node, context: Context) -> Region:
        """An empty region as the part ``at``, with surroundings of its own."""
        part = Part(node)
        part.region = Region(self.host, context, self)
        self.parts.insert(at, part)
        return part.region

    def remove(self, at: int) -> None:
        """Take the part ``at`` away, with its widgets and all that they watch."""
        part = self.parts[at]
        if part.structure is not None:
            part.structure.dispose()
        if part.region is not None:
            part.region.is_gone = True
            part.region.clear()
        elif part.widget is not None:
            self.host.take(part.widget)
            self.context.discard(part.widget)
            self._add(-1)
        del self.parts[at]

    def move(self, before: int, after: int) -> None:
        """Put the part ``before`` where it then stands ``after``; its widgets stay the same ones."""
        if before == after:
            return
        part = self.parts[before]
        widgets = list(widgets_of(part))
        for widget in widgets:
            self.host.take(widget)
        self._add(-len(widgets))
        del self.parts[before]
        offset = self._offset(after)
        for index, widget in enumerate(widgets):
            self.host.place(offset + index, widget)
        self.parts.insert(after, part)
        self._add(len(widgets))

    def clear(self) -> None:
        """Take all parts away, in one go."""
        widgets = list(self.widgets())
        for part in self.parts:
            _end(part)
        for widget in widgets:
            self.host.take(widget)
        self.context.discard(*widgets)
        self.parts.clear()
        self._add(-self.count)

    def let_go(self) -> None:
        """Stop what its structures watch; the widgets stay, and no more come."""
        self.is_gone = True
        for part in self.parts:
            if part.structure is not None:
                part.structure.dispose()
            if part.region is not None:
                part.region.let_go()

    def replace(self, at: int, node: Node) -> None:
        """Another node in the place of a part, built anew."""
        self.remove(at)
        self.insert(at, node)

    def widgets(self) -> Iterator[QWidget]:
        """All its widgets in order."""
        for part in self.parts:
            yield from widgets_of(part)

    def _offset(self, at: int) -> int:
        """The index among the container's widgets of the first widget of the part ``at``."""
        inside = self.count if at == len(self.parts) else sum(part.count() for part in self.parts[:at])
        if self.outer is None:
            return inside
        place = next(index for index, part in enumerate(self.outer.parts) if part.region is self)
        return self.outer._offset(place) + inside

    def _add(self, widgets: int) -> None:
        region: Region | None = self
        while region is not None:
            region.count += widgets
            region = region.outer


def _end(part: Part) -> None:
    """Stop what decides about a part, and about those within."""
    if part.structure is not None:
        part.structure.dispose()
    if part.region is not None:
        part.region.is_gone = True
        for inner in part.region.parts:
            _end(inner)


def widgets_of(part: Part) -> Iterator[QWidget]:
    """The widgets that a part stands for."""
    if part.region is not None:
        yield from part.region.widgets()
    elif part.widget is not None:
        yield part.widget
