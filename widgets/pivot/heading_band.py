"""The outer headings of a pivot with several column keys or figures: each once, over all the columns that it holds.

The innermost ones are the grid's own headings, which say no more than that where this band stands above them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from kernel.tables.pivot.table import TOTAL
from kernel.words import say
from widgets.grid.group_value import value_words
from widgets.grid.shown_text import directed
from widgets.pivot.field import figure_title

if TYPE_CHECKING:
    from widgets.pivot.figure_grid import FigureGrid


class Span(NamedTuple):
    """A heading over the shown columns from ``first`` to ``last``, in a line from 0 at the top."""

    line: int
    first: int
    last: int
    text: str


def levels_of(grid: FigureGrid) -> list[tuple[str, ...]]:
    """What each shown column is called, outermost first; none for the keys of rows."""
    pivot, schema = grid.pivot, grid.pivot.handle.schema
    pivoted = pivot.table.pivoted
    if pivoted is None or schema is None:
        return [() for _ in grid.columns]
    labels = {heading.path: heading.labels for heading in pivoted.columns}
    figures, depth = pivoted.fields.figures, len(pivoted.fields.columns)
    found = []
    for column in grid.columns:
        place = pivot.table.places.get(column.path)
        if place is None or place.figure < 0:
            found.append(())
            continue
        values = labels.get(place.path, ()) if place.path is not None else ()
        several = [figure_title(figures[place.figure], schema)] if len(figures) > 1 or not depth else []
        # One figure has its total below the others' innermost headings, several have theirs below one of their own.
        total = [""] * max(depth - 1, 0)
        total.insert(0 if several else depth, TOTAL)
        said = [value_words(value, None) for value in values] or (total if depth else [])
        found.append((*said, *several))
    return found


def spans_of(levels: list[tuple[str, ...]]) -> list[Span]:
    """All headings but the innermost, of neighbours that are called alike."""
    lines, found = max(map(len, levels), default=1) - 1, []
    for line in range(lines):
        first = 0
        for at in range(1, len(levels) + 1):
            here = levels[first][: line + 1]
            if at < len(levels) and levels[at][: line + 1] == here and len(levels[at]) > line:
                continue
            if len(levels[first]) > line + 1 and here[-1]:
                found.append(Span(line, first, at - 1, here[-1]))
            first = at
    return found


class HeadingBand(QWidget):
    """Painted above the headings; a click selects the columns of a heading."""

    def __init__(self, grid: FigureGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.spans: list[Span] = []
        self.setAccessibleName(say("Outer headings"))
        self.hide()

    def band_height(self) -> int:
        """See ``band``."""
        return (max(span.line for span in self.spans) + 1) * self._line() if self.spans else 0

    def _line(self) -> int:
        return self._grid.look.header_height - 6

    def follow(self) -> None:
        """The columns are elsewhere."""
        self.update()

    def take(self) -> None:
        """Other columns: call them by their innermost names, and the outer ones here."""
        grid = self._grid
        levels = levels_of(grid)
        self.spans = spans_of(levels)
        for column, level in zip(grid.columns, levels, strict=True):
            column.heading = next((text for text in reversed(level) if text), "") or column.label
        self.setVisible(bool(self.spans))
        self.setAccessibleDescription(", ".join(span.text for span in self.spans))
        grid.bands.place()
        grid.header.update()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """Each heading at the start of what is in sight of its columns, and lines between them."""
        painter, look, height = QPainter(self), self._grid.look, self._line()
        painter.fillRect(event.rect(), QBrush(look.colors["heading-ground"]))
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setFont(look.heading)
        part = self._grid.places.moving_part(self.height())
        painter.setClipRect(part)
        for span in self.spans:
            box = self._box(span)
            room = box.intersected(part).adjusted(look.padding, 0, -look.padding, 0)
            if room.width() > 0:
                text = look.heading_metrics.elidedText(span.text, Qt.TextElideMode.ElideRight, room.width())
                painter.setPen(look.pens["heading-lit"])
                base = box.top() + (height + look.heading_metrics.ascent() - look.heading_metrics.descent()) / 2
                advance = look.heading_metrics.horizontalAdvance(text)
                left = room.right() + 1 - advance if look.is_turned else room.left()
                painter.drawText(QPointF(left, base), directed(text))
            painter.setPen(look.pens["line"])
            painter.drawLine(QPointF(box.left(), box.bottom() + 0.5), QPointF(box.right() + 1, box.bottom() + 0.5))
            for x in (box.left() - 0.5, box.right() + 0.5):
                painter.drawLine(QPointF(x, box.top() + 6), QPointF(x, self.height()))
        painter.end()

    def _box(self, span: Span) -> QRect:
        grid, height = self._grid, self._line()
        start, end = grid.places.start_of(span.first), grid.places.end_of(span.last)
        return QRect(min(start, end), span.line * height, abs(end - start), height)

    def _span_at(self, place: QPointF) -> Span | None:
        point = place.toPoint()
        is_covered = self._grid.places.still_part(self.height()).contains(point)
        return None if is_covered else next((span for span in self.spans if self._box(span).contains(point)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Select the columns."""
        span, grid = self._span_at(event.position()), self._grid
        if span is not None and event.button() == Qt.MouseButton.LeftButton:
            grid.setFocus(Qt.FocusReason.MouseFocusReason)
            row = max(grid.current.row, 0)
            grid.go(row, span.first)
            grid.go(row, span.last, is_extending=True)
            grid.selection.take_in_columns()

    def event(self, event: object) -> bool:  # Qt's name
        """A heading that is cut off is said whole."""
        if isinstance(event, QHelpEvent):
            span = self._span_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), span.text if span is not None else "", self)
            return True
        return super().event(event)
