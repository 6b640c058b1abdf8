"""Writing the rows of a grid into a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from PySide6.QtWidgets import QComboBox, QWidget

from kernel.tables.exchange.export import all_columns, export, titled
from kernel.tables.exchange.format import FORMATS, Format, OutColumn
from kernel.tables.query import Query
from kernel.tables.schema import title_of
from kernel.words import say, say_count
from widgets.context import Context
from widgets.exchange.card import ExchangeCard
from widgets.grid.notice import sentence

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

_WIDTH = 560
#: Where the last folder is remembered.
FOLDER = "exchange.folder"


class _Columns(NamedTuple):
    """A choice of columns: its title, what is written, and the columns that the query must compute."""

    title: str
    columns: list[OutColumn]
    computed: dict[str, str]


class ExportCard(ExchangeCard):
    """Asks for format, columns and file, then writes; what was chosen last is offered again."""

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window, context, _WIDTH, say("Export rows"), say("Export"))
        self._query = Query()
        self._choices: list[_Columns] = []
        self.format, self.columns, self.headings = (QComboBox(self.card) for _ in range(3))
        for row in FORMATS:
            self.format.addItem(row.title, row)
        for title in (say("As people read them"), say("The names of the columns")):
            self.headings.addItem(title)
        self.path, both = self.path_line(say("Choose…"), self._choose)
        self.add_field(say("Format"), self.format)
        self.add_field(say("Columns"), self.columns)
        self.add_field(say("Headings"), self.headings)
        self.add_field(say("File"), both)
        self.path.setAccessibleName(say("File"))
        self.format.currentIndexChanged.connect(self._take_format)
        self.path.textChanged.connect(lambda _text: self.tell("") if not self.is_busy else None)
        self.end_body()

    def show_for(self, grid: Grid) -> None:
        """Open for the rows of a grid: its filter, its order, its columns."""
        schema = grid.handle.schema
        if schema is None:
            return
        self.take(grid.handle)
        title = schema.title or title_of(grid.handle.name)
        self.heading.setText(say("Export {title}", title=title))
        self._query = grid.rows.query()
        self._choices = [_shown(grid), _Columns(say("All columns of the table"), all_columns(schema), {})]
        self.columns.clear()
        self.columns.addItems([f"{choice.title} ({len(choice.columns)})" for choice in self._choices])
        folder = Path(str(self.context.recall(FOLDER) or Path.home()))
        self.path.setText(str(folder / f"{_plain(title)}{self._format().suffixes[0]}"))
        self.tell(_rows_text(grid), "info")
        self.open(self.format)

    def start(self) -> None:
        """Write the file."""
        path = Path(self.path.text().strip()).expanduser()
        if not self.path.text().strip() or path.is_dir():
            self.tell(say("Choose a file to write to."))
            self.path.setFocus()
            return
        assert self.handle is not None and self.handle.schema is not None
        choice, format_ = self._choices[self.columns.currentIndex()], self._format()
        columns = choice.columns
        if choice.computed or self.columns.currentIndex() == 0:
            names = _by_name(columns) if self.headings.currentIndex() else columns
        else:
            names = columns if self.headings.currentIndex() else titled(columns, self.handle.schema)
        query = msgspec.structs.replace(self._query, computed={**self._query.computed, **choice.computed})
        self.run(lambda table, report: export(table, query, names, path, format_, report),
                 lambda answer: self._take(answer, path))

    def _take(self, answer: Any, path: Path) -> None:
        if isinstance(answer, Exception):
            self.tell(sentence(answer))
            return
        self.context.remember(FOLDER, str(path.parent))
        self.close_card()
        said = say_count("{count:,} row was exported", "{count:,} rows were exported", answer)
        self.context.reporter.report("success", said, str(path))

    def _format(self) -> Format:
        return self.format.currentData()

    def _take_format(self) -> None:
        path = Path(self.path.text())
        if path.name:
            self.path.setText(str(path.with_suffix(self._format().suffixes[0])))

    def _choose(self) -> None:
        from widgets import file_dialog

        row = self._format()
        kinds = f"{row.title} ({' '.join(f'*{suffix}' for suffix in row.suffixes)})"
        name = file_dialog.name_to_save(self, say("Export to"), self.path.text(), kinds)
        if name:
            self.path.setText(name)


def _shown(grid: Grid) -> _Columns:
    """The columns as the grid shows them; labels instead of numbers, computed ones by their headings."""
    columns, computed = [], {}
    for column in grid.columns:
        if column.computed is not None:
            name = f"computed {len(computed) + 1}"
            computed[name] = column.computed.text
            columns.append(OutColumn(name, column.label, "any"))
        else:
            kind = "text" if column.labelled or column.column is None else column.column.type
            columns.append(OutColumn(column.shown, column.label, kind))
    headings = [column.heading for column in columns]
    distinct = [one if headings.count(one.heading) == 1 else one._replace(heading=f"{one.heading} ({one.path})")
                for one in columns]
    return _Columns(say("As they are shown"), distinct, computed)


def _by_name(columns: list[OutColumn]) -> list[OutColumn]:
    return [column._replace(heading=column.path) for column in columns]


def _rows_text(grid: Grid) -> str:
    count, query = grid.rows.cache.count, grid.rows.query()
    which = say("that the filters leave") if query.filter else say("of the table")
    return say("All rows {which} are written", which=which) + (
        say(", {count:,} as it stands.", count=count) if count else "."
    )


def _plain(title: str) -> str:
    """A title as the name of a file."""
    return "".join(sign if sign.isalnum() or sign in " -_." else "_" for sign in title).strip(" .") or "rows"
