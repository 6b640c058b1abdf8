"""The grid's headings: click sorts, Shift adds a sort key, Ctrl selects the column, dragging a border resizes and a
double click there fits, dragging a heading moves its column, the right button opens its menu.

The painting is in ``header_paint``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from kernel.words import say
from widgets.fill import fill
from widgets.grid.header_paint import GAP, funnel_box, paint_headings

if TYPE_CHECKING:
    from widgets.grid.column_drag import ColumnDrag
    from widgets.grid.grid import Grid

#: How near to a border the pointer takes hold of it, the narrowest column by dragging, and the narrowest heading with a
#: funnel, in pixels.
REACH, NARROWEST, WITH_FUNNEL = 5, 32, 56


class Corner(QWidget):
    """The end of the heading's band, above the scroll bar."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # Qt's name
        """As high as what stands above the rows."""
        return QSize(1, self._grid.viewportMargins().top())

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """Ground and line of the headings."""
        painter, look = QPainter(self), self._grid.look
        fill(painter, self.rect(), look.colors["heading-ground"])
        painter.setPen(look.pens["line"])
        for line in {self._grid.header.geometry().bottom() + 0.5, self.height() - 0.5}:
            painter.drawLine(QPointF(0, line), QPointF(self.width(), line))


class Header(QWidget):
    """Painted by hand, beside the rows that it names."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        #: The border being dragged: column, where it began, the width then.
        self._border: tuple[int, float, int] | None = None
        #: The heading that was pressed and where.
        self._pressed: tuple[int, QPointF] | None = None
        self._drag: ColumnDrag | None = None
        self._hovered = -1
        self.setMouseTracking(True)
        self.setAccessibleName(say("Column headings"))

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """Paint the headings that are in sight."""
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        is_free = self._border is None and self._drag is None
        paint_headings(self._grid, painter, event.rect(), self.height(), self._hovered, is_free and self._has_funnel())
        painter.end()

    def band_height(self) -> int:
        """See ``band``."""
        return self._grid.look.header_height

    def border_at(self, x: float) -> int:
        """The column whose end border is there, or -1."""
        grid, places = self._grid, self._grid.places
        for index in range(len(grid.columns)):
            at = places.end_of(index)
            part = places.part_of(index, 1)
            if abs(at - x) <= REACH and part.left() <= at <= part.right() + 1:
                return index
        return -1

    def is_funnel(self, column: int, x: float) -> bool:
        """Whether the funnel of a heading is there."""
        grid = self._grid
        if not self._can_filter(column):
            return False
        left = grid.places.column_left(column)
        box = funnel_box(grid, column, left, self.height())
        return box.left() - GAP / 2 <= x <= box.right() + GAP / 2

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Take hold of a border or of a heading."""
        x = event.position().x()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if (border := self.border_at(x)) >= 0:
            self._border = (border, x, self._grid.columns[border].width)
        elif (column := self._grid.places.column_at(x)) >= 0:
            self._pressed = (column, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Resize, move a column, or show what is under the pointer."""
        x = event.position().x()
        if self._border is not None:
            index, start, width = self._border
            way = start - x if self.isRightToLeft() else x - start
            self._grid.widths.resize(index, max(int(width + way), NARROWEST))
        elif self._drag is not None:
            self._drag.move(event.position())
        elif self._pressed is not None:
            way = (event.position() - self._pressed[1]).manhattanLength()
            if way >= QApplication.startDragDistance():
                self._start_drag()
        else:
            self._hover(x)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Let go: a column that was dragged goes to its place, a heading that was not sorts."""
        pressed, self._pressed, self._border = self._pressed, None, None
        if self._drag is not None:
            self._end_drag(is_done=True)
        elif pressed is not None and event.button() == Qt.MouseButton.LeftButton:
            self._click(pressed[0], event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Fit a column to its content; elsewhere the second click is a click."""
        if (border := self.border_at(event.position().x())) >= 0:
            self._grid.widths.fit(border)
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # Qt's name
        """What can be done with the column under the pointer."""
        column = self._grid.places.column_at(event.pos().x())
        if column >= 0:
            from widgets.grid.header_menu import open_menu

            open_menu(self._grid, column, event.globalPos())

    def cancel_drag(self) -> bool:
        """Let a dragged column go back; answers whether there was one."""
        if self._drag is None:
            return False
        self._end_drag(is_done=False)
        return True

    def leaveEvent(self, event: Any) -> None:  # Qt's name
        """Nothing is under the pointer any more."""
        self._hovered = -1
        self.update()

    def _click(self, column: int, event: QMouseEvent) -> None:
        if self.is_funnel(column, event.position().x()):
            self._grid.go(max(self._grid.current_row, 0), column)
            self._grid.use("list-values")
            return
        is_added = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._grid.go(self._grid.current.row, column, is_extending=is_added)
            self._grid.selection.take_in("columns")
            return
        self._grid.sort_by(column, is_added=is_added)

    def _start_drag(self) -> None:
        from widgets.grid.column_drag import ColumnDrag

        assert self._pressed is not None
        column, place = self._pressed
        self._drag = ColumnDrag(self._grid, column, place.x())
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        # Escape, which lets it go back, comes to the grid.
        self._grid.setFocus(Qt.FocusReason.MouseFocusReason)
        self.update()

    def _end_drag(self, *, is_done: bool) -> None:
        drag, self._drag, self._pressed = self._drag, None, None
        self.unsetCursor()
        if drag is not None:
            drag.end(is_done=is_done)
        self.update()

    def _hover(self, x: float) -> None:
        border = self.border_at(x)
        self.setCursor(Qt.CursorShape.SplitHCursor if border >= 0 else Qt.CursorShape.ArrowCursor)
        self._hovered = self._grid.places.column_at(x)
        if self._hovered >= 0:
            column = self._grid.columns[self._hovered]
            what = column.column.doc if column.column and column.column.doc else column.label
            self.setToolTip(say("Filter by values (Alt+F)") if self.is_funnel(self._hovered, x) else what)
        self.update()

    def _has_funnel(self) -> bool:
        return self._can_filter(self._hovered)

    def _can_filter(self, index: int) -> bool:
        columns = self._grid.columns
        return 0 <= index < len(columns) and bool(columns[index].shown) and columns[index].width >= WITH_FUNNEL
