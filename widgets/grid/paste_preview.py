"""What would be written and does not fit: the rows as a table over the window, wrong cells marked, and two ways out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from kernel.tables.memory import MemorySource
from kernel.tables.schema import Column, Schema
from kernel.words import mark, say, say_count
from layouts.node import Node
from widgets.context import Context
from widgets.grid.mark import Mark
from widgets.handle import TableHandle
from widgets.overlay import Overlay
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.grid.plan import Plan, PlanRow

#: Width of the card and height of its rows, in pixels at 100 %.
_WIDTH, _HEIGHT = 900, 340
#: What the card and the window around it take beside the rows, in pixels.
_OTHERS = 260
_READ_ONLY = mark("This only shows what would be written")


class PastePreview(Overlay):
    """One grid's card; :meth:`show_plan` opens it."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid.window(), grid.context.theme, _WIDTH, say("Cells that do not fit"))
        self._grid = grid
        self._go: Callable[[], None] = lambda: None
        self.handle: TableHandle | None = None
        self.grid: Any = None
        self.title, self.text = QLabel(self.card), QLabel(self.card)
        self.title.setFont(self.theme.font("heading"))
        for label in (self.title, self.text):
            label.setWordWrap(True)
        self.cancel, self.accept = QPushButton(say("Cancel"), self.card), QPushButton(self.card)
        self.cancel.clicked.connect(self.close_card)
        self.accept.clicked.connect(self._accept)
        self.accept.setProperty("emphasis", "primary")
        self._rows = QVBoxLayout()
        self._lay_out()
        grid.destroyed.connect(self.deleteLater)

    def _lay_out(self) -> None:
        page, box, row = self.theme.space("page"), QVBoxLayout(), QHBoxLayout()
        box.setContentsMargins(page, page, page, page)
        box.setSpacing(self.theme.space("normal"))
        box.addWidget(self.title)
        box.addWidget(self.text)
        box.addLayout(self._rows)
        row.setSpacing(self.theme.space("normal"))
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.accept)
        box.addLayout(row)
        self.column.addLayout(box)

    def show_plan(self, verb: str, plan: Plan, go: Callable[[], None]) -> None:
        """Show a plan; ``go`` writes what fits of it."""
        self._go = go
        self.title.setText(_title(verb, plan))
        self.setAccessibleName(self.title.text())
        self.text.setText(_explained(plan))
        tint(self.text, self.theme, "color: ${muted}")
        cells = plan.cells
        self.accept.setText(
            say_count("{verb} the {count:,} cell that fits", "{verb} the {count:,} cells that fit", cells, verb=verb)
        )
        self.accept.setVisible(bool(plan.changes))
        self._show_rows(plan)
        self.open(self.grid)
        self.fit()

    def close_card(self) -> None:
        """Forget the rows."""
        super().close_card()
        self._drop_rows()

    def _accept(self) -> None:
        go = self._go
        self.close_card()
        go()

    def _drop_rows(self) -> None:
        if self.grid is not None and self.handle is not None:
            self.handle.dispose()
            self._rows.removeWidget(self.grid)
            self.grid.hide()
            self.grid.deleteLater()
            self.grid = self.handle = None

    def _show_rows(self, plan: Plan) -> None:
        from widgets.grid import Grid

        self._drop_rows()
        rows = sorted(plan.rows, key=lambda row: not row.problems)
        labels = {column.path: column.label for column in self._grid.columns}
        paths = list(dict.fromkeys(path for row in rows for path in (*row.texts, *row.problems) if path))
        names = {path: f"cell{at}" for at, path in enumerate(paths)}
        source = MemorySource([(_schema(paths, names, labels), [_values(row, names) for row in rows])])
        self.handle = TableHandle(source.table("cells"), "cells", parent=self)
        context = self._grid.context
        inner = Context(
            scope=context.scope, commands=context.commands, reporter=context.reporter, theme=context.theme,
            tables={"cells": self.handle}, open_table=context.open_table, read_file=context.read_file,
        )  # fmt: skip
        shows = [Node("show", properties={"column": name}) for name in ("place", "wrong", *names.values())]
        shows[1].properties["width"] = 260
        self.grid = Grid(Node("grid", "", {"table": "cells", "editable": False}, shows), inner, self.card)
        self.grid.setFixedHeight(self.room_for(_HEIGHT, _OTHERS))
        self._rows.addWidget(self.grid)
        self._mark(rows, names)

    def _mark(self, rows: list[PlanRow], names: dict[str, str]) -> None:
        marks = self.grid.editing.marks
        for number, row in enumerate(rows, 1):
            for path, message in row.problems.items():
                if path in names:
                    text = row.texts.get(path, "")
                    marks[((number,), names[path])] = Mark(text, text, message)


def _schema(paths: list[str], names: dict[str, str], labels: dict[str, str]) -> Schema:
    columns = [Column(names[path], label=labels.get(path, path)) for path in paths]
    key, place, wrong = (
        Column("number", "integer", is_key=True),
        Column("place", label=say("Row")),
        Column("wrong", label=say("Problem")),
    )
    return Schema("cells", (key, place, wrong, *columns), ("number",), is_editable=False, read_only_reason=_READ_ONLY)


def _values(row: PlanRow, names: dict[str, str]) -> dict[str, Any]:
    texts = {names[path]: text for path, text in row.texts.items()}
    place = f"{row.place:,}" if row.place else "new"
    return {"place": place, "wrong": ". ".join(row.problems.values()), **texts}


def _title(verb: str, plan: Plan) -> str:
    if not plan.wrong:
        return say_count("{verb}: {count} column beyond the last one", "{verb}: {count} columns beyond the last one",
                         plan.missed, verb=verb)  # fmt: skip
    return say_count("{verb}: {count:,} cell does not fit", "{verb}: {count:,} cells do not fit", plan.wrong, verb=verb)


def _explained(plan: Plan) -> str:
    parts = [say("Nothing was written yet.")]
    if plan.missed and plan.wrong:
        parts.append(say("{missed} more columns are beyond the last one and are left out.", missed=plan.missed))
    if plan.wrong and plan.changes:
        text = mark("Cells that do not fit would stay as they are, and new rows with such a cell would be left out.")
        parts.append(say(text))
    if plan.total > len(plan.rows):
        parts.append(say("Here are {number:,} of {total:,} rows.", number=len(plan.rows), total=plan.total))
    return " ".join(parts)
