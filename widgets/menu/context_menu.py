"""Context menus of a layout: by themselves, or before the lines that a widget's own menu has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from widgets.menu.fill import fill

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


def give(widget: QWidget, lines: list[Node], context: Context) -> None:
    """Give a widget these lines: a widget with a menu of its own puts them first, others get a menu."""
    is_first = "context_lines" not in widget.__dict__
    widget.context_lines = (lines, context)  # type: ignore[attr-defined]
    if hasattr(widget, "has_own_menu"):
        return
    if not is_first:
        policy = Qt.ContextMenuPolicy.CustomContextMenu if lines else Qt.ContextMenuPolicy.DefaultContextMenu
        widget.setContextMenuPolicy(policy)
        return
    lines_of_text = [widget] if isinstance(widget, QLineEdit) else widget.findChildren(QLineEdit)
    if not isinstance(widget, QLineEdit):
        widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        widget.customContextMenuRequested.connect(lambda at: _open(widget, at))
    for line in lines_of_text:
        line.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        line.customContextMenuRequested.connect(lambda at, line=line: _open_at_text(widget, line, at))


def add_lines(menu: QMenu, widget: QWidget) -> None:
    """Put the layout's lines for a widget into its own menu."""
    lines, context = widget.__dict__.get("context_lines", ((), None))
    if lines and context is not None:
        fill(menu, lines, context)
        menu.addSeparator()


def _open(widget: QWidget, at: QPoint) -> None:
    menu = QMenu(widget)
    menu.aboutToHide.connect(menu.deleteLater)
    add_lines(menu, widget)
    menu.popup(widget.mapToGlobal(at))


def _open_at_text(widget: QWidget, line: QLineEdit, at: QPoint) -> None:
    """Before the lines that a text has by itself: undo, cut, paste."""
    menu = QMenu(line)
    menu.aboutToHide.connect(menu.deleteLater)
    add_lines(menu, widget)
    own = line.createStandardContextMenu()
    own.setParent(menu)
    menu.addActions(own.actions())
    menu.popup(line.mapToGlobal(at))
