"""A panel over a table of devices: what is there, what can be done with the current one, or why there is nothing.

For views of plugins like Bluetooth and Wi-Fi: derive, say the columns, and fill head and foot.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kernel.error import EspalierError
from kernel.tables.change import Update
from kernel.tables.query import Query
from kernel.words import say
from layouts.node import Node
from widgets.context import Context
from widgets.grid.state import StateView
from widgets.handle import TableHandle

#: Rows that are read: devices in reach are few.
_MOST = 1_000
#: Milliseconds in which news are gathered.
_GATHER_MS = 40

Row = dict[str, Any]


class DevicePanel(QWidget):
    """See the module; the view's id is its grid's.

    Attributes:
        columns: Column → how the grid shows it.
        facts: Properties that name further tables, of one row each that counts.
        command: What Return and a double click run.
        no_rows: What is said when there are none, though nothing is missing.
        icon: Stands beside the reason when something is.
        rows: Key → row, as they were read last.
        fact: Property of :attr:`facts` → its table's row; empty where there is none.
        grid, said, head, foot: The rows, a line about them, and the places for buttons.
    """

    columns: tuple[tuple[str, dict[str, Any]], ...] = ()
    facts: tuple[str, ...] = ("state",)
    command = ""
    no_rows = ""
    icon = "info"

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context = context
        self.handle = _table(node, context, "table")
        self.rows: dict[tuple[Any, ...], Row] = {}
        self.fact: dict[str, Row] = {name: {} for name in self.facts}
        self._others = {name: _table(node, context, name) for name in self.facts if node.get(name)}
        self.said = QLabel(self)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setFont(context.theme.font("strong"))
        self.said.setWordWrap(True)
        self.grid: Any = context.build(self._grid_node(node), self)
        self.head, self.foot = QHBoxLayout(), QHBoxLayout()
        self._lay_out()
        self._note = StateView(self.grid, context.theme)
        self.setFocusProxy(self.grid)
        self._soon = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._soon.timeout.connect(self._read)
        for handle in (self.handle, *self._others.values()):
            handle.changed.connect(self._hear)
            handle.schema_changed.connect(self._soon.start)
        self.grid.current_changed.connect(self._renew)
        self._soon.start()

    def _grid_node(self, node: Node) -> Node:
        shows = [Node("show", "", {"column": name, **more}, where=node.where) for name, more in self.columns]
        properties = {"table": node.get("table"), "editable": False, "activate": self.command,
                      "empty": self.no_rows}  # fmt: skip
        return Node("grid", node.id, properties, shows, node.where)

    def _lay_out(self) -> None:
        space = self.context.theme.space("normal")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space)
        for row in (self.head, self.foot):
            row.setSpacing(space)
        self.head.addWidget(self.said, 1)
        column.addLayout(self.head)
        column.addWidget(self.grid, 1)
        column.addLayout(self.foot)

    def set_title(self, title: str) -> None:
        """What it is called for those who do not see it."""
        self.setAccessibleName(title or say("Devices"))

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """The reason covers the rows."""
        super().resizeEvent(event)
        self._note.setGeometry(self.grid.rect())

    # -- for those who derive -------------------------------------------------------------------------------------

    def renew(self, row: Row) -> None:
        """Show what can be done with the current row, empty for none; called whenever something is another."""

    @property
    def key(self) -> tuple[Any, ...] | None:
        """The current row's key; None for none."""
        key = self.grid.current_key
        return None if key is None or tuple(key) not in self.rows else tuple(key)

    @property
    def row(self) -> Row:
        """The current row; empty for none."""
        return self.rows[self.key] if self.key is not None else {}

    def add_button(self, place: QHBoxLayout, text: str, act: Callable[[], None], emphasis: str = "") -> QPushButton:
        """A button of head or foot."""
        button = QPushButton(text, self)
        if emphasis:
            button.setProperty("emphasis", emphasis)
        button.clicked.connect(act)
        place.addWidget(button)
        return button

    def run(self, command: str, **arguments: Any) -> None:
        """Run a command of the plugin."""
        self.context.commands.run(command, **arguments)

    def write(self, values: Row) -> None:
        """Write values of the current row.

        NOTE: not by ``commit``: what can be undone is kept, and a password must not be.
        """
        if self.key is not None:
            change = Update(self.key, "", values)
            self.handle.call(lambda table: table.commit([change]), self._take_written, is_write=True)

    # -- what is told ---------------------------------------------------------------------------------------------

    def _take_written(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self.context.reporter.report("error", str(answer))
        self._soon.start()

    def _hear(self, _change: Any) -> None:
        self._soon.start()

    def _read(self) -> None:
        if self.handle.schema is not None:
            self.handle.fetch(self.handle.merge(Query()), 0, _MOST, self._take)
        for name, handle in self._others.items():
            if handle.schema is not None:
                handle.fetch(Query(), 0, 1, lambda answer, name=name: self._take_fact(name, answer))

    def _take(self, answer: Any) -> None:
        self.rows = _rows(answer)
        self._renew()

    def _take_fact(self, name: str, answer: Any) -> None:
        self.fact[name] = next(iter(_rows(answer).values()), {})
        self._renew()

    def _renew(self) -> None:
        reason = self.fact.get("state", {}).get("reason")
        if reason:
            self._note.setGeometry(self.grid.rect())
            self._note.say(self.icon, str(reason))
        else:
            self._note.hide()
        self.renew(self.row)


def _rows(answer: Any) -> dict[tuple[Any, ...], Row]:
    """Key → row of what a table answers; none of an error, which the grid tells."""
    if isinstance(answer, Exception):
        return {}
    lines = zip(*answer.columns.values(), strict=True)
    return {tuple(key): dict(zip(answer.columns, line, strict=True))
            for key, line in zip(answer.keys, lines, strict=True)}  # fmt: skip


def _table(node: Node, context: Context, name: str) -> TableHandle:
    handle = context.tables.get(str(node.get(name)))
    if handle is None:
        raise EspalierError(say("there is no table {name!r}", name=node.get(name)), where=node.where)
    return handle
