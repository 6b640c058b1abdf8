"""Sum, average and count of the numbers that are selected, for the status line; worked out off the GUI thread.

Published as ``ID.selection.sum``, ``ID.selection.average`` and ``ID.selection.numbers``; null for fewer than two.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject, QTimer

from kernel.expression import parse
from kernel.tables.aggregate import Average, Sum
from kernel.tables.interrupt import current
from kernel.tables.query import Aggregate, Query
from widgets.aside import Aside
from widgets.grid.summary import kind_of, source_of
from widgets.listing.ranges import Span, merged

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: From the last change to the question in ms, rows that are read at once, cells that are added up at most.
DELAY_MS, CHUNK, MOST = 120, 4096, 1_000_000
_NAMES = ("sum", "average", "numbers")


class SelectionSum(QObject):
    """One grid's; does nothing while no layout can read it or one cell is selected."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._aside = Aside(grid.handle, "selection")
        self._has_told = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._ask)
        grid.destroyed.connect(self._aside.close)

    def take_selection(self) -> None:
        """The selection is another one."""
        self._aside.cancel()
        if self._grid.selection.is_several():
            self._timer.start()
        elif self._has_told:
            self._timer.stop()
            self._tell(None)

    def _ask(self) -> None:
        grid, spans = self._grid, self._spans()
        self._aside.cancel()
        rows, see = grid.rows.query(), grid.rows.seen()
        cells = sum(bottom - top + 1 for of in spans.values() for top, bottom in of)
        if spans and all(of == [(0, grid.row_count() - 1)] for of in spans.values()):
            self._aside.ask(lambda table: _whole_columns(table, rows, list(spans)), self._tell)
        elif 1 < cells <= MOST:
            self._aside.ask(lambda table: _cells(see(table), rows, spans), self._tell)
        else:
            self._tell(None)

    def _spans(self) -> dict[str, list[Span]]:
        """Path or formula of each selected column of numbers → its selected rows; a cell counts once."""
        grid, areas = self._grid, self._grid.selection.areas()
        spans: dict[str, list[Span]] = {}
        for index, column in enumerate(grid.columns):
            own = [(area.top, area.bottom) for area in areas if area.left <= index <= area.right]
            if own and kind_of(column) in ("integer", "decimal", "real", "any") and source_of(column):
                spans[source_of(column)] = merged(own)
        return spans

    def _tell(self, answer: Any) -> None:
        total, count = (None, 0) if answer is None or isinstance(answer, Exception) else answer
        values: tuple[Any, ...] = (None, None, None)
        if count > 1:
            values = (total, total / (Decimal(count) if isinstance(total, Decimal) else count), count)
        self._has_told = count > 1
        if self._grid.id:
            for name, value in zip(_NAMES, values, strict=True):
                self._grid.context.scope.publish(f"{self._grid.id}.selection.{name}", value)


def _whole_columns(table: Any, rows: Query, names: list[str]) -> tuple[Any, int]:
    """Sum and count of whole columns, by the source itself."""
    parts = [Aggregate(function, name, f"{function} {at}") for at, name in enumerate(names)
             for function in ("sum", "count")]  # fmt: skip
    query = msgspec.structs.replace(rows, sort=(), columns=None, aggregates=tuple(parts))
    columns = table.fetch(query, 0, 1).columns
    total = Sum()
    for at in range(len(names)):
        total.step(columns[f"sum {at}"][0])
    return total.result(), sum(columns[f"count {at}"][0] for at in range(len(names)))


def _cells(table: Any, rows: Query, spans: dict[str, list[Span]]) -> tuple[Any, int]:
    """Sum and count of the cells, read by pages on the worker's thread."""
    total = Average()
    for name, of in spans.items():
        expression = parse(name) if not name.isidentifier() else None
        paths = expression.names if expression is not None else (name,)
        query = msgspec.structs.replace(rows, columns=tuple(paths))
        for top, bottom in of:
            for start in range(top, bottom + 1, CHUNK):
                interrupt = current()
                if interrupt is not None:
                    interrupt.check()
                block = table.fetch(query, start, min(start + CHUNK, bottom + 1))
                _add(total, block, name, expression)
    return Sum.result(total), total.count


def _add(total: Sum, block: Any, name: str, expression: Any) -> None:
    for at in range(len(block)):
        value = block.columns[name][at] if expression is None else expression.evaluate(
            lambda path, at=at: block.columns[path][at] if path in block.columns else None
        )  # fmt: skip
        if not isinstance(value, bool):
            total.step(value)
