"""The mouse over items: a press goes there, with Shift it selects up to there, with Ctrl it takes one in or out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent

if TYPE_CHECKING:
    from widgets.items.view import ItemView


def handle_press(view: ItemView, event: QMouseEvent) -> None:
    """Go to the item; a right press within what is selected leaves the selection as it is."""
    row = view.places.item_at(event.position().x(), event.position().y())
    if row < 0 or (event.button() == Qt.MouseButton.RightButton and view.selection.contains(row)):
        return
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.button() == Qt.MouseButton.LeftButton:
        view.selection.toggle(row)
        view.current.row = row
        view.current.take_key()
        view.take_selection()
        return
    view.go(row, is_extending=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))


def handle_move(view: ItemView, event: QMouseEvent) -> None:
    """Hover; a drag selects."""
    row = view.places.item_at(event.position().x(), event.position().y())
    if not event.buttons() & Qt.MouseButton.LeftButton:
        view.hover(row)
    elif row >= 0 and row != view.current.row and view.current.row >= 0:
        view.go(row, is_extending=True)
