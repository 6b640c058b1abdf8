"""Makes built widgets those of another node tree, touching only what differs; what is typed, chosen and seen stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layouts.difference import is_alike, is_same, steps
from widgets.properties import properties_of, reset, set_one

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from layouts.node import Node
    from widgets.context import Context
    from widgets.region import Part, Region


def patch_region(region: Region, nodes: list[Node]) -> None:
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
        if part.node is not node and not _patch_part(part, node, region.context):
            region.replace(at, node)


def patch_widget(widget: QWidget, node: Node, context: Context) -> bool:
    """Make a widget the one of ``node``.

    Returns:
        False when it cannot become that and has to be built anew: another kind or id, or something that it read when
        it was made.
    """
    old: Node | None = getattr(widget, "node", None)
    kind = context.kind(node)
    if old is None or kind is None or not is_alike(old, node):
        return False
    if old.properties != node.properties:
        records = properties_of(kind)
        for name in old.properties.keys() - node.properties.keys():
            if name not in records or not reset(widget, records[name]):
                return False
        for name, value in node.properties.items():
            is_other = name not in old.properties or old.properties[name] != value
            if is_other and (name not in records or not set_one(widget, records[name], value, context)):
                return False
    if not _patch_inside(widget, old, node, context):
        return False
    widget.node = node
    context.name_again(widget)
    return True


def _patch_part(part: Part, node: Node, context: Context) -> bool:
    if part.structure is not None:
        is_done = is_alike(part.node, node) and part.structure.patch(node)
    else:
        is_done = part.widget is not None and patch_widget(part.widget, node, context)
    if is_done:
        part.node = node
    return is_done


def _patch_inside(widget: QWidget, old: Node, node: Node, context: Context) -> bool:
    own = getattr(widget, "patch_children", None)
    if own is not None:
        return own(node)
    region: Region | None = widget.__dict__.get("region")
    if region is not None:
        patch_region(region, node.children)
        return True
    return len(old.children) == len(node.children) and all(map(is_same, old.children, node.children))
