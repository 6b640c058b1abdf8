"""Dragging the handle at the corner of a selection: cells beside it are filled, with Ctrl as a series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip

from kernel.words import say, say_count
from widgets.grid.drag import Drag
from widgets.grid.fill import Fill
from widgets.grid.selection import Area
from widgets.grid.selection_paint import paint_box

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from widgets.grid.grid import Grid

#: How much of the accent colours the cells that will be filled, of 255.
_TINT_ALPHA = 24


class FillDrag(Drag):
    """From a press at the handle to the release. The range grows in one direction, the one that goes farther.

    Attributes:
        source: What is selected.
        target: The cells that will be filled, None while the pointer is inside the source.
    """

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self.source = grid.selection.active()
        self.target: Area | None = None
        self._end = (self.source.bottom, self.source.right)

    def move(self, place: QPointF) -> None:
        """See :meth:`Drag.move`; says what will be done."""
        super().move(place)
        if self.target is not None:
            self._say()

    def end_cell(self) -> tuple[int, int]:
        """See :meth:`Drag.end_cell`."""
        return self._end

    def reach(self, row: int, column: int) -> None:
        """See :meth:`Drag.reach`."""
        grid = self._grid
        self._end = min(row, (grid.rows.cache.count or 1) - 1), min(column, len(grid.columns) - 1)
        self.target = self._beyond(*self._end)
        grid.places.scroll_to(*self._end)
        grid.viewport().update()

    def end(self, event: QMouseEvent | None = None) -> None:
        """Fill, and select what was filled; without an event nothing is done."""
        super().end(event)
        grid, source, target = self._grid, self.source, self.target
        QToolTip.hideText()
        grid.viewport().update()
        if event is None or target is None:
            return
        is_series = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        verb = say("Fill series") if is_series else say("Fill")
        before = grid.selection.areas()

        def select() -> None:
            if grid.selection.areas() == before:
                grid.go(min(source.top, target.top), min(source.left, target.left))
                grid.go(max(source.bottom, target.bottom), max(source.right, target.right), is_extending=True)

        grid.block.fill(verb, [Fill(source, target)], is_series=is_series, after=select)

    def paint(self, painter: QPainter) -> None:
        """A broken line round the cells that will be filled."""
        if self.target is not None:
            color = self._grid.look.colors["focus"]
            tint = QColor(color)
            tint.setAlpha(_TINT_ALPHA)
            paint_box(self._grid, painter, self.target, QPen(color, 1, Qt.PenStyle.DashLine), tint)

    def _beyond(self, row: int, column: int) -> Area | None:
        """The cells between the source and a cell outside it, as wide or as high as the source."""
        source, columns = self.source, self._grid.columns
        rows = row - source.bottom if row > source.bottom else min(row - source.top, 0)
        passed = range(source.right + 1, column + 1) if column > source.right else range(column, source.left)
        aside = sum(columns[at].width for at in passed)
        if not rows and not aside:
            return None
        if abs(rows) * self._grid.look.row_height >= aside:
            return source._replace(top=source.bottom + 1, bottom=row) if rows > 0 else source._replace(
                top=row, bottom=source.top - 1)  # fmt: skip
        return source._replace(left=passed.start, right=passed.stop - 1)

    def _say(self) -> None:
        target, view = self.target, self._grid.viewport()
        if target is None:
            return
        rows, columns = target.height, target.width
        text = say_count(
            "Fill {count:,} row; with Ctrl as a series", "Fill {count:,} rows; with Ctrl as a series", rows
        )
        if self.target.top == self.source.top:
            text = say_count(
                "Fill {count} column; with Ctrl as a series", "Fill {count} columns; with Ctrl as a series", columns
            )
        QToolTip.showText(view.mapToGlobal(self._place.toPoint()), text, view)
