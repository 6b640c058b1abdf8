"""Bringing the rows of a file into a table: file, columns, a look at the first rows, then all of them or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtWidgets import QComboBox, QListWidget, QWidget

from kernel.tables.contract import Report, Source, Table
from kernel.tables.exchange.given import ENDINGS, open_given
from kernel.tables.exchange.intake import Checked, Preview, Problem, bring_in, preview
from kernel.tables.exchange.mapping import MODES, Pair, suggested
from kernel.tables.schema import Schema, title_of
from kernel.words import say, say_again, say_count
from widgets.context import Context
from widgets.exchange.card import ExchangeCard
from widgets.exchange.export_card import FOLDER
from widgets.exchange.mapping_list import MappingList
from widgets.exchange.preview import PreviewGrid
from widgets.grid.notice import sentence
from widgets.handle import TableHandle

_WIDTH = 720
#: Least and greatest heights in pixels at 100 %.
_PREVIEW_HEIGHTS, _PROBLEMS_HEIGHTS = (96, 190), (60, 120)


class _Given(NamedTuple):
    """An opened file."""

    path: Path
    source: Source
    table: Table
    schema: Schema
    sheets: list[str]


class ImportCard(ExchangeCard):
    """Asks for a file, says what would become of it, and writes it in one commit that can be undone."""

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window, context, _WIDTH, say("Import rows"), say("Import"))
        self._given: _Given | None = None
        self._path = ""
        self.path, both = self.path_line(say("Choose…"), self._choose)
        self.add_field(say("File"), both)
        self.path.setAccessibleName(say("File"))
        self.path.setPlaceholderText(say("CSV, TSV, JSON, JSON lines, Parquet, Arrow or Excel"))
        self.path.editingFinished.connect(self._take_path)
        self.sheet, self.mode = QComboBox(self.card), QComboBox(self.card)
        self._sheet_label = self.add_field(say("Sheet"), self.sheet)
        self.sheet.activated.connect(lambda _index: self._open_file(self.sheet.currentText()))
        for mode in MODES:
            self.mode.addItem(mode.title, mode)
        self._mode_label = self.add_field(say("Rows"), self.mode)
        self.mapping = MappingList(self.theme, self.card)
        self.mapping.changed.connect(self._look)
        self.rows = PreviewGrid(context, self.card)
        _limit(self.rows, _PREVIEW_HEIGHTS)
        self.problems = QListWidget(self.card)
        self.problems.setAccessibleName(say("What is wrong"))
        _limit(self.problems, _PROBLEMS_HEIGHTS)
        self._mapping_title = self._label(say("Columns of the file, and where they go"), "strong")
        self._rows_title = self._label(say("The first rows as they would stand in the table"), "strong")
        for widget in (self._mapping_title, self.mapping, self._rows_title, self.rows, self.problems):
            self.body.addWidget(widget)
        self.end_body()

    def show_for(self, handle: TableHandle) -> None:
        """Open for a table."""
        if handle.schema is None:
            return
        self.take(handle)
        self.heading.setText(say("Import into {value}", value=handle.schema.title or title_of(handle.name)))
        self._path = ""
        self.path.clear()
        self._let_go()
        self.tell("")
        self.open(self.path)

    def start(self) -> None:
        """Check all rows and write them."""
        if self._given is None or self.path.text().strip() != self._path:
            self._take_path()
            return
        assert self.handle is not None
        given, pairs, mode = self._given, self.mapping.pairs(), self.mode.currentData()
        writer, title = self.handle.writer(), say("Import {name}", name=given.path.name)

        def work(table: Table, report: Report) -> Checked:
            return bring_in(given.table, table, pairs, mode, report, lambda changes: writer(changes, title))

        self.problems.hide()
        self.run(work, self._take_done)

    def close_card(self) -> None:
        """See :class:`ExchangeCard`; the file is let go."""
        super().close_card()
        self._let_go()

    # -- the file -------------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        from widgets import file_dialog

        folder = self.path.text() or str(self.context.recall(FOLDER) or "")
        kinds = f"Tables ({' '.join(f'*{ending}' for ending in ENDINGS)});;All files (*)"
        name = file_dialog.name_to_open(self, say("Import from"), folder, kinds)
        if name:
            self.path.setText(name)
            self._take_path()

    def _take_path(self) -> None:
        text = self.path.text().strip()
        if text == self._path or self.is_busy:
            return
        self._let_go()
        self._path = text
        if text:
            self._open_file()
        else:
            self.tell("")

    def _open_file(self, sheet: str = "") -> None:
        self._let_go()
        path = Path(self._path).expanduser()

        def work(table: Table, report: Any) -> tuple[_Given, list[Pair], Preview]:
            sheets = _sheets(path)
            source, given = open_given(path, {"sheet": sheet} if sheet else {})
            pairs = suggested(given.schema, table.schema)
            return _Given(path, source, given, given.schema, sheets), pairs, preview(given, table.schema, pairs)

        self.run(work, lambda answer: self._take_given(answer, sheet))

    def _take_given(self, answer: Any, sheet: str) -> None:
        if isinstance(answer, Exception):
            self.tell(sentence(answer))
            self.path.setFocus()
            return
        self._given, pairs, first = answer
        self.context.remember(FOLDER, str(self._given.path.parent))
        assert self.handle is not None and self.handle.schema is not None
        self.mapping.fill(self._given.schema, self.handle.schema, pairs)
        self.sheet.clear()
        self.sheet.addItems(self._given.sheets)
        self.sheet.setCurrentText(sheet or (self._given.sheets[0] if self._given.sheets else ""))
        self._show_parts(True)
        self._take_preview(first)
        self.mode.setFocus()

    def _let_go(self) -> None:
        given, self._given = self._given, None
        if given is not None:
            given.source.close()
        self.rows.clear()
        self._show_parts(False)

    def _show_parts(self, has_file: bool) -> None:
        is_book = self._given is not None and len(self._given.sheets) > 1
        parts: tuple[QWidget, ...] = (
            self._mode_label, self.mode, self._mapping_title, self.mapping, self._rows_title, self.rows,
        )
        for part in parts:
            part.setVisible(has_file)
        for part in (self._sheet_label, self.sheet):
            part.setVisible(is_book)
        self.problems.hide()
        self.fit()

    # -- a look, and the whole ------------------------------------------------------------------------------------

    def _look(self) -> None:
        given, pairs = self._given, self.mapping.pairs()
        if given is None or self.is_busy:
            return
        self.run(lambda table, report: preview(given.table, table.schema, pairs), self._take_preview)

    def _take_preview(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self.tell(sentence(answer))
            return
        self.rows.show_preview(answer)
        self._show_problems(answer.problems)
        if not answer.columns:
            self.tell(say("No column of the file goes into a column of the table yet."), "info")

    def _take_done(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self.tell(sentence(answer))
            return
        done: Checked = answer
        if done.problem_count:
            self._show_problems(done.problems)
            self.tell(say_count("{count:,} row cannot be brought in, so nothing was written.",
                                "{count:,} rows cannot be brought in, so nothing was written.",
                                done.problem_count))  # fmt: skip
            self.problems.setFocus()
            return
        self.close_card()
        left_out = (
            say_count("; {count:,} was left out", "; {count:,} were left out", done.left_out) if done.left_out else ""
        )
        self.context.reporter.report(
            "success",
            say(
                "{added:,} added, {updated:,} updated{left_out}",
                added=done.added,
                updated=done.updated,
                left_out=left_out,
            ),
            say("Undo takes all of it back."),
        )

    def _show_problems(self, problems: list[Problem]) -> None:
        self.problems.clear()
        for problem in problems:
            place = say("Row {row:,}", row=problem.row)
            self.problems.addItem(f"{place}: {say_again(problem.message)}")
        self.problems.setVisible(bool(problems))
        self.fit()


def _limit(widget: QWidget, heights: tuple[int, int]) -> None:
    widget.setMinimumHeight(heights[0])
    widget.setMaximumHeight(heights[1])


def _sheets(path: Path) -> list[str]:
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return []
    from kernel.tables.exchange.workbook_reader import sheet_names

    return sheet_names(path)
