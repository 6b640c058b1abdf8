"""Parts of a window that stand in windows of their own: floating docks, tabs that were taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def offer_keys(home: QWidget, event: QEvent) -> bool:
    """Offer a key that nobody in a part wanted to the commands of the window around ``home``; whether one took it."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return home.window().event(event) and event.isAccepted()


def is_inside(home: QWidget, widget: QWidget | None) -> bool:
    """Whether a widget belongs to a window, in one of the windows of its parts as well."""
    while widget is not None:
        if widget is home:
            return True
        widget = widget.parentWidget()
    return False
