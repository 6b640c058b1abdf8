"""A heading that is being dragged: a picture of it under the pointer, and a mark where it will stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: How wide the mark is, how near to the edge the grid scrolls and by how much a move, in pixels.
MARK, EDGE, SCROLL = 3, 24, 24


class _Picture(QWidget):
    """The heading that follows the pointer, and the mark; neither takes the mouse."""

    def __init__(self, grid: Grid, text: str) -> None:
        super().__init__(grid)
        self._grid, self._text = grid, text
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """A raised heading with a text, a plain bar without one."""
        painter, look = QPainter(self), self._grid.look
        if not self._text:
            painter.fillRect(self.rect(), QBrush(look.colors["accent"]))
            return
        painter.setOpacity(0.9)
        painter.fillRect(self.rect(), QBrush(look.colors["raised"]))
        painter.setPen(look.pens["accent"])
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setPen(look.pens["text"])
        painter.setFont(look.strong)
        box = self.rect().adjusted(look.padding, 0, -look.padding, 0)
        text = look.strong_metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)


class ColumnDrag:
    """One drag of one heading.

    Args:
        column: Its index among the shown columns.
        x: Where the pointer took hold of it, in the header's pixels.
    """

    def __init__(self, grid: Grid, column: int, x: float) -> None:
        self._grid, self._column = grid, column
        self._hold = x - grid.places.column_left(column)
        self._picture = _Picture(grid, grid.columns[column].label or " ")
        self._mark = _Picture(grid, "")
        self._gap = column
        self.move(QPointF(x, 0))
        self._picture.show()
        self._mark.show()

    def move(self, place: QPointF) -> None:
        """Follow the pointer; near an edge the grid scrolls."""
        grid, header = self._grid, self._grid.header
        side = grid.horizontalScrollBar()
        along = header.width() - place.x() if grid.places.is_turned else place.x()
        if along > header.width() - EDGE:
            side.setValue(side.value() + SCROLL)
        elif along < grid.places.frozen_width() + EDGE and grid.frozen <= self._column:
            side.setValue(side.value() - SCROLL)
        width = grid.columns[self._column].width
        self._picture.setGeometry(header.x() + int(place.x() - self._hold), header.y(), width, header.height())
        self._gap = self._gap_at(place.x())
        at = self._gap_left(self._gap)
        height = header.height() + grid.viewport().height()
        self._mark.setGeometry(QRect(header.x() + at - MARK // 2, header.y(), MARK, height))
        self._mark.raise_()

    def end(self, *, is_done: bool) -> None:
        """Put the column where the mark is, or leave it."""
        for part in (self._picture, self._mark):
            part.hide()
            part.deleteLater()
        if is_done:
            # Taking the column out moves what stands behind it one to the front.
            self._grid.arrangement.move(self._column, self._gap - (self._gap > self._column))

    def _gap_at(self, x: float) -> int:
        """The gap nearest to the pointer: before the column of that index."""
        grid, places = self._grid, self._grid.places
        for index, column in enumerate(grid.columns):
            left, part = places.column_left(index), places.part_of(index, 1)
            if left + column.width <= part.left() or left > part.right():
                continue
            middle = left + column.width / 2
            if x > middle if places.is_turned else x < middle:
                return index
        return len(grid.columns)

    def _gap_left(self, gap: int) -> int:
        grid = self._grid
        at = grid.places.start_of(gap) if gap < len(grid.columns) else grid.places.end_of(gap - 1)
        return min(max(at, MARK // 2), grid.viewport().width() - MARK // 2 - 1)
