"""What stands in a widget's node without being a child of it: its events and its context menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layouts.node import Node

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from layouts.kinds.kind import Kind
    from widgets.context import Context

_KINDS = ("on", "context-menu")


def parted(node: Node) -> tuple[Node, list[Node]]:
    """A node without what stands beside its children (itself, as a rule), and what does."""
    beside = [child for child in node.children if child.kind in _KINDS] if node.children else []
    if not beside:
        return node, beside
    children = [child for child in node.children if child.kind not in _KINDS]
    return Node(node.kind, node.id, node.properties, children, node.where), beside


def join(widget: QWidget, beside: list[Node], kind: Kind, context: Context) -> None:
    """Give a widget these events and lines of a context menu, in the place of those that it has."""
    events = [node for node in beside if node.kind == "on"]
    if events or any(name.startswith("on ") for name in widget.__dict__.get("bound", ())):
        from widgets import event

        event.join(widget, events, kind, context)
    lines = [line for node in beside if node.kind == "context-menu" for line in node.children]
    if lines or "context_lines" in widget.__dict__:
        from widgets.menu.context_menu import give

        give(widget, lines, context)
