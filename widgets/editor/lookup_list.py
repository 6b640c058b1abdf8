"""The list below a lookup: the rows found, the key quietly at the end of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QListView

from kernel.words import say

if TYPE_CHECKING:
    from widgets.editor.lookup import LookupEditor

#: Rows shown without scrolling.
SHOWN = 10


class LookupList(QListView):
    """A list that never takes the focus: the line above goes on receiving the keys."""

    picked = Signal(int)

    def __init__(self, editor: LookupEditor) -> None:
        super().__init__(editor)
        flags = Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint
        self.setWindowFlags(flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        # Square: a popup's window has no transparent corners everywhere.
        ground = editor.subject.context.theme.color("raised").name()
        self.setStyleSheet(f"QListView {{ border-radius: 0; background: {ground} }}")
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._editor = editor
        self._rows = QStandardItemModel(self)
        self.setModel(self._rows)
        self.setAccessibleName(say("Rows for {title}", title=editor.subject.title))
        self.clicked.connect(lambda index: self._pick(index.row()))
        editor.line.installEventFilter(self)

    def offer(self, found: list[tuple[Any, str]], note: str) -> None:
        """Show these rows, or the note when there is none."""
        self._rows.clear()
        for key, label in found:
            item = QStandardItem(label)
            item.setToolTip(str(key))
            self._rows.appendRow(item)
        if not found:
            item = QStandardItem(note)
            item.setEnabled(False)
            self._rows.appendRow(item)
        else:
            self.setCurrentIndex(self._rows.index(0, 0))
        height = max(self.sizeHintForRow(0), 24) * min(max(len(found), 1), SHOWN) + 2 * self.frameWidth() + 4
        self.resize(max(self._editor.width(), 260), height)
        self.move(self._editor.mapToGlobal(QPoint(0, self._editor.height() + 2)))
        self.show()

    def say(self, text: str) -> None:
        """Show only a note."""
        self.offer([], text)

    def handle_key(self, key: int) -> bool:
        """Down, Up, Page keys move; Return and Tab take; Escape closes. True = taken."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: SHOWN, Qt.Key.Key_PageUp: -SHOWN}
        row = self.currentIndex().row()
        if key in steps:
            last = self._rows.rowCount() - 1
            self.setCurrentIndex(self._rows.index(min(max(row + steps[key], 0), last), 0))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self._pick(row)
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True

    def _pick(self, row: int) -> None:
        item = self._rows.item(row)
        if item is not None and item.isEnabled():
            self.picked.emit(row)

    def eventFilter(self, watched: Any, event: Any) -> bool:  # Qt's name
        """Leaving the line closes the list."""
        if event.type() in (event.Type.FocusOut, event.Type.Hide):
            self.hide()
        return False
