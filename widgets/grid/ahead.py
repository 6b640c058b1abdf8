"""Making rows ready before they are shown, in moments when nothing else is to be done."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: After the last scroll or arrival, between two goes, and how long one go may take, in seconds.
_AFTER_MS, _BETWEEN_MS, _LONGEST_S = 30, 2, 0.004
#: Views above and below that are made ready.
_VIEWS = 2


class Ahead:
    """Makes the rows around a grid's view ready."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._is_new = False
        self._timer = QTimer(grid)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._make)

    def start(self) -> None:
        """Rows have come, or others are in sight."""
        self._is_new = True
        self._timer.start(_AFTER_MS)

    def _make(self) -> None:
        grid = self._grid
        if self._is_new:
            self._is_new = False
            grid.widths.widen()
        first, page = grid.places.first_row(), grid.places.page_rows() + 1
        until = perf_counter() + _LONGEST_S
        # Below first: most people read on.
        parts = ((first, first + page * (_VIEWS + 1)), (first - page * _VIEWS, first))
        if not all(grid.ready.make_some(*part, until) for part in parts):
            self._timer.start(_BETWEEN_MS)
