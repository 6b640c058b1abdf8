"""What Qt asks of a view of items: painting, sizes, scrolling, keys, the pointer, the focus.

Each handler hands its event to the part that knows what to do. The class is the base of
:class:`widgets.items.view.ItemView`, which has the parts.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPainter

from widgets.listing.view import RowsView


class ItemEvents(RowsView):
    """Qt's events of a view of items.

    Attributes:
        hovered_row: The row under the pointer, or -1.
    """

    hovered_row = -1

    #: Lines of a layout's context menu stand before its own.
    has_own_menu = True

    def hover(self, row: int) -> None:
        """Note the row under the pointer, -1 when there is none."""
        if row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()

    def showEvent(self, event: Any) -> None:  # Qt's name
        """Introduce itself to assistive technology, right after the first paint."""
        super().showEvent(event)
        self._announcing.start()

    def paintEvent(self, event: Any) -> None:  # Qt's name
        """Paint what is in sight."""
        from widgets.items.paint import paint_items

        painter = QPainter(self.viewport())
        paint_items(self, painter)
        painter.end()

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """Keep what is first in sight there, whatever stands beside what now."""
        super().resizeEvent(event)
        first, was_moved = self.places.flow.first_at(self.places.top), self.places.top > 0
        per_line = self.places.flow.per_line
        self.places.update()
        if was_moved and per_line != self.places.flow.per_line and self.row_count():
            self.places.move_to(self.places.flow.place(min(first, self.row_count() - 1))[0])
        self.condition.place()
        self.follow.ask_rows()
        self.place_parts()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:  # Qt's name
        """The bar has moved."""
        self.places.take_bar()

    def event(self, event: Any) -> bool:  # Qt's name
        """The keys of ``key`` are the view's before they are the window's."""
        if event.type() == QEvent.Type.ShortcutOverride:
            from widgets.items.key import is_own

            if is_own(event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: Any) -> None:  # Qt's name
        """See ``key``."""
        from widgets.items.key import handle_key

        if not handle_key(self, event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: Any) -> None:  # Qt's name
        """See ``mouse``."""
        from widgets.items.mouse import handle_press

        handle_press(self, event)

    def mouseMoveEvent(self, event: Any) -> None:  # Qt's name
        """See ``mouse``."""
        from widgets.items.mouse import handle_move

        handle_move(self, event)

    def mouseDoubleClickEvent(self, event: Any) -> None:  # Qt's name
        """A double click on an item activates it."""
        if self.places.item_at(event.position().x(), event.position().y()) >= 0:
            self.activate()

    def leaveEvent(self, _event: Any) -> None:  # Qt's name
        """Nothing is hovered any more."""
        self.hover(-1)

    def contextMenuEvent(self, event: Any) -> None:  # Qt's name
        """Offer what can be done here."""
        self.open_menu(None if event.reason() == event.Reason.Keyboard else event.globalPos())

    def focusInEvent(self, event: Any) -> None:  # Qt's name
        """Show where the person is."""
        super().focusInEvent(event)
        if self.current.row < 0 and self.row_count():
            self.go(0)
        self.announce()
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:  # Qt's name
        """The frame goes."""
        super().focusOutEvent(event)
        self.viewport().update()
