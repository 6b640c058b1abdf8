"""A card to type the number of a row into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit

from kernel.words import say
from widgets.format import signs, writer
from widgets.grid.panel import Panel
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Size of the card in pixels at 100 %.
WIDTH, HEIGHT = 240, 112


class GoTo(Panel):
    """Return goes to the row; what is no row is said and nothing moves."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid, say("Go to row"), WIDTH, HEIGHT)
        theme, number = grid.context.theme, writer("integer", "#,##0")
        self.line = QLineEdit(self)
        self.line.setAccessibleName(say("Number of the row"))
        self.line.setText(str(grid.current_row + 1) if grid.current_row >= 0 else "")
        self.line.selectAll()
        self.hint = QLabel(say("1 to {count}; -1 is the last", count=number(max(grid.row_count(), 1))), self)
        self.hint.setFont(theme.font("caption"))
        tint(self.hint, theme, "color: ${muted}")
        self.column.addWidget(self.line)
        self.column.addWidget(self.hint)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Return goes there."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        else:
            super().keyPressEvent(event)

    def _go(self) -> None:
        row, count = self._number(), self.grid.row_count()
        if row is None or not 1 <= abs(row) <= count:
            self.hint.setText(say("There is no such row"))
            tint(self.hint, self.grid.context.theme, "color: ${error}")
            self.line.selectAll()
            return
        self.close_panel()
        self.grid.go(row - 1 if row > 0 else count + row)

    def _number(self) -> int | None:
        text = self.line.text().strip().replace(signs().group, "").replace(" ", "").replace(",", "")
        try:
            return int(text)
        except ValueError:
            return None


def go_to(grid: Grid) -> None:
    """Ask for the number of a row."""
    panel = GoTo(grid)
    panel.open(panel.line)
