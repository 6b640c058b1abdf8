"""Makes built widgets those of another node tree, touching only what differs; what is typed, chosen and seen stays."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from layouts.difference import is_alike, is_same, steps
from layouts.node import Formula
from widgets.beside import join, parted
from widgets.properties import can_reset, reset, set_one, setter_of
from widgets.recipe import properties_of
from widgets.region import Part, widgets_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from layouts.kinds.kind import Kind, Property
    from layouts.node import Node
    from widgets.context import Context
    from widgets.region import Region


class Stale(NamedTuple):
    """What is another behind the same name, so that what was built with it has to be built anew.

    Attributes:
        tables: Declared tables.
        commands: Commands whose title or icon is another.
        files: Files of the app.
        ids: Widgets that were built anew themselves; filled while a window is patched.
        kinds: Kinds whose code is another.
    """

    tables: set[str]
    commands: set[str]
    files: Container[str]
    ids: set[str]
    kinds: frozenset[str] = frozenset()

    @classmethod
    def nothing(cls) -> Stale:
        """Everything is as it was."""
        return cls(set(), set(), set(), set())

    def __bool__(self) -> bool:
        return any(one is not None and one != set() for one in self)

    def hits(self, node: Node, kind: Kind) -> bool:
        """Whether a node speaks of it by itself."""
        if node.kind in self.kinds:
            return True
        for name, record in properties_of(kind).items():
            value = node.properties.get(name)
            if record.type == "binding" and isinstance(value, Formula):
                if value.names and value.names[0].partition(".")[0] in self.ids:
                    return True
            elif isinstance(value, str) and value in self._of_type(record):
                return True
        return False

    def _of_type(self, record: Property) -> Container[str]:
        names = {"table": self.tables, "command": self.commands}.get(record.type, ())
        return self.files if record.name == "file" else self.ids if record.name == "for" else names


NOTHING_STALE = Stale.nothing()


def patch_region(region: Region, nodes: list[Node], stale: Stale = NOTHING_STALE) -> None:
    """Make the parts of a region those of ``nodes``."""
    for step, at, other in steps([part.node for part in region.parts], nodes):
        if step == "drop":
            region.remove(at)
        elif step == "move":
            region.move(at, other)
        else:
            region.insert(at, nodes[other])
    for at, node in enumerate(nodes):
        part = region.parts[at]
        if (part.node is node and not stale.kinds) or (part.node == node and not stale):
            continue
        if not _patch_part(part, node, region.context, stale):
            stale.ids.update(_ids(part.node))
            region.replace(at, node)


def patch_widget(widget: QWidget, node: Node, context: Context, stale: Stale = NOTHING_STALE) -> bool:
    """Make a widget the one of ``node``.

    Returns:
        False when it cannot become that and has to be built anew; nothing was changed then.
    """
    if not fits(widget, node, context, stale):
        return False
    old: Node = widget.node  # type: ignore[attr-defined]
    kind = context.kind(node)
    assert kind is not None
    if old.properties != node.properties:
        records = properties_of(kind)
        for name in old.properties.keys() - node.properties.keys():
            reset(widget, records[name])
        for name, value in node.properties.items():
            if not _has(old, name, value):
                set_one(widget, records[name], value, context)
    inside, beside = parted(node)
    own = getattr(widget, "patch_children", None)
    if own is not None:
        own(inside, stale)
    elif (region := widget.__dict__.get("region")) is not None:
        patch_region(region, inside.children, stale)
    if not _are_same(parted(old)[1], beside):
        join(widget, beside, kind, context)
    widget.node = node  # type: ignore[attr-defined]
    context.name_again(widget)
    if context.root.dresser is not None:
        context.root.dresser.dress([widget])
    return True


def fits(widget: QWidget, node: Node, context: Context, stale: Stale = NOTHING_STALE) -> bool:
    """Whether a widget can become the one of ``node``: the same kind and id, and the same in what it read when made."""
    old: Node | None = widget.__dict__.get("node")
    kind = context.kind(node)
    if old is None or kind is None or not is_alike(old, node) or (stale and stale.hits(node, kind)):
        return False
    records = properties_of(kind)
    for name in old.properties.keys() - node.properties.keys():
        if name not in records or not can_reset(widget, records[name]):
            return False
    for name, value in node.properties.items():
        if not _has(old, name, value) and (name not in records or setter_of(widget, records[name]) is None):
            return False
    inside, _ = parted(node)
    own = getattr(widget, "can_patch_children", None)
    if own is not None:
        return own(inside)
    if "region" in widget.__dict__ or hasattr(widget, "patch_children"):
        return True
    return _are_same(parted(old)[0].children, inside.children)


def _are_same(old: Sequence[Node], new: Sequence[Node]) -> bool:
    return len(old) == len(new) and all(map(is_same, old, new))


def lost_widgets(region: Region, nodes: list[Node], stale: Stale = NOTHING_STALE) -> Iterator[QWidget]:
    """The widgets that :func:`patch_region` would delete."""
    parts = list(region.parts)
    for step, at, other in steps([part.node for part in parts], nodes):
        if step == "drop":
            gone = parts.pop(at)
            yield from gone.structure.all_widgets() if gone.structure is not None else widgets_of(gone)
        elif step == "move":
            parts.insert(other, parts.pop(at))
        else:
            parts.insert(at, Part(nodes[other]))
    for part, node in zip(parts, nodes, strict=True):
        if part.node is node and not stale.kinds:
            continue
        widget = part.widget
        if widget is not None and fits(widget, node, region.context, stale):
            inner = widget.__dict__.get("region")
            if inner is not None:
                yield from lost_widgets(inner, inner_nodes(widget, parted(node)[0]), stale)
        elif part.structure is None:
            yield from widgets_of(part)
        elif is_alike(part.node, node) and not _is_stale(node, region.context, stale):
            yield from part.structure.lost(node, stale)
        else:
            yield from part.structure.all_widgets()


def inner_nodes(widget: QWidget, node: Node) -> list[Node]:
    """The nodes that stand in a widget's region."""
    own = getattr(widget, "region_nodes", None)
    return own(node) if own is not None else node.children


def _patch_part(part: Part, node: Node, context: Context, stale: Stale) -> bool:
    if part.structure is not None:
        is_fit = is_alike(part.node, node) and not _is_stale(node, context, stale)
        is_done = is_fit and part.structure.patch(node, stale)
    else:
        is_done = part.widget is not None and patch_widget(part.widget, node, context, stale)
    if is_done:
        part.node = node
    return is_done


def _is_stale(node: Node, context: Context, stale: Stale) -> bool:
    kind = context.kind(node)
    return bool(stale) and kind is not None and stale.hits(node, kind)


def _has(node: Node, name: str, value: object) -> bool:
    found = node.properties.get(name, node)
    return type(found) is type(value) and found == value


def _ids(node: Node) -> Iterator[str]:
    if node.id:
        yield node.id
    for child in node.children:
        yield from _ids(child)
