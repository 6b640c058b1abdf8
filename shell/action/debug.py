"""Commands for reports about Espalier itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


def copy_tree(window: Any) -> None:
    """Copy a text of every widget."""
    QGuiApplication.clipboard().setText(widget_tree(window))
    window.messages.report("success", "The tree of widgets is on the clipboard")


def copy_layout(window: Any) -> None:
    """Copy the checked layout."""
    from layouts.dump import dump

    QGuiApplication.clipboard().setText(dump(window.layout_tree))
    window.messages.report("success", "The layout is on the clipboard")


def widget_tree(widget: QWidget, depth: int = 0) -> str:
    """One line per widget: class, layout kind and id, place, accessible name, whether it is hidden or has the focus."""
    node = getattr(widget, "node", None)
    kind = f" {node.kind}#{node.id}" if node is not None and node.id else f" {node.kind}" if node is not None else ""
    area = widget.geometry()
    marks = (" hidden" if widget.isHidden() else "") + (" focus" if widget.hasFocus() else "")
    name = f" “{widget.accessibleName()}”" if widget.accessibleName() else ""
    size = f"{area.x()},{area.y()} {area.width()}×{area.height()}"
    line = f"{'  ' * depth}{type(widget).__name__}{kind} {size}{name}{marks}\n"
    children = (child for child in widget.children() if isinstance(child, QWidget))
    return line + "".join(widget_tree(child, depth + 1) for child in children)
