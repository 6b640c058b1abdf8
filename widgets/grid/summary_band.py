"""The line below the rows with the summaries of columns, and the menu to choose them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QBrush, QContextMenuEvent, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from kernel.words import say
from widgets.grid.summary import FUNCTIONS, Summary, figure_text, functions_of, wanted

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


class SummaryBand(QWidget):
    """Painted like the headings; old figures are pale until the new ones are there."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.summary = Summary(grid)
        self.summary.changed.connect(self._take)
        self.setAccessibleName(say("Summary"))
        grid.destroyed.connect(self.summary.close)

    def band_height(self) -> int:
        """See ``band``."""
        return self._grid.look.header_height

    def follow(self) -> None:
        """The columns are elsewhere, or others."""
        chosen = set(wanted(self._grid).items())
        if chosen - set(self.summary.figures) and not self.summary.is_old:
            self.summary.refresh()
        self.update()

    def text(self, index: int) -> tuple[str, str]:
        """(Sign, figure) below a column; empty texts where there is none."""
        column = self._grid.columns[index]
        function = wanted(self._grid).get(column.id, "")
        if not function:
            return "", ""
        key = (column.id, function)
        known = key in self.summary.figures
        figure = figure_text(column, function, self.summary.figures[key]) if known else "…"
        return FUNCTIONS[function][1], figure

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The ground of the headings, a line above, the figures below their columns."""
        grid, look, painter = self._grid, self._grid.look, QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.fillRect(event.rect(), QBrush(look.colors["sunken"]))
        places, everything = grid.places, range(len(grid.columns))
        for columns, clip in (
            (everything[grid.frozen :], places.moving_part(self.height())),
            (everything[: grid.frozen], places.still_part(self.height())),
        ):
            painter.setClipRect(clip)
            for index in columns:
                self._figure(painter, index)
        painter.setClipping(False)
        painter.setPen(look.pens["line"])
        painter.drawLine(0, 0, self.width(), 0)

    def _figure(self, painter: QPainter, index: int) -> None:
        grid, look = self._grid, self._grid.look
        sign, figure = self.text(index)
        if not figure:
            return
        left, width = grid.places.column_left(index), grid.columns[index].width
        room = QRect(left + look.padding, 0, width - 2 * look.padding, self.height())
        is_end = grid.columns[index].side(grid.places.is_turned) == "end"
        side = Qt.AlignmentFlag.AlignRight if is_end else Qt.AlignmentFlag.AlignLeft
        painter.setFont(look.strong)
        painter.setPen(look.pens["muted" if self.summary.is_old else "text"])
        advance = int(look.strong_metrics.horizontalAdvance(figure)) + 1
        mark = int(look.metrics.horizontalAdvance(sign)) + 6 if sign else 0
        has_mark = advance + mark <= room.width()
        # The sign stands before the figure; beside one at the right it has the left end of the room.
        place = room if is_end or not has_mark else room.adjusted(mark, 0, 0, 0)
        text = look.strong_metrics.elidedText(figure, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, text)
        if has_mark:
            painter.setFont(look.font)
            painter.setPen(look.pens["muted"])
            before = room.adjusted(0, 0, -advance - 4, 0) if is_end else room
            painter.drawText(before, side | Qt.AlignmentFlag.AlignVCenter, sign)

    def event(self, event: object) -> bool:  # Qt's name
        """The tip says the figure whole, or why there is none."""
        if isinstance(event, QHelpEvent):
            index = self._grid.places.column_at(event.pos().x())
            sign, figure = self.text(index) if index >= 0 else ("", "")
            QToolTip.showText(event.globalPos(), self.summary.problem or f"{sign} {figure}".strip(), self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # Qt's name
        """Choose the summary of the column there."""
        index = self._grid.places.column_at(event.pos().x())
        if index >= 0:
            self._grid.go(max(self._grid.current_row, 0), index)
            open_menu(self._grid, event.globalPos())

    def _take(self) -> None:
        told = [f"{column.label}: {' '.join(self.text(index))}" for index, column in enumerate(self._grid.columns)
                if self.text(index)[1]]  # fmt: skip
        self.setAccessibleDescription(self.summary.problem or ", ".join(told))
        if not self.summary.is_old:
            self._grid.widths.make_room()
        self.update()


def refresh(grid: Grid) -> None:
    """Show the line where any summary is wanted, else take it away."""
    band, chosen = grid.bands.get("summary"), wanted(grid)
    if not chosen:
        if band is not None and not band.isHidden():
            band.hide()
            grid.bands.place()
        return
    if band is None:
        band = SummaryBand(grid)
    band.show()
    grid.bands.put("summary", band)
    if set(chosen.items()) - set(band.summary.figures):
        band.summary.refresh()


def choose(grid: Grid, function: str) -> None:
    """Summarize the current column so from now on; empty: not at all."""
    column, overlay = grid.columns[grid.current.column], grid.arrangement.overlay
    kept = {name: one for name, one in overlay.summaries.items() if name != column.id}
    if function != column.summary:
        kept[column.id] = function
    overlay.summaries = kept
    grid.arrangement.keep()
    refresh(grid)
    if grid.outline is not None:
        grid.outline.take_columns()


def open_menu(grid: Grid, place: QPoint | None = None) -> None:
    """Choose the summary of the current column."""
    column = grid.columns[grid.current.column]
    now = wanted(grid).get(column.id, "")
    menu = QMenu(grid)
    for function in ("", *functions_of(column)):
        action = menu.addAction(say(FUNCTIONS[function][0]) if function else say("No summary"))
        action.setCheckable(True)
        action.setChecked(function == now)
        action.triggered.connect(lambda _on=False, function=function: choose(grid, function))
    menu.aboutToHide.connect(menu.deleteLater)
    if place is None:
        left = min(max(grid.places.start_of(grid.current.column), 0), grid.header.width())
        place = grid.header.mapToGlobal(QPoint(left, grid.header.height()))
    menu.popup(place)
    menu.setActiveAction(next((action for action in menu.actions() if action.isChecked()), menu.actions()[0]))
