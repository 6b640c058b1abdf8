"""What a list says beside its current item: refusals, questions, why a row cannot be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect

from widgets.grid.notice import Notice

if TYPE_CHECKING:
    from widgets.items.view import ItemView


class ItemNotice(Notice):
    """One view's messages at an item."""

    def __init__(self, view: ItemView) -> None:
        super().__init__(view)  # type: ignore[arg-type] - it asks for the rows' schema and the place of a row
        self._view = view

    def _anchor(self) -> QRect:
        """The current item in the window's pixels, as far as it is in sight."""
        view, port = self._view, self._view.viewport()
        box = view.places.rect(view.current.row) if view.current.row >= 0 else QRect(0, 0, 1, 1)
        top = min(max(box.top(), -box.height()), port.height())
        return QRect(port.mapTo(view.window(), QPoint(box.left(), top)), box.size())
