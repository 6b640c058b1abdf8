"""What a person may choose in a list or in cards: the items in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from shiboken6 import isValid

from widgets.hint import HintTarget

if TYPE_CHECKING:
    from widgets.items.view import ItemView


def item_targets(view: ItemView) -> list[HintTarget]:
    """The items; the view itself where it shows none."""
    offset = view.viewport().pos()

    def go(row: int) -> None:
        if isValid(view):
            view.setFocus(Qt.FocusReason.ShortcutFocusReason)
            view.go(row)

    def open_menu(row: int) -> None:
        go(row)
        view.open_menu()

    found = [
        HintTarget(view.places.rect(row).translated(offset), lambda row=row: view.item_text(row), "row",
                   lambda row=row: go(row), open_menu=lambda row=row: open_menu(row))
        for row in view.places.in_sight()
    ]  # fmt: skip
    focus = lambda: view.setFocus(Qt.FocusReason.ShortcutFocusReason)  # noqa: E731
    return found or [HintTarget(view.rect(), view.accessibleName(), "view", focus)]


def item_place(view: ItemView) -> tuple[Any, ...]:
    """What moves the items."""
    return view.places.top, view.row_count()
