"""The history of a row as a table over the window: when, who, column, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kernel.tables.change import Delete, Insert
from kernel.tables.memory import MemorySource
from kernel.tables.row_history import Line
from kernel.tables.schema import Column, Schema
from kernel.words import mark, say
from layouts.node import Node
from layouts.texts.schema import worded
from widgets.context import Context
from widgets.grid import Grid
from widgets.handle import TableHandle
from widgets.overlay import Overlay
from widgets.theme.tint import tint

#: Width of the card and height of its rows in pixels at 100 %; what is beside the rows.
_WIDTH, _HEIGHT, _OTHERS = 820, 320, 260
#: Column → its width in pixels at 100 %.
_WIDTHS = {"at": 150, "person": 100, "column": 130, "before": 190, "after": 190}

SCHEMA = Schema(
    "row history",
    (
        Column("number", "integer", is_key=True),
        Column("at", "datetime", label=mark("When")),
        Column("person", label=mark("Who")),
        Column("column", label=mark("Column")),
        Column("before", label=mark("Before")),
        Column("after", label=mark("After")),
    ),
    key=("number",),
    read_only_reason=mark("What was done is only shown here"),
)


class RowHistoryCard(Overlay):
    """Shows lines while it is open.

    Args:
        window: The window to cover.
        context: Surroundings of the grid.
    """

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window, context.theme, _WIDTH, say("History of a row"))
        self._source = MemorySource([(SCHEMA, [])])
        self._numbers = range(0)
        self.handle = TableHandle(
            self._source.table("row history"),
            "row history",
            sort="number",
            word=lambda schema: worded(schema, say),
            parent=self,
        )
        self.title, self.said = QLabel(self.card), QLabel(self.card)
        self.grid = self._make_grid(context)
        self._lay_out()

    def _make_grid(self, context: Context) -> Grid:
        shows = [Node("show", properties={"column": name, "width": width}) for name, width in _WIDTHS.items()]
        properties = {"table": "row history", "editable": False, "empty": say("Nothing is known of this row's past")}
        inner = Context(
            scope=context.scope, commands=context.commands, reporter=context.reporter, theme=context.theme,
            tables={"row history": self.handle}, open_table=context.open_table, read_file=context.read_file,
        )  # fmt: skip
        return Grid(Node("grid", "", properties, shows), inner, self.card)

    def _lay_out(self) -> None:
        page = self.theme.space("page")
        self.title.setFont(self.theme.font("heading"))
        self.said.setWordWrap(True)
        tint(self.said, self.theme, "color: ${muted}")
        close = QPushButton(say("Close"), self.card)
        close.clicked.connect(self.close_card)
        box, row = QVBoxLayout(), QHBoxLayout()
        box.setContentsMargins(page, page, page, page)
        box.setSpacing(self.theme.space("normal"))
        for part in (self.title, self.said, self.grid):
            box.addWidget(part)
        row.addStretch(1)
        row.addWidget(close)
        box.addLayout(row)
        self.column.addLayout(box)

    def show_lines(self, title: str, said: str, lines: Sequence[Line]) -> None:
        """Open with these lines, newest first."""
        self.title.setText(title)
        self.said.setText(said)
        last = self._numbers[-1] if self._numbers else 0
        rows: list[Any] = [Delete((number,), "") for number in self._numbers]
        self._numbers = range(last + 1, last + 1 + len(lines))
        rows += [Insert({"number": number, **msgspec.structs.asdict(line)})
                 for number, line in zip(self._numbers, lines, strict=True)]  # fmt: skip
        if rows:
            self._source.table("row history").commit(rows)
        self.grid.setFixedHeight(self.room_for(_HEIGHT, _OTHERS))
        self.open(self.grid)
