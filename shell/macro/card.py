"""The macros as a table over the window: a row for each line. What is edited there is written at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from kernel.tables.change import Delete, Insert
from kernel.tables.memory import MemorySource
from kernel.tables.schema import Column, Schema
from kernel.words import mark, say
from layouts.node import Node
from layouts.texts.schema import worded
from shell.macro.store import LONGEST_NAME, MacroError, Macros, check_name
from widgets.context import Context
from widgets.grid import Grid
from widgets.handle import TableHandle
from widgets.overlay import Overlay
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from shell.window import Window

#: Width of the card and height of its rows in pixels at 100 %; what is beside the rows.
_WIDTH, _HEIGHT, _OTHERS = 820, 340, 240
_TABLE = "macros"
SCHEMA = Schema(
    _TABLE,
    (
        Column("id", "integer", is_key=True, is_generated=True),
        Column("macro", label=mark("Macro"), is_required=True, max_length=LONGEST_NAME),
        Column("place", "integer", label=mark("Place"), is_required=True),
        Column("line", label=mark("Command"), is_required=True),
    ),
    key=("id",),
    title=mark("Macros"),
)


class MacroCard(Overlay):
    """Shows the macros while it is open.

    Args:
        window: The window to cover.
        macros: Where they are kept.
    """

    def __init__(self, window: Window, macros: Macros) -> None:
        super().__init__(window, window.theme, _WIDTH, say("Macros"))
        self._window, self._macros = window, macros
        self._source = MemorySource([(SCHEMA, [])])
        self.handle = TableHandle(self._source.table(_TABLE), _TABLE, sort="macro, place",
                                  word=lambda schema: worded(schema, say), parent=self)  # fmt: skip
        self._is_filling = False
        self.handle.changed.connect(self._keep)
        self.grid = self._make_grid(window.context)
        self._lay_out()

    def _make_grid(self, context: Context) -> Grid:
        widths = {"macro": 140, "place": 80, "line": 520}
        shows = [Node("show", properties={"column": name, "width": width}) for name, width in widths.items()]
        properties = {"table": _TABLE, "empty": say("No macro was recorded yet")}
        inner = Context(
            scope=context.scope, commands=context.commands, reporter=context.reporter, theme=context.theme,
            tables={_TABLE: self.handle}, open_table=context.open_table, read_file=context.read_file,
        )  # fmt: skip
        return Grid(Node("grid", "", properties, shows), inner, self.card)

    def _lay_out(self) -> None:
        theme, page = self.theme, self.theme.space("page")
        title, self.said = QLabel(say("Macros"), self.card), QLabel(self.card)
        title.setFont(theme.font("heading"))
        self.said.setWordWrap(True)
        tint(self.said, theme, "color: ${muted}")
        play = QPushButton(say("Play"), self.card)
        play.setProperty("emphasis", "primary")
        play.clicked.connect(self._play)
        close = QPushButton(say("Close"), self.card)
        close.clicked.connect(self.close_card)
        box, row = QVBoxLayout(), QHBoxLayout()
        box.setContentsMargins(page, page, page, page)
        box.setSpacing(theme.space("normal"))
        for part in (title, self.said, self.grid):
            box.addWidget(part)
        row.addStretch(1)
        row.addWidget(play)
        row.addWidget(close)
        box.addLayout(row)
        self.column.addLayout(box)

    def show_macros(self) -> None:
        """Open with what the file says now.

        Raises:
            MacroError: it cannot be read.
        """
        kept, table = self._macros.all(), self._source.table(_TABLE)
        rows: list[Any] = [Delete((number,), "") for number in self._rows()]
        rows += [Insert({"macro": name, "place": place, "line": line})
                 for name, lines in kept.items() for place, line in enumerate(lines, 1)]  # fmt: skip
        if rows:
            self._is_filling = True
            table.commit(rows)
        self.said.setText(say("A row for each command, in the order of their places. “macro.play NAME” plays them, "
                              "also from keys.toml and by espalier do."))  # fmt: skip
        self.grid.setFixedHeight(self.room_for(_HEIGHT, _OTHERS))
        self.open(self.grid)
        self._is_filling = False

    def _rows(self) -> dict[int, dict[str, Any]]:
        """Key → row, of all that the table holds."""
        from kernel.tables.query import Query

        block = self._source.table(_TABLE).fetch(Query(sort=self.handle.sort), 0, 1_000_000)
        return {key[0]: block.row(index) for index, key in enumerate(block.keys)}

    def _keep(self, _change: Any) -> None:
        """Somebody edited a row: write all of them."""
        if self._is_filling or self.isHidden():
            return
        macros: dict[str, list[str]] = {}
        for row in self._rows().values():
            macros.setdefault(str(row["macro"]), []).append(str(row["line"]))
        try:
            for name in macros:
                check_name(name)
            self._macros.write(macros)
        except (MacroError, OSError) as error:
            self._window.messages.report("error", say("The macros were not written"), str(error))

    def _play(self) -> None:
        key = self.grid.current_key
        row = self._rows().get(key[0]) if key is not None else None
        self.close_card()
        if row is not None:
            self._window.registry.run("macro.play", register=str(row["macro"]))
