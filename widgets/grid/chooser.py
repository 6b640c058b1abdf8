"""The list of a grid's columns: check to show, uncheck to hide; the grid follows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from kernel.tables.schema import title_of
from kernel.words import say
from widgets.grid.check_list import CheckList, SearchLine
from widgets.grid.panel import Panel

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Size of the card, and of a line of the list, in pixels at 100 %.
WIDTH, HEIGHT, ROW = 300, 460, 30


class Chooser(Panel):
    """The card. Space or Return checks, typing searches, Alt with Up or Down moves the column."""

    def __init__(self, grid: Grid) -> None:
        rows = len(grid.arrangement.all) * (ROW - 2)
        super().__init__(grid, say("Columns"), WIDTH, min(HEIGHT, rows + 140))
        theme = grid.context.theme
        self.checks = CheckList(theme, self)
        self.checks.setAccessibleName(say("Columns"))
        self.search = SearchLine(self.checks, say("Search columns"), self)
        self.search.textChanged.connect(self._fill)
        self.search.entered.connect(self.checks.toggle_current)
        self.checks.toggled.connect(self._toggle)
        self.checks.installEventFilter(self)
        self.column.addWidget(self.search)
        self.column.addWidget(self.checks, 1)
        buttons = QHBoxLayout()
        self.everything = QPushButton(say("Show all"), self)
        self.everything.clicked.connect(self._show_all)
        self.reset = QPushButton(say("Reset"), self)
        self.reset.setToolTip(say("Order, widths, hidden and frozen columns as the layout has them"))
        self.reset.clicked.connect(self._reset)
        for button in (self.everything, self.reset):
            button.setProperty("emphasis", "quiet")
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.column.addLayout(buttons)
        self._fill()

    def _fill(self, _text: str = "") -> None:
        arrangement, wanted = self.grid.arrangement, self.search.text().strip().casefold()
        entries = [
            (column.id, column.label or column.id, _note(column), not arrangement.is_hidden(column))
            for column in arrangement.ordered()
            if wanted in column.label.casefold() or wanted in column.path.casefold()
        ]
        row = self.checks.currentIndex().row()
        self.checks.fill(entries, "" if entries else say("No column is called like that"))
        self.everything.setEnabled(len(self.grid.columns) < len(arrangement.all))
        if 0 <= row < len(entries):
            self.checks.setCurrentIndex(self.checks.rows.index(row, 0))

    def _toggle(self, name: str, is_shown: bool) -> None:
        shown = [column.id for column in self.grid.columns if column.id != name]
        self.grid.arrangement.show_only([*shown, name] if is_shown else shown)
        # The last one stays, and is checked again; not now, while its own change is told.
        QTimer.singleShot(0, self, self._fill)

    def _show_all(self) -> None:
        self.grid.arrangement.show_only(self.grid.arrangement.ids)
        self._fill()

    def _reset(self) -> None:
        self.grid.arrangement.reset()
        self._fill()

    def _step(self, step: int) -> None:
        """Move the column that the person is at, among the shown ones."""
        arrangement, item = self.grid.arrangement, self.checks.rows.itemFromIndex(self.checks.currentIndex())
        name = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        at = next((index for index, column in enumerate(self.grid.columns) if column.id == name), -1)
        if at >= 0:
            arrangement.move(at, at + step)
            self._fill()
            for row in range(self.checks.rows.rowCount()):
                if self.checks.rows.item(row).data(Qt.ItemDataRole.UserRole) == name:
                    self.checks.setCurrentIndex(self.checks.rows.index(row, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Keys of the list; letters go to the search box."""
        if watched is not self.checks or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key, is_alt = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if is_alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.checks.toggle_current()
        elif event.text().strip() and event.text().isprintable() and not is_alt:
            self.search.setFocus()
            self.search.insert(event.text())
        else:
            return False
        return True


def _note(column: Any) -> str:
    """The path where the heading does not say it."""
    return "" if not column.path or title_of(column.path).casefold() == column.label.casefold() else column.path


def open_chooser(grid: Grid) -> None:
    """Show it; a second time closes it."""
    if isinstance(grid.panel, Chooser):
        grid.panel.close_panel()
        return
    chooser = Chooser(grid)
    chooser.open(chooser.search)
