"""A person's own filters of a view, by name: to use, to keep and to delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QPushButton

from kernel.words import say
from widgets.grid.kept_filter import KeptFilter, in_force, packed, unpacked, use, words
from widgets.grid.panel import Panel
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Size of the card in pixels at 100 %, characters of a name.
WIDTH, HEIGHT, LONGEST = 340, 340, 80


def memory_name(grid: Grid) -> str:
    """What the window's memory calls the filters of the view."""
    return f"filters:{grid.id or f'{grid.node.where.file}:{grid.node.where.line}'}"


def recall_filters(grid: Grid) -> dict[str, KeptFilter]:
    """Name → filter; nothing of what cannot be read."""
    kept = grid.context.recall(memory_name(grid))
    pairs = kept.items() if isinstance(kept, dict) else ()
    read = {name: unpacked(data) for name, data in pairs if isinstance(name, str)}
    return {name: one for name, one in read.items() if one is not None}


class SavedFilters(Panel):
    """The card. Return or a click uses a filter, Delete deletes it; the box below keeps the one in force."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid, say("Saved filters"), WIDTH, HEIGHT)
        theme = grid.context.theme
        self.list = QListWidget(self)
        self.list.setAccessibleName(say("Saved filters"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.itemClicked.connect(lambda _item: self.use_current())
        self.list.installEventFilter(self)
        self.column.addWidget(self.list, 1)
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        self.hint.setFont(theme.font("caption"))
        tint(self.hint, theme, "color: ${muted}")
        self.column.addWidget(self.hint)
        line = QHBoxLayout()
        self.name = QLineEdit(self)
        self.name.setMaxLength(LONGEST)
        self.name.setPlaceholderText(say("Name for the filter in force"))
        self.name.setAccessibleName(say("Name for the filter in force"))
        self.name.returnPressed.connect(self.keep)
        self.button = QPushButton(say("Save"), self)
        self.button.clicked.connect(self.keep)
        line.addWidget(self.name, 1)
        line.addWidget(self.button)
        self.column.addLayout(line)
        self._fill()

    def use_current(self) -> None:
        """Filter by the chosen one."""
        item = self.list.currentItem()
        if item is None or not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        kept = recall_filters(self.grid)[item.data(Qt.ItemDataRole.UserRole)]
        self.close_panel()
        use(self.grid, kept)

    def keep(self) -> None:
        """Save the filter in force by the name that was typed; one of that name is replaced."""
        name, kept = self.name.text().strip(), in_force(self.grid)
        if not name or not kept:
            self.hint.setText(say("Type a name first.") if kept else say("There is no filter in force."))
            return
        self._remember({**recall_filters(self.grid), name: kept})
        self.name.clear()
        self._fill()

    def delete_current(self) -> None:
        """Delete the chosen one."""
        item = self.list.currentItem()
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            kept = recall_filters(self.grid)
            kept.pop(item.data(Qt.ItemDataRole.UserRole), None)
            self._remember(kept)
            self._fill()

    def _remember(self, kept: dict[str, KeptFilter]) -> None:
        data = {name: packed(one) for name, one in kept.items()}
        self.grid.context.remember(memory_name(self.grid), data or None)

    def _fill(self) -> None:
        self.list.clear()
        for name, kept in sorted(recall_filters(self.grid).items(), key=lambda pair: pair[0].casefold()):
            text = words(self.grid, kept)
            item = QListWidgetItem(f"{name}  —  {text}")
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(text)
            self.list.addItem(item)
        if not self.list.count():
            item = QListWidgetItem(say("None yet"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        now = in_force(self.grid)
        self.hint.setText(
            say("In force: {words}", words=words(self.grid, now))
            if now
            else say("Filter first, then save it here by a name.")
        )
        self.button.setEnabled(bool(now))
        self.name.setEnabled(bool(now))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Return uses, Delete deletes."""
        if watched is self.list and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.use_current()
                return True
            if event.key() == Qt.Key.Key_Delete:
                self.delete_current()
                return True
            return False
        return super().eventFilter(watched, event)


def open_saved(grid: Grid) -> None:
    """Show the card."""
    panel = SavedFilters(grid)
    is_empty = not recall_filters(grid) and panel.name.isEnabled()
    panel.open(panel.name if is_empty else panel.list)
