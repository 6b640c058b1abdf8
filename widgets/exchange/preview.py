"""The first rows of a file as they would stand in the table, in a grid; wrong cells are emphasised and say why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kernel.tables.exchange.intake import Preview
from kernel.tables.memory import MemorySource
from kernel.tables.schema import Column, Schema, title_of
from kernel.words import say
from layouts.node import Node
from widgets.context import Context
from widgets.format import writer
from widgets.grid import Grid
from widgets.handle import TableHandle


class PreviewGrid(QWidget):
    """Shows one preview after the other; all values as texts, so that wrong ones can be read as they are."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._grid: Grid | None = None
        self._handle: TableHandle | None = None

    def show_preview(self, preview: Preview) -> None:
        """Show the rows."""
        self.clear()
        names = [f"c{index}" for index in range(len(preview.columns))]
        marks = [f"w{index}" for index in range(len(preview.columns))]
        wrong = {(problem.row, problem.column) for problem in preview.problems}
        rows = [
            _row(number, zip(values, preview.columns, names, marks, strict=True), wrong)
            for number, values in enumerate(preview.rows, 1)
        ]
        columns = (Column("row", "integer", is_key=True), *map(Column, names),
                   *(Column(mark, "boolean") for mark in marks))
        schema = Schema("preview", columns, ("row",), is_editable=False, read_only_reason="a preview")
        self._handle = TableHandle(MemorySource([(schema, rows)]).table("preview"), "preview", parent=self)
        shows = [Node("show", properties={"column": "row", "label": say("Row")})]
        styles = []
        for column, name, mark in zip(preview.columns, names, marks, strict=True):
            numeric = column.type in ("integer", "decimal", "real")
            label = column.label or title_of(column.name)
            shows.append(Node("show", properties={"column": name, "label": label,
                                                  "align": "end" if numeric else "start"}))
            styles.append(Node("style", properties={"when": mark, "emphasis": "error", "column": name}))
        node = Node("grid", "", {"table": "preview", "editable": False, "empty": say("The file has no rows")},
                    [*shows, *styles])
        self._grid = Grid(node, self._inner(), self)
        self._grid.setAccessibleName(say("The first rows as they would be brought in"))
        self._column.addWidget(self._grid)

    def clear(self) -> None:
        """Show nothing."""
        if self._grid is not None:
            self._column.removeWidget(self._grid)
            self._grid.hide()
            self._grid.deleteLater()
            self._grid = None
        if self._handle is not None:
            self._handle.dispose()
            self._handle = None

    def _inner(self) -> Context:
        outer = self._context
        assert self._handle is not None
        return Context(
            scope=outer.scope, commands=outer.commands, reporter=outer.reporter, theme=outer.theme,
            tables={"preview": self._handle}, open_table=outer.open_table, read_file=outer.read_file,
        )  # fmt: skip


def _row(
    number: int, cells: Iterable[tuple[Any, Column, str, str]], wrong: set[tuple[int, str]]
) -> dict[str, Any]:
    row: dict[str, Any] = {"row": number}
    for value, column, name, mark in cells:
        is_wrong = (number, column.name) in wrong
        row[name] = str(value) if is_wrong and value is not None else writer(column.type, column.format)(value)
        row[mark] = is_wrong
    return row
