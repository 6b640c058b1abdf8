"""What Qt asks of a grid: painting, sizes, scrolling, keys, the pointer, the focus.

Each handler hands its event to the part that knows what to do; nothing is decided here. What the first paint does not
need is imported by the handler. The class is the base of :class:`widgets.grid.grid.Grid`, which has the parts.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QPainter

from widgets.grid.paint import paint_rows
from widgets.listing.view import RowsView


class GridEvents(RowsView):
    """Qt's events of a grid.

    Attributes:
        hovered_row: The row under the pointer, or -1.
    """

    hovered_row = -1

    #: Lines of a layout's context menu stand before its own.
    has_own_menu = True

    def showEvent(self, event: Any) -> None:  # Qt's name
        """Introduce itself to assistive technology, right after the first paint."""
        super().showEvent(event)
        self._announcing.start()

    def paintEvent(self, event: Any) -> None:  # Qt's name
        """Paint what is in sight."""
        painter = QPainter(self.viewport())
        # Where texts stand is worked out here; each goes in its own direction.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        try:
            paint_rows(self, painter, event.rect())
            self._paint_hits(painter, event.rect())
        finally:
            # NOTE: Qt ends the process when it comes back to a painter that is still at work.
            painter.end()

    def _paint_hits(self, painter: QPainter, dirty: QRect) -> None:
        search = self.bands.get("find").finder.search if self.bands.get("find") is not None else None
        if search is not None:
            from widgets.grid.find_paint import paint_hits

            paint_hits(self, painter, dirty, search)

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """Keep the parts in place."""
        super().resizeEvent(event)
        self.bands.place()
        self.condition.place()
        self.follow.place()
        self.widths.fill()
        self.places.update_bars()
        self.follow.ask_rows()
        self.editing.place()
        if "block" in self.__dict__:
            self.block.work.place()

    def changeEvent(self, event: Any) -> None:  # Qt's name
        """Lines that begin at the other side have the columns there too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange and self.look.is_turned != self.isRightToLeft():
            self._dress()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # Qt's name
        """A bar has moved."""
        if dx:
            from widgets.grid.scroll import scroll_columns

            scroll_columns(self, dx)
            self.bands.follow()
        if dy:
            self.places.take_bar()

    def wheelEvent(self, event: Any) -> None:  # Qt's name
        """Where a step of the bar is several pixels, the wheel goes by pixels all the same."""
        from widgets.grid.scroll import move_by_wheel

        if self.places.scale() == 1 or not move_by_wheel(self, event):
            super().wheelEvent(event)

    def event(self, event: Any) -> bool:  # Qt's name
        """The keys of ``tool`` are the grid's before they are the window's."""
        if event.type() == QEvent.Type.ShortcutOverride:
            from widgets.grid.key import tool_of

            if tool_of(event) is not None:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: Any) -> None:  # Qt's name
        """See the tables in ``key`` and ``tool``."""
        from widgets.grid.key import handle_key

        is_done = self.outline is not None and self.outline.handle_key(event)
        if not is_done and not handle_key(self, event):
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: Any) -> None:  # Qt's name
        """What an input method composes begins an edit, as typing does."""
        if not self.editing.compose(event):
            super().inputMethodEvent(event)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:  # Qt's name
        """Nothing is typed into the grid itself, so that keys of commands go on working."""
        if query == Qt.InputMethodQuery.ImReadOnly:
            return True
        if query == Qt.InputMethodQuery.ImCursorRectangle and self.current.row >= 0 and self.columns:
            return self.places.cell_rect(self.current.row, self.current.column)
        return super().inputMethodQuery(query)

    def mousePressEvent(self, event: Any) -> None:  # Qt's name
        """See ``mouse``."""
        from widgets.grid.mouse import handle_press

        handle_press(self, event)

    def mouseMoveEvent(self, event: Any) -> None:  # Qt's name
        """See ``mouse``."""
        from widgets.grid.mouse import handle_move

        handle_move(self, event)

    def mouseReleaseEvent(self, event: Any) -> None:  # Qt's name
        """See ``mouse``."""
        from widgets.grid.mouse import handle_release

        handle_release(self, event)

    def mouseDoubleClickEvent(self, event: Any) -> None:  # Qt's name
        """See ``mouse``."""
        from widgets.grid.mouse import handle_double_click

        handle_double_click(self, event)

    def leaveEvent(self, event: Any) -> None:  # Qt's name
        """Nothing is hovered any more."""
        self.hover(-1)

    def contextMenuEvent(self, event: Any) -> None:  # Qt's name
        """Offer what can be done here."""
        self.open_menu(None if event.reason() == event.Reason.Keyboard else event.globalPos())

    def focusInEvent(self, event: Any) -> None:  # Qt's name
        """Show where the person is."""
        super().focusInEvent(event)
        if self.current.row < 0 and self.row_count():
            self.go(0, 0)
        self.update_all()

    def focusOutEvent(self, event: Any) -> None:  # Qt's name
        """Leaving the grid writes the new row."""
        super().focusOutEvent(event)
        self.editing.take_focus_out()
        self.update_all()

    # -- what the handlers share ---------------------------------------------------------------------------------

    def take_move(self, dy: int) -> None:
        """The rows have moved by that many pixels, whatever moved them."""
        from widgets.grid.scroll import scroll_rows

        scroll_rows(self, dy)
        self.bands.update_gutter()
        self.follow.ask_rows()

    def open_menu(self, place: QPoint | None = None) -> None:
        """Offer what can be done, at a place of the screen or below the current cell."""
        from widgets.grid.menu import show_menu

        if place is None and self.current.row >= 0 and self.columns:
            cell = self.places.cell_rect(self.current.row, self.current.column)
            place = self.viewport().mapToGlobal(cell.bottomLeft())
        show_menu(self, place or self.viewport().mapToGlobal(QPoint(0, 0)))

    def hover(self, row: int) -> None:
        """Note the row under the pointer, -1 when there is none."""
        if row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()

    def update_all(self) -> None:
        """Paint rows and headings anew."""
        self.viewport().update()
        self.header.update()
        self.bands.update_gutter()

    def update_rows(self, *rows: int) -> None:
        """Paint these rows anew, as far as they are in sight."""
        view, height = self.viewport(), self.look.row_height
        for row in rows:
            top = row * height - self.places.top_pixel()
            if -height < top < view.height():
                view.update(0, top, view.width(), height)
