"""What is said and shown of rows that stay where they are after an edit took them elsewhere: a line below the rows with
a button that puts them in order, and a bar at each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from kernel.words import say
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Width of the bar at a row, in pixels.
_WIDTH = 3


class StayingBand(QWidget):
    """The line below the rows; hidden while all rows stand where they belong."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        theme = grid.context.theme
        self.label = QLabel(self)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QPushButton(say("Refresh"), self)
        self.button.setToolTip(say("Put the rows in order again (Alt+R)"))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(lambda: grid.use("refresh-rows"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.space("normal"), 4, theme.space("tight"), 3)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.button)

    def band_height(self) -> int:
        """See ``band``."""
        return self._grid.context.theme.height("control") + 8

    def take(self) -> None:
        """Say which rows stay by now."""
        staying, theme = self._grid.rows.staying, self._grid.context.theme
        self.setVisible(bool(staying))
        if staying:
            text = staying.text()
            self.label.setText(text)
            self.label.setToolTip(text)
            tint(self.label, theme, "color: ${text}; background: transparent")
            self.setAccessibleName(text)
        self._grid.bands.place()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The ground of the headings, and a line above."""
        painter, look = QPainter(self), self._grid.look
        painter.fillRect(event.rect(), QBrush(look.colors["sunken"]))
        painter.setPen(look.pens["line"])
        painter.drawLine(0, 0, self.width(), 0)
        painter.end()


def show_staying(grid: Grid) -> None:
    """Show what stays, or that nothing does."""
    band = grid.bands.get("staying")
    if band is None:
        band = StayingBand(grid)
        grid.bands.put("staying", band)
    band.take()
    grid.viewport().update()
    grid.announce()


def paint_staying(grid: Grid, painter: QPainter, rows: range) -> None:
    """A bar at each row in sight that stays; one that left the filter has it in the colour of a warning."""
    height, above, staying = grid.look.row_height, grid.places.top_pixel(), grid.rows.staying
    gone, moved = QBrush(grid.look.colors["warning"]), QBrush(grid.look.colors["accent"])
    for row in rows:
        key = grid.row_key(row)
        if key in staying:
            left = grid.viewport().width() - _WIDTH if grid.places.is_turned else 0
            box = QRect(left, row * height - above, _WIDTH, height - 1)
            painter.fillRect(box, gone if key in staying.gone else moved)


def has_staying(grid: Grid) -> bool:
    """Whether any row stays where it does not belong."""
    return bool(grid.rows.staying) or grid.rows.has_kept


def refresh_rows(grid: Grid) -> None:
    """Put the rows in order again."""
    grid.rows.put_in_order()
