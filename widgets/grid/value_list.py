"""The list of a column's values with their counts, most frequent first, to choose which rows are shown.

Counted by the source, off the GUI thread; a newer search stops the one before, closing stops all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from kernel.error import EspalierError
from kernel.tables.query import Aggregate, Query, Sort
from kernel.words import mark, say, say_again
from widgets.aside import Aside
from widgets.format import writer
from widgets.grid.check_list import VALUE, CheckList, SearchLine
from widgets.grid.filter_row import column_name
from widgets.grid.filtering import Filters, Part
from widgets.grid.panel import Panel
from widgets.grid.sample import are_nearly_unique
from widgets.grid.value_filter import Choice, choice_of, filter_by, value_name, value_owner
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid

#: Size of the card in pixels at 100 %, values that are listed, and from the last key to the search in ms.
WIDTH, HEIGHT, MOST, DELAY_MS = 320, 460, 1000, 200
#: The first line, and the hint at the foot.
EVERYTHING, HINT = mark("(All)"), mark("Return filters · Ctrl+Return: only this one")
_COUNT = "value count"


class ValueList(Panel):
    """The card of one column."""

    def __init__(self, grid: Grid, column: GridColumn) -> None:
        super().__init__(grid, say("Values of {label}", label=column.label), WIDTH, HEIGHT)
        self._column = column
        self._aside = Aside(grid.handle, "values")
        self.choice = choice_of(grid, column)
        self._values: list[Any] = []
        self._texts: list[tuple[str, str]] = []
        self._remark = ""
        theme = grid.context.theme
        self.checks = CheckList(theme, self)
        self.checks.setAccessibleName(say("Values of {label}", label=column.label))
        self.checks.installEventFilter(self)
        self.checks.toggled.connect(self._toggle)
        self.checks.doubleClicked.connect(lambda _index: self._only_this())
        self.search = SearchLine(self.checks, say("Search values"), self)
        self.search.textChanged.connect(lambda _text: self._timer.start())
        self.search.entered.connect(self._enter)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.count)
        self.column.addWidget(self.search)
        self.column.addWidget(self.checks, 1)
        self.hint = QLabel(say(HINT), self)
        self.hint.setWordWrap(True)
        self.hint.setFont(theme.font("caption"))
        tint(self.hint, theme, "color: ${muted}")
        self.column.addWidget(self.hint)
        self._add_buttons()
        self.count()

    def _add_buttons(self) -> None:
        buttons = QHBoxLayout()
        self.apply_button = QPushButton(say("Filter"), self)
        self.apply_button.setProperty("emphasis", "primary")
        self.apply_button.clicked.connect(self.apply)
        self.clear_button = QPushButton(say("Clear"), self)
        self.clear_button.setProperty("emphasis", "quiet")
        self.clear_button.setToolTip(say("Show the rows with every value"))
        self.clear_button.clicked.connect(self._clear)
        buttons.addWidget(self.apply_button)
        buttons.addWidget(self.clear_button)
        buttons.addStretch(1)
        self.column.addLayout(buttons)

    # -- counting -------------------------------------------------------------------------------------------------

    def query(self) -> Query:
        """Values and counts under the other filters and the search."""
        parts = [self.grid.filters.without(value_owner(self._column))]
        if words := self.search.text().strip():
            name = column_name(self._column)
            parts.append(Part(f"text({name}) contains {words!r}"))
        part = Filters.joined(parts)
        group = dict.fromkeys([_value_group(self._column), self._column.shown or _value_group(self._column)])
        counted = (Aggregate("count", "", _COUNT),)
        order = (Sort(_COUNT, is_descending=True),)
        own = Query(filter=part.text, parameters=part.parameters, group=tuple(group), aggregates=counted, sort=order)
        return msgspec.structs.replace(self.grid.handle.merge(own), sort=order)

    def count(self) -> None:
        """Count anew; what is counted for an older search is stopped."""
        self._timer.stop()
        self._aside.cancel()
        self._remark = say("Counting… Escape stops")
        if not self._values:
            self._show()
        query, path = self.query(), self._column.path
        is_searching = bool(self.search.text().strip())

        def work(table: Any) -> Any:
            if not is_searching and are_nearly_unique(table, query, path):
                return None
            return table.fetch(query, 0, MOST + 1)

        self._aside.ask(work, self._take)

    def _take(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self._values, self._texts = [], []
            self._remark = say_again(getattr(answer, "message", str(answer)))
            self._show()
            return
        if answer is None:
            self._remark = say("Nearly all values differ; type to search")
            self._show()
            return
        names = list(answer.columns)
        values, labels, counts = answer.columns[names[0]], answer.columns[names[-2]], answer.columns[_COUNT]
        more = len(values) > MOST
        write, number = self._column.write, writer("integer", "#,##0")
        self._values = list(values[:MOST])
        self._texts = [
            (_text(write, value, label), number(count))
            for value, label, count in zip(self._values, labels, counts, strict=False)
        ]
        self._remark = say("…and more; type to search") if more else "" if values else say("No such value")
        self._show()

    def _show(self) -> None:
        row = self.checks.currentIndex().row()
        entries: list[tuple[Any, str, str, bool]] = []
        if self._values and not self.search.text().strip():
            entries.append((-1, say(EVERYTHING), "", self.choice.is_everything))
        for index, (text, count) in enumerate(self._texts):
            entries.append((index, text, count, self.choice.has(self._values[index])))
        self.checks.fill(entries, self._remark)
        if 0 < row < len(entries):
            self.checks.setCurrentIndex(self.checks.rows.index(row, 0))
        self._show_buttons()

    def _show_buttons(self) -> None:
        self.apply_button.setEnabled(bool(self.choice.values) or not self.choice.is_only)
        self.clear_button.setEnabled(self.grid.is_filtered(self._column) or not self.choice.is_everything)

    # -- choosing -------------------------------------------------------------------------------------------------

    def _toggle(self, index: int, is_checked: bool) -> None:
        if index < 0:
            self.choice = Choice(is_only=not is_checked)
        else:
            self.choice = self.choice.toggled(self._values[index])
        # Not now, while the item's own change is told.
        QTimer.singleShot(0, self, self._show)

    def _enter(self) -> None:
        """Return in the search box: just what was found, where something is searched for."""
        if self._timer.isActive() or self._aside.is_busy:
            return
        if self.search.text().strip() and self._values:
            self.choice = Choice(tuple(self._values), is_only=True)
        self.apply()

    def _only_this(self) -> None:
        item = self.checks.rows.itemFromIndex(self.checks.currentIndex())
        index = item.data(VALUE) if item is not None else None
        if index is not None and index >= 0:
            self.choice = Choice((self._values[index],), is_only=True)
            self.apply()

    def _clear(self) -> None:
        self.choice = Choice()
        self.apply()

    def apply(self) -> None:
        """Filter by what is chosen, and close."""
        if not self.apply_button.isEnabled() and self.choice.is_only and not self.choice.values:
            return
        try:
            filter_by(self.grid, self._column, self.choice)
        except EspalierError as error:
            self.hint.setText(say_again(error.message))
            return
        self.close_panel()

    def end(self) -> None:
        """Stop counting."""
        self._aside.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Keys of the list; letters go to the search box."""
        if watched is not self.checks or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key, is_ctrl = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._only_this() if is_ctrl else self.apply()
        elif key == Qt.Key.Key_Space:
            self.checks.toggle_current()
        elif event.text().strip() and event.text().isprintable() and not is_ctrl:
            self.search.setFocus()
            self.search.insert(event.text())
        else:
            return False
        return True


def _value_group(column: GridColumn) -> str:
    """What the values are grouped by: a path, or the formula's text."""
    return column.path or value_name(column)


def _text(write: Any, value: Any, label: Any) -> str:
    if value is None:
        return "(empty)"
    if value == "":
        return say("(empty text)")
    text = write(value if label in (None, "") else label)
    return " ".join(text[:200].split()) or repr(value)[:200]


def open_values(grid: Grid) -> None:
    """Show the list for the current column; a second time closes it."""
    if isinstance(grid.panel, ValueList):
        grid.panel.close_panel()
        return
    values = ValueList(grid, grid.columns[grid.current.column])
    values.open(values.search)
