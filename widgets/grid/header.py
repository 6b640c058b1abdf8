"""The grid's headings: click sorts, Shift adds a sort key, Ctrl selects the column, dragging a border resizes it, a
double click there fits it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QBrush, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: How near to a border the pointer takes hold of it, in pixels.
REACH = 5


class Corner(QWidget):
    """The end of the heading's band, above the scroll bar."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # Qt's name
        """As high as the headings."""
        return QSize(1, self._grid.look.header_height)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """Ground and line of the headings."""
        painter, look = QPainter(self), self._grid.look
        painter.fillRect(self.rect(), QBrush(look.colors["sunken"]))
        painter.setPen(look.pens["line"])
        painter.drawLine(QPointF(0, self.height() - 0.5), QPointF(self.width(), self.height() - 0.5))


class Header(QWidget):
    """Painted by hand, beside the rows that it names."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._dragged: tuple[int, float, int] | None = None
        self._hovered = -1
        self.setMouseTracking(True)
        self.setAccessibleName("Column headings")

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """Paint the headings that are in sight."""
        grid, look, painter = self._grid, self._grid.look, QPainter(self)
        painter.fillRect(event.rect(), QBrush(look.colors["sunken"]))
        painter.setFont(look.strong)
        base = (self.height() + look.strong_metrics.ascent() - look.strong_metrics.descent()) / 2
        orders = {key.column: (index, key.is_descending) for index, key in enumerate(grid.shown_sort())}
        for index, column in enumerate(grid.columns):
            left, width = grid.places.column_left(index), column.width
            if left + width < 0 or left > self.width():
                continue
            order = orders.get(column.shown, orders.get(column.path)) if column.path else None
            room = width - 2 * look.padding - (16 if order else 0)
            text = look.strong_metrics.elidedText(column.label, Qt.TextElideMode.ElideRight, room)
            advance = look.strong_metrics.horizontalAdvance(text)
            start = left + look.padding
            if column.align == "end":
                start = left + width - look.padding - advance
            elif column.align == "center":
                start = left + (width - advance) / 2
            is_lit = index == self._hovered or index == grid.current.column and grid.hasFocus()
            painter.setPen(look.pens["text" if is_lit or order else "muted"])
            painter.drawText(QPointF(start, base), text)
            if order:
                at = start - 14 if column.align == "end" else start + advance + 6
                self._arrow(painter, at, order[1])
            painter.setPen(look.pens["line"])
            if left + width < self.width():
                painter.drawLine(QPointF(left + width - 0.5, 8), QPointF(left + width - 0.5, self.height() - 9))
        painter.setPen(look.pens["line"])
        painter.drawLine(QPointF(0, self.height() - 0.5), QPointF(self.width(), self.height() - 0.5))
        painter.end()

    def _arrow(self, painter: QPainter, left: float, is_descending: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._grid.look.colors["accent"], 1.6))
        middle, tip = self.height() / 2, -2.0 if not is_descending else 2.0
        points = [QPointF(left, middle - tip), QPointF(left + 4, middle + tip), QPointF(left + 8, middle - tip)]
        painter.drawPolyline(points)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def border_at(self, x: float) -> int:
        """The column whose end border is there, or -1."""
        for index, column in enumerate(self._grid.columns):
            if abs(self._grid.places.column_left(index) + column.width - x) <= REACH:
                return index
        return -1

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Take hold of a border, or sort."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        if (border := self.border_at(x)) >= 0:
            self._dragged = (border, x, self._grid.columns[border].width)
            return
        if (column := self._grid.places.column_at(x)) >= 0:
            is_added = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._grid.go(self._grid.current.row, column, is_extending=is_added)
                self._grid.selection.take_in("columns")
                return
            self._grid.sort_by(column, is_added=is_added)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Resize, or show what is under the pointer."""
        x = event.position().x()
        if self._dragged is not None:
            index, start, width = self._dragged
            self._grid.widths.resize(index, max(int(width + x - start), 32))
            return
        border = self.border_at(x)
        self.setCursor(Qt.CursorShape.SplitHCursor if border >= 0 else Qt.CursorShape.ArrowCursor)
        self._hovered = self._grid.places.column_at(x)
        if self._hovered >= 0:
            column = self._grid.columns[self._hovered]
            self.setToolTip(column.column.doc if column.column and column.column.doc else column.label)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Let go of a border."""
        self._dragged = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Fit a column to its content."""
        if (border := self.border_at(event.position().x())) >= 0:
            self._grid.widths.fit(border)

    def leaveEvent(self, event: Any) -> None:  # Qt's name
        """Nothing is under the pointer any more."""
        self._hovered = -1
        self.update()
