"""What an importer gathers while it goes through a file: states, commands, tables, and what it cannot carry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from kernel.error import EspalierError, Where
from layouts.importer.piece import Piece, Plain, layout_text
from layouts.scaffold_name import Names, slug_of

#: Bytes of a file that is read.
MOST_BYTES = 20_000_000
#: Widgets of one window.
MOST_WIDGETS = 10_000


class ImportFileError(EspalierError):
    """A file that no layout can be made of."""


class Lost(NamedTuple):
    """Something of the file that is not in the layout, or not as it was."""

    where: Where
    message: str


class TableDraft(NamedTuple):
    """Rows that stand in the file: column names, their headings, and texts row by row."""

    name: str
    columns: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Outcome(NamedTuple):
    """What was made.

    Attributes:
        title: Of the window.
        layout: The text of the layout file, in the canonical form.
        tables: Rows for tables that it shows.
        functions: Name → title of each function that its commands run (``actions:NAME``).
        lost: What was not carried, in the file's order.
        pictures: Path in the app → bytes of the pictures that it shows.
    """

    title: str
    layout: str
    tables: tuple[TableDraft, ...]
    functions: dict[str, str]
    lost: tuple[Lost, ...]
    pictures: dict[str, bytes] = {}


class Draft:
    """Gathers the parts of one layout.

    Args:
        file: What the file is called in messages.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.names = Names({"app", "actions", "id", "main"})
        self.states: list[Piece] = []
        self.commands: list[Piece] = []
        self.tables: list[TableDraft] = []
        self.functions: dict[str, str] = {}
        self.pictures: dict[str, bytes] = {}
        self._lost: dict[tuple[Where, str], Lost] = {}
        self._passed_over: dict[str, int] = {}
        self._functions = Names(set())

    def lose(self, line: int, message: str, file: str = "") -> None:
        """Tell that something is not carried, of another file than the form or page when that is named."""
        where = Where(file or self.file, line, 1 if line else 0)
        self._lost.setdefault((where, message), Lost(where, message))

    def pass_over(self, name: str) -> None:
        """Count a property that a layout settles by itself; all of them are told in one line."""
        self._passed_over[name] = self._passed_over.get(name, 0) + 1

    def state(self, wish: str, value: Any) -> Plain:
        """A new state of the window; what expressions call it."""
        name = Plain(self.names.give(slug_of(wish, "value")))
        self.states.append(Piece("state", (name, Plain(value) if isinstance(value, str) else value)))
        return name

    def command(self, wish: str, title: str, run: str = "", **properties: Any) -> Plain:
        """A new command; its id. Without an action a function of its own is written for it."""
        if run:
            name = self._functions.give(slug_of(wish or title, "action"))
        else:
            name = self.function(wish, title)
            run = f"actions:{name}"
        command = Plain(f"do.{name.replace('_', '-')}")
        self.commands.append(Piece("command", (command,), {"title": title, **properties, "run": Plain(run)}))
        return command

    def function(self, wish: str, title: str) -> str:
        """A new function of the app's script; its name."""
        name = self._functions.give(slug_of(wish or title, "action"))
        self.functions[name] = title
        return name

    def table(self, wish: str, headings: list[str], rows: list[list[str]]) -> TableDraft:
        """A new table with these rows, as wide as its widest row."""
        width = max([len(headings), *map(len, rows), 1])
        shown = [heading.strip() for heading in headings] + [""] * (width - len(headings))
        shown = [heading or f"Column {index}" for index, heading in enumerate(shown, 1)]
        columns = Names({"id", "rowid"})
        table = TableDraft(
            self.names.give(slug_of(wish, "table")),
            tuple(columns.give(slug_of(heading, "column")) for heading in shown),
            tuple(shown),
            tuple(tuple(row) + ("",) * (width - len(row)) for row in rows),
        )
        self.tables.append(table)
        return table

    def finish(self, title: str, remark: str, window: Piece, styles: Sequence[Piece] = ()) -> Outcome:
        """The layout of everything gathered, with the states at the window's beginning.

        Raises:
            ImportFileError: there are more widgets than a window carries.
        """
        count = window.count() + len(self.commands)
        if count > MOST_WIDGETS:
            hint = "take over a part of it"
            raise ImportFileError(f"{self.file} has {count:,} parts; a window carries {MOST_WIDGETS:,}", hint=hint)
        window.children = [*self.states, *window.children]
        tables = [Piece("table", (Plain(table.name),)) for table in self.tables]
        text = layout_text(title, remark, [*tables, *self.commands, *styles], window)
        if self._passed_over:
            names = ", ".join(f"{name} ({count})" for name, count in sorted(self._passed_over.items()))
            self.lose(0, f"left to the layout: {names}")
        lost = tuple(sorted(self._lost.values()))
        return Outcome(title, text, tuple(self.tables), dict(self.functions), lost, self.pictures)
