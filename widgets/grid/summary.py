"""Summaries of a grid's columns: which are wanted, asked as one query beside the rows, and asked anew on changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from kernel.tables.query import Aggregate, Query
from kernel.words import mark, say_again
from widgets.aside import Aside
from widgets.format import AVERAGE, sum_format, writer
from widgets.grid.filter_row import kind_of

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid

#: Aggregate → what a menu says, what stands before the figure.
FUNCTIONS: dict[str, tuple[str, str]] = {
    "sum": (mark("Sum"), "\u03a3"), "average": (mark("Average"), "\u00f8"), "minimum": (mark("Minimum"), "min"),
    "maximum": (mark("Maximum"), "max"), "count": (mark("Count of cells that are not empty"), "n"),
}  # fmt: skip
_NUMBERS = ("integer", "decimal", "real", "any")
#: From a change to the question, in ms; changes that follow each other cost one.
DELAY_MS = 250


def functions_of(column: GridColumn) -> tuple[str, ...]:
    """The aggregates that mean something for the column."""
    kind = kind_of(column)
    if kind in _NUMBERS:
        return tuple(FUNCTIONS)
    if column.labelled is not None or kind in ("blob", "boolean"):
        return ("count",)
    return ("minimum", "maximum", "count")


def source_of(column: GridColumn) -> str:
    """What the aggregate is of: a path or a formula."""
    return column.computed.text if column.computed is not None else column.path


def wanted(grid: Grid) -> dict[str, str]:
    """Column id → aggregate, of the columns on screen: the person's, else the layout's."""
    own = grid.arrangement.overlay.summaries
    chosen = {column.id: own.get(column.id, column.summary) for column in grid.columns}
    by_id = {column.id: column for column in grid.columns}
    return {name: function for name, function in chosen.items() if function in functions_of(by_id[name])}


class Summary(QObject):
    """Keeps the figures of one grid; ``changed`` when any of them, or whether they are old, changed.

    Attributes:
        figures: (Column id, aggregate) → value.
        is_old: Whether newer figures are being asked.
        problem: Why there are none, or empty.
    """

    changed = Signal()

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._aside = Aside(grid.handle, "summary")
        self.figures: dict[tuple[str, str], Any] = {}
        self.is_old = True
        self.problem = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.ask)
        grid.rows.asked.connect(self.refresh)
        grid.handle.changed.connect(self._hear)

    def refresh(self) -> None:
        """Other rows: ask a moment later."""
        self.is_old = True
        self._timer.start()
        self.changed.emit()

    def ask(self) -> None:
        """Ask for all figures; an older question is stopped."""
        grid = self._grid
        self._timer.stop()
        self._aside.cancel()
        chosen = wanted(grid)
        if not chosen or grid.handle.schema is None:
            return
        by_id = {column.id: column for column in grid.columns}
        names = list(chosen.items())
        aggregates = tuple(
            Aggregate(function, source_of(by_id[name]), f"figure {at}") for at, (name, function) in enumerate(names)
        )
        rows = grid.rows.query()
        query = Query(filter=rows.filter, parameters=rows.parameters, computed=rows.computed, aggregates=aggregates)

        def take(answer: Any) -> None:
            self.is_old = False
            if isinstance(answer, Exception):
                self.problem = say_again(getattr(answer, "message", str(answer)))
            else:
                self.problem = ""
                columns = answer.columns
                self.figures = {key: columns[f"figure {at}"][0] for at, key in enumerate(names)}
            self.changed.emit()

        self._aside.fetch(msgspec.structs.replace(query, sort=()), 0, 1, take)

    def close(self) -> None:
        """Stop asking."""
        self._timer.stop()
        self._aside.close()

    def _hear(self, _change: Any) -> None:
        self.refresh()


def figure_text(column: GridColumn, function: str, value: Any) -> str:
    """A figure as the column writes its values; averages with at most two digits more than nothing."""
    if value is None:
        return "\u2013"
    if function == "count":
        return writer("integer", "#,##0")(value)
    if function == "average" and kind_of(column) == "integer":
        return writer("real", "#,##0.##")(value)
    if function == "average" and kind_of(column) in ("decimal", "real") and not column.has_pattern:
        return writer("decimal", AVERAGE)(value)
    if function == "sum" and kind_of(column) in ("integer", "decimal", "real"):
        return writer(kind_of(column), sum_format(kind_of(column), column.pattern))(value)
    return column.write(value)
