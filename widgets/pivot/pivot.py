"""Figures of a table by row keys and column keys: asks for them beside the window, and shows them as a grid.

The figures are read anew when rows change, when the filter does, and when the person chooses other keys; what was shown
stays until then.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kernel.tables.outline.condition import group_filter
from kernel.tables.pivot.reading import Fields, Pivoted, read_pivot
from kernel.tables.pivot.table import NAME, Layout, PivotTable
from kernel.tables.query import Query
from kernel.tables.schema import title_of
from kernel.words import say
from layouts.node import Node
from widgets.aside import Aside
from widgets.context import Context, RowsBehind
from widgets.filter import LiveFilter
from widgets.handle import TableHandle
from widgets.pivot.field import fields_of, figure_format, figure_title, heading_words, kept_of, text_title
from widgets.pivot.figure_grid import FigureGrid, TotalBand

if TYPE_CHECKING:
    from widgets.grid.look_rules import Drawn

#: From a change to the question, in ms; changes that follow each other cost one.
DELAY_MS = 150


class Pivot(QWidget):
    """Publishes ``ID.current`` when a cell is opened: the values of its keys as lists ``row_1``, ``column_1``, … (all
    values of a total), ``text``, and ``filter`` as it would be written.

    Attributes:
        fields: What is shown.
        table: The figures as a table.
        grid: Shows them.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.node, self.context, self.id = node, context, node.id
        self.handle = context.tables[node.get("table")]
        self.fields = Fields()
        self.table = PivotTable()
        self.is_loading = True
        self._is_known = False
        self._filter: tuple[str, dict[str, Any]] = ("", {})
        self._aside = Aside(self.handle, "pivot")
        self._figures = TableHandle(self.table, NAME, parent=self)
        self.grid = self._make_grid()
        self._bar: Any = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.grid, 1)
        self.setFocusProxy(self.grid)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.ask)
        self.filter = LiveFilter(node.get("filter"), context.scope, self._take_filter)
        self.handle.schema_changed.connect(self._take_schema)
        self.handle.changed.connect(self._hear)
        self.handle.base_changed.connect(self._timer.start)
        self.destroyed.connect(self.filter.dispose)
        self.destroyed.connect(self._aside.close)
        self._publish(None)
        self.setAccessibleName(node.get("name") or say("Figures of {name}", name=title_of(self.handle.name).lower()))
        if self.handle.schema is not None:
            self._take_schema()

    def _make_grid(self) -> FigureGrid:
        """A grid over the figures, which the window's views and scope know nothing of."""
        context = copy.copy(self.context)
        context.tables, context.views = {NAME: self._figures}, {}
        where = self.node.where
        name = f"pivot:{self.id or f'{where.file}:{where.line}'}"
        context.remember = lambda key, value: self.context.remember(f"{name} {key}", value)
        context.recall = lambda key: self.context.recall(f"{name} {key}")
        self._empty_text = str(self.node.get("empty") or say("No rows to count"))
        node = Node("grid", "", {"table": NAME, "editable": False, "empty": say("Counting…")}, where=where)
        grid = FigureGrid(self, node, context, self)
        grid.setAccessibleName(
            self.node.get("name") or say("Figures of {name}", name=title_of(self.handle.name).lower())
        )
        grid.bands.put("totals", TotalBand(grid))
        grid.condition.view.retry.connect(self.ask)
        return grid

    # -- properties ---------------------------------------------------------------------------------------------------

    def set_empty(self, text: Any) -> None:
        """What is said when there are no rows."""
        self._empty_text = str(text or say("No rows to count"))
        if self.table.pivoted is not None:
            self.grid.set_empty(self._empty_text)

    def set_fields(self, is_shown: Any) -> None:
        """Whether the bar with keys and figures is shown."""
        self._show_bar(bool(is_shown))

    def show_fields(self, fields: Fields) -> None:
        """Other keys and figures from now on, remembered."""
        if fields == self.fields:
            return
        self.fields = fields
        self.context.remember(self._name(), kept_of(fields))
        if self._bar is not None:
            self._bar.take()
        self.ask()

    def _name(self) -> str:
        return f"pivot:{self.id or f'{self.node.where.file}:{self.node.where.line}'}"

    def _show_bar(self, is_shown: bool) -> None:
        if is_shown and self._bar is None and self._is_known:
            from widgets.pivot.field_bar import FieldBar

            self._bar = FieldBar(self)
            self.layout().insertWidget(0, self._bar)
            self._bar.take()
        if self._bar is not None:
            self._bar.setVisible(is_shown)

    def go_to_bar(self) -> None:
        """Go to the first key."""
        if self._bar is not None and self._bar.isVisible():
            self._bar.parts[0].take_focus(0)

    # -- reading ------------------------------------------------------------------------------------------------------

    def _take_schema(self) -> None:
        schema = self.handle.schema
        if schema is None:
            return
        self._is_known = True
        self.fields = fields_of(self.node, self.context.recall(self._name()), schema)
        self._show_bar(self.node.get("fields") is not False)
        if self._bar is not None:
            self._bar.take()
        self.filter.set_schema(schema)

    def _take_filter(self, text: str, parameters: dict[str, Any]) -> None:
        self._filter = (text, parameters)
        self._timer.start(0)

    def _hear(self, _change: Any) -> None:
        self._timer.start(DELAY_MS)

    def ask(self) -> None:
        """Read the figures; an older question is stopped."""
        self._timer.stop()
        self._aside.cancel()
        if not self._is_known:
            return
        self.is_loading = True
        text, parameters = self._filter
        query, fields = self.handle.merge(Query(filter=text, parameters=parameters)), self.fields
        self._aside.ask(lambda table: read_pivot(table, query, fields), self._take)

    def _take(self, answer: Pivoted | Exception) -> None:
        self.is_loading = False
        schema = self.handle.schema
        if isinstance(answer, Exception) or schema is None:
            self.table.fail(answer if isinstance(answer, Exception) else LookupError(say("the table has gone")))
            return
        fields = answer.fields
        layout = Layout(
            [text_title(key.text, schema) for key in fields.rows],
            [figure_title(one, schema) for one in fields.figures],
            heading_words,
            [figure_format(one, schema) for one in fields.figures],
        )
        if self.table.pivoted is None:
            self.grid.set_empty(self._empty_text)
        self.grid.arrangement.default_frozen = len(fields.rows)
        self.table.take(answer, layout)
        if any(key.column not in self.table.places for key in self.grid.rows.sort):
            self.grid.rows.sort = ()

    def draw_look(self, drawn: Drawn) -> None:
        """See :mod:`widgets.dress`."""
        self.grid.draw_look(drawn)

    # -- the rows behind a cell ---------------------------------------------------------------------------------------

    def open_cell(self) -> None:
        """Tell the rows behind the current cell, and run what the layout says."""
        grid, pivoted = self.grid, self.table.pivoted
        if pivoted is None or grid.current_key is None or grid.current_column >= len(grid.columns):
            return
        row, name = grid.current_key[0] - 1, grid.columns[grid.current_column].path
        if row >= len(pivoted.rows) or name not in self.table.places:  # other figures are on their way
            return
        self._publish(self._cell(pivoted, row, name))
        if command := self.node.get("activate"):
            self.context.commands.run(command)

    def _cell(self, pivoted: Pivoted, row: int, name: str) -> dict[str, Any]:
        fields, place = pivoted.fields, self.table.places[name]
        path, column = pivoted.rows[row].path, place.path
        told: dict[str, Any] = {f"row_{at + 1}": [value] for at, value in enumerate(path)}
        for at in range(len(fields.columns)):
            every = list(dict.fromkeys(heading.path[at] for heading in pivoted.columns))
            told[f"column_{at + 1}"] = every if column is None else [column[at]]
        keys, whole, words = self._group(pivoted, row, column)
        schema = self.handle.schema
        text, parameters = group_filter(schema, keys, [whole]) if schema is not None else ("", {})
        for parameter, values in parameters.items():
            text = text.replace(parameter, repr(values))
        return {**told, "filter": text, "text": words}

    def _group(self, pivoted: Pivoted, row: int, column: Any) -> tuple[tuple[str, ...], tuple[Any, ...], str]:
        """The keys of a cell, their values and what they are called; ``column`` None stands for all columns."""
        keys, whole = [*pivoted.fields.rows], tuple(pivoted.rows[row].path)
        if column is not None:
            keys, whole = [*keys, *pivoted.fields.columns], (*whole, *column)
        headings = [heading_words(pivoted.rows[row].labels)]
        headings += [heading_words(one.labels) for one in pivoted.columns if column is not None and one.path == column]
        return tuple(key.text for key in keys), whole, ", ".join(filter(None, headings))

    def rows_behind(self) -> RowsBehind | None:
        """The rows behind the current cell."""
        grid, pivoted = self.grid, self.table.pivoted
        if pivoted is None or grid.current_key is None or self.handle.schema is None:
            return None
        place = self.table.places[grid.columns[grid.current_column].path]
        keys, whole, words = self._group(pivoted, grid.current_key[0] - 1, place.path)
        title = f"{title_of(self.handle.name)}: {words}" if words else title_of(self.handle.name)
        return RowsBehind(title, self.handle, self.context, keys, whole, *self._filter)

    def _publish(self, value: Any) -> None:
        if self.id:
            self.context.scope.publish(f"{self.id}.current", value)
