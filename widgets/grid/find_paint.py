"""Marks what was looked for in the rows on screen: the words themselves where they stand in a cell, else the cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QBrush, QColor, QPainter

if TYPE_CHECKING:
    from widgets.grid.find_test import Search
    from widgets.grid.grid import Grid

#: How much of the colour lies over the text, of 255.
ALPHA = 72


def paint_hits(grid: Grid, painter: QPainter, dirty: QRect, search: Search) -> None:
    """Paint the marks over what is dirty."""
    height, above = grid.look.row_height, grid.places.top_pixel()
    first = max((dirty.top() + above) // height, 0)
    last = min((dirty.bottom() + above) // height, grid.row_count() - 1)
    color = QColor(grid.context.theme.color("warning"))
    color.setAlpha(ALPHA)
    brush, view = QBrush(color), grid.viewport().height()
    for row in range(first, last + 1):
        read, cells = grid.content.reader(row), grid.ready.cells(row)
        if read is None or cells is None:
            continue
        for index, test in enumerate(search.tests[: len(cells)]):
            left, column = grid.places.column_left(index), grid.columns[index]
            is_seen = left <= dirty.right() and left + column.width > dirty.left()
            if not is_seen or test is None or not test.evaluate(read):
                continue
            box = QRectF(left, row * height - above, column.width, height).adjusted(1, 3, -2, -4)
            text, words = cells[index].text.casefold(), search.words.casefold().strip()
            at = text.find(words)
            if at >= 0:
                width = grid.look.metrics.horizontalAdvance
                begin = left + cells[index].offset + width(cells[index].text[:at])
                box.setLeft(begin - 1)
                box.setWidth(width(cells[index].text[at : at + len(words)]) + 2)
            box = box.intersected(QRectF(grid.places.part_of(index, view)))
            if box.width() > 0:
                painter.fillRect(box, brush)
