"""The card with the bookmarks of a list: Return or a click goes to one, Delete takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem

from kernel.words import mark, say
from widgets.grid.bookmark import begin, go
from widgets.grid.panel import Panel
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Size of the card in pixels at 100 %, and the hints at its foot.
WIDTH, HEIGHT = 340, 320
HINT, NONE_YET = mark("Return goes there · Delete takes the mark away"), mark("Ctrl+B marks the current row.")


class BookmarkList(Panel):
    """The card."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid, say("Bookmarks"), WIDTH, HEIGHT)
        theme = grid.context.theme
        self.list = QListWidget(self)
        self.list.setAccessibleName(say("Bookmarks"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.itemClicked.connect(lambda _item: self.use_current())
        self.list.installEventFilter(self)
        self.hint = QLabel(self)
        self.hint.setFont(theme.font("caption"))
        tint(self.hint, theme, "color: ${muted}")
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.hint)
        self._keys = list(grid.bookmarks.rows)
        self._fill()

    def use_current(self) -> None:
        """Go to the chosen one."""
        if self._keys:
            key = self._keys[self.list.currentRow()]
            self.close_panel()
            go(self.grid, key)

    def delete_current(self) -> None:
        """Take the chosen one away."""
        if self._keys:
            row = self.list.currentRow()
            self.grid.bookmarks.drop(self._keys.pop(row))
            self._fill()
            self.list.setCurrentRow(min(row, len(self._keys) - 1))

    def _fill(self) -> None:
        self.list.clear()
        for key in self._keys:
            name = self.grid.bookmarks.rows[key] or ", ".join(map(str, key))
            item = QListWidgetItem(name)
            item.setToolTip(name)
            self.list.addItem(item)
        if not self._keys:
            item = QListWidgetItem(say("None yet"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        here = self.grid.current_key
        self.list.setCurrentRow(self._keys.index(here) if here in self._keys else 0)
        self.hint.setText(say(HINT if self._keys else NONE_YET))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Return goes, Delete takes away."""
        if watched is not self.list or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.use_current()
            return True
        if event.key() == Qt.Key.Key_Delete:
            self.delete_current()
            return True
        return False


def open_bookmarks(grid: Grid) -> None:
    """Show the card."""
    if not grid.bookmarks:
        begin(grid)
    panel = BookmarkList(grid)
    panel.open(panel.list)
