"""The edits of a window as a table over it: when, what, in which table, and whether it was undone."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kernel.tables.change import Delete, Insert, Update
from kernel.tables.history import Entry
from kernel.tables.memory import MemorySource
from kernel.tables.schema import Column, Schema
from kernel.words import mark, say
from layouts.node import Node
from layouts.texts.schema import worded
from widgets.context import Context
from widgets.grid import Grid
from widgets.handle import TableHandle
from widgets.history import History
from widgets.overlay import Overlay

#: Width and height of the rows in pixels at 100 %.
_WIDTH, _HEIGHT = 720, 320
#: What the card and the window around it take beside the rows, in pixels.
_OTHERS = 240

SCHEMA = Schema(
    "history",
    (
        Column("number", "integer", is_key=True),
        Column("when", "time", label=mark("Time"), format="HH:mm:ss"),
        Column("edit", label=mark("Edit")),
        Column("table", label=mark("Table")),
        Column("state", label=mark("State")),
    ),
    key=("number",),
    read_only_reason=mark("What was done is only shown here"),
)
_STATES = {"done": "", "undone": mark("undone"), "gone": mark("cannot be undone")}


class HistoryCard(Overlay):
    """Shows a history while it is open, and follows it.

    Args:
        window: The window to cover.
        context: Surroundings of the grid.
        undo, redo: What its buttons do.
    """

    def __init__(self, window: QWidget, context: Context, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        super().__init__(window, context.theme, _WIDTH, say("What was edited in this window"))
        self._history: History | None = None
        self._numbers: dict[int, Entry] = {}
        self._source = MemorySource([(SCHEMA, [])])
        self.handle = TableHandle(
            self._source.table("history"),
            "history",
            sort="-number",
            word=lambda schema: worded(schema, say),
            parent=self,
        )
        self.grid = self._make_grid(context)
        self.undo, self.redo = QPushButton(say("Undo"), self.card), QPushButton(say("Redo"), self.card)
        self.undo.clicked.connect(undo)
        self.redo.clicked.connect(redo)
        close = QPushButton(say("Close"), self.card)
        close.clicked.connect(self.close_card)
        self._lay_out(close)

    def _make_grid(self, context: Context) -> Grid:
        shows = [Node("show", properties={"column": name}) for name in ("when", "edit", "table", "state")]
        shows[1].properties["width"] = 300
        style = Node("style", properties={"when": "state != ''", "emphasis": "muted"})
        properties = {"table": "history", "editable": False, "empty": say("Nothing was edited in this window yet")}
        inner = Context(
            scope=context.scope, commands=context.commands, reporter=context.reporter, theme=context.theme,
            tables={"history": self.handle}, open_table=context.open_table, read_file=context.read_file,
        )  # fmt: skip
        grid = Grid(Node("grid", "", properties, [*shows, style]), inner, self.card)
        return grid

    def _lay_out(self, close: QPushButton) -> None:
        page, wide = self.theme.space("page"), self.theme.space("wide")
        title = QLabel(say("What was edited in this window"), self.card)
        title.setFont(self.theme.font("heading"))
        box, row = QVBoxLayout(), QHBoxLayout()
        box.setContentsMargins(page, page, page, page)
        box.setSpacing(wide)
        box.addWidget(title)
        box.addWidget(self.grid)
        row.setSpacing(self.theme.space("normal"))
        for button in (self.undo, self.redo):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        box.addLayout(row)
        self.column.addLayout(box)

    def show_history(self, history: History) -> None:
        """Open with what was done so far."""
        if self._history is not history:
            self._history = history
            history.changed.connect(self._follow)
        self._follow()
        self.grid.setFixedHeight(self.room_for(_HEIGHT, _OTHERS))
        self.open(self.grid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Z and Ctrl+Y work here as well."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() in (Qt.Key.Key_Z, Qt.Key.Key_Y):
            is_redo = event.key() == Qt.Key.Key_Y or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.redo if is_redo else self.undo).click()
            event.accept()
            return
        super().keyPressEvent(event)

    def _follow(self) -> None:
        assert self._history is not None
        journal, table = self._history.journal, self._source.table("history")
        self.undo.setEnabled(journal.next_undo() is not None)
        self.redo.setEnabled(journal.next_redo() is not None)
        rows = {id(entry): _row(entry) for entry in journal.entries}
        known = {id(entry): number for number, entry in self._numbers.items()}
        changes: list[Any] = [Delete((number,), "") for number, entry in self._numbers.items() if id(entry) not in rows]
        last = max(self._numbers, default=0)
        self._numbers = {}
        for entry in journal.entries:
            number = known.get(id(entry), 0)
            if number:
                changes.append(Update((number,), "", {"state": rows[id(entry)]["state"]}))
            else:
                number = last = last + 1
                changes.append(Insert({"number": number, **rows[id(entry)]}))
            self._numbers[number] = entry
        if changes:
            table.commit(changes)


def _row(entry: Entry) -> dict[str, Any]:
    state = say(_STATES[entry.state]) if _STATES[entry.state] else ""
    return {
        "when": datetime.datetime.fromtimestamp(entry.when).time().replace(microsecond=0),
        "edit": entry.title,
        "table": entry.table,
        "state": f"{state}: {entry.reason}" if entry.reason else state,
    }
