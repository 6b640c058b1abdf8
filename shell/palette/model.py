"""The lines of the palette as a Qt list model, for the view and for screen readers."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt

from shell.palette.delegate import FOUND
from shell.palette.item import Found


class Lines(QAbstractListModel):
    """What was found, best first."""

    def __init__(self, parent) -> None:
        super().__init__(parent)
        self.found: list[Found] = []

    def show(self, found: list[Found]) -> None:
        """Replace all lines."""
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def append(self, found: list[Found]) -> None:
        """Add lines below; those that are there stay as they are."""
        count = len(self.found)
        self.beginInsertRows(QModelIndex(), count, count + len(found) - 1)
        self.found = [*self.found, *found]
        self.endInsertRows()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """How many lines."""
        return len(self.found)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The title, the sentence for screen readers, and the whole :class:`Found`."""
        found = self.found[index.row()]
        if role == FOUND:
            return found
        if role == Qt.ItemDataRole.DisplayRole:
            return found.item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            item = found.item
            return ", ".join(part for part in (item.title, item.detail, item.section, item.key, item.reason) if part)
        return None
