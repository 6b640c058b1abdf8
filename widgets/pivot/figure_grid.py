"""The grid that shows a pivot's figures: a grid like any other over the pivot as a table, with the totals below."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QWidget

from kernel.tables.pivot.table import TOTAL
from kernel.words import say
from widgets.grid.grid import Grid
from widgets.grid.summary_band import SummaryBand
from widgets.pivot.heading_band import HeadingBand

if TYPE_CHECKING:
    from widgets.pivot.pivot import Pivot


class TotalBand(SummaryBand):
    """The totals of the columns, painted like summaries."""

    def __init__(self, grid: FigureGrid) -> None:
        QWidget.__init__(self, grid)
        self._grid = grid
        self.summary = SimpleNamespace(is_old=False, problem="", figures={})  # type: ignore[assignment]
        self.setAccessibleName(say("Totals"))

    def follow(self) -> None:
        """The columns are elsewhere, or others."""
        texts = (" ".join((column.label, self.text(at)[1])) for at, column in enumerate(self._grid.columns))
        self.setAccessibleDescription(", ".join(text for text in texts if text))
        self.update()

    def text(self, index: int) -> tuple[str, str]:
        """Nothing before the figure; ``Total`` below the first key."""
        grid = self._grid
        column, pivoted = grid.columns[index], grid.pivot.table.pivoted  # type: ignore[attr-defined]
        place = grid.pivot.table.places.get(column.path)  # type: ignore[attr-defined]
        if pivoted is None or place is None:
            return "", ""
        if place.figure < 0:
            return "", TOTAL if column.path == "key_0" else ""
        totals = pivoted.total if place.path is None or not place.path else pivoted.column_totals.get(place.path)
        return "", column.write(totals[place.figure]) if totals is not None else ""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # Qt's name
        """Totals are not chosen."""


class FigureGrid(Grid):
    """Shown by a pivot, which hears of the cell that is opened."""

    def __init__(self, pivot: Pivot, *arguments: Any) -> None:
        self.pivot = pivot
        super().__init__(*arguments)

    def is_waiting(self) -> bool:
        """Until the figures come for the first time, or fail to."""
        return self.pivot.table.pivoted is None and self.pivot.table.error is None

    def _take_schema(self) -> None:
        super()._take_schema()
        self.take_headings()

    def take_arrangement(self) -> None:
        """Columns that were moved or hidden have other headings above them."""
        self.take_headings()
        super().take_arrangement()

    def take_headings(self) -> None:
        """Show the outer headings above those of the columns."""
        band = self.bands.get("spans")
        if band is None:
            band = HeadingBand(self)
            self.bands.put("spans", band)
        band.take()

    def activate(self) -> bool:
        """Tell the rows behind the current cell."""
        self.pivot.open_cell()
        return True

    def event(self, event: Any) -> bool:  # Qt's name
        """Alt+K goes to the bar of the pivot."""
        is_bar = event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_K
        if is_bar and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: Any) -> None:  # Qt's name
        """See ``event``."""
        if event.key() == Qt.Key.Key_K and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self.pivot.go_to_bar()
            return
        super().keyPressEvent(event)
