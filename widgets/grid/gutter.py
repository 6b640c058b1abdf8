"""The numbers at the start of a grid's rows: a click selects the row, a drag several; the corner selects everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QBrush, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kernel.words import say

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Room on both sides of the numbers, and the least width of the whole, in pixels.
PADDING, LEAST = 8, 34
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class Gutter(QWidget):
    """Stands beside the rows and the bands above them; ``bands`` gives it its place."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.setAccessibleName(say("Row numbers"))
        self.setToolTip(say("Click to select a row, with Ctrl to take one in or out"))

    def room(self) -> int:
        """The width that it needs for the numbers there are, in pixels."""
        digits = len(f"{max(self._grid.row_count(), 1):,}")
        return max(int(self._grid.look.metrics.horizontalAdvance("0") * digits) + 2 * PADDING, LEAST)

    def _above(self) -> int:
        """How much of it stands beside the bands, in pixels."""
        return self._grid.viewport().y() - self.y()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """Paint the numbers in sight."""
        grid, look, above = self._grid, self._grid.look, self._above()
        if self.room() != self.width():
            QTimer.singleShot(0, self, grid.bands.place)
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.fillRect(event.rect(), QBrush(look.colors["sunken"]))
        painter.setFont(look.caption)
        spans, is_several = grid.selection.spans(), grid.selection.is_several()
        height, top = look.row_height, grid.places.top_pixel()
        last = min((top + grid.viewport().height()) // height, grid.row_count() - 1)
        painter.setClipRect(QRect(0, above, self.width(), grid.viewport().height()))
        for row in range(top // height, last + 1):
            y = above + row * height - top
            is_in = row == grid.current.row or is_several and any(first <= row <= end for first, end in spans)
            if is_in:
                painter.fillRect(QRect(0, y, self.width(), height), QBrush(look.colors["selection"]))
            painter.setPen(look.pens["selection-text" if is_in else "muted"])
            box = QRect(PADDING, y, self.width() - 2 * PADDING, height - 1)
            text = f"{row + 1:,}" if grid.row_key(row) is not None or not grid.editing.is_draft(row) else "*"
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
            painter.fillRect(QRect(0, y + height - 1, self.width(), 1), QBrush(look.colors["line"]))
        painter.setClipping(False)
        line = QBrush(look.colors["line"])
        painter.fillRect(QRect(0 if self.isRightToLeft() else self.width() - 1, 0, 1, self.height()), line)
        painter.fillRect(QRect(0, above - 1, self.width(), 1), line)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Select the row, those up to it, or everything; Ctrl takes a row in or out."""
        grid, y = self._grid, event.position().y() - self._above()
        if event.button() != Qt.MouseButton.LeftButton or not grid.editing.accept():
            return
        grid.setFocus(Qt.FocusReason.MouseFocusReason)
        if y < 0:
            grid.selection.select_all()
            return
        row = grid.places.row_at(y)
        if row < 0:
            return
        if event.modifiers() & _CTRL:
            grid.selection.toggle_row(row)
            return
        grid.go(row, is_extending=bool(event.modifiers() & _SHIFT))
        grid.selection.take_in_rows()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Select up to the row under the pointer, also beyond the edges."""
        grid = self._grid
        if not event.buttons() & Qt.MouseButton.LeftButton or grid.current.row < 0:
            return
        if grid.drag is None:
            from widgets.grid.drag import Drag

            grid.drag = Drag(grid)
        x = min(max(grid.places.column_left(grid.current.column) + 1, 0), grid.viewport().width() - 1)
        grid.drag.move(QPointF(x, event.position().y() - self._above()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """The drag ends."""
        from widgets.grid.mouse import handle_release

        handle_release(self._grid, event)
