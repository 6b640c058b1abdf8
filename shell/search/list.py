"""The list of hits: keys and the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from kernel.words import say
from shell.search.delegate import HitDelegate
from shell.search.model import Hits, Line
from widgets.theme import Theme

_OWN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Escape)


class HitList(QListView):
    """Return goes to a place, Delete takes it out, Left and Right close and open a file.

    Signals:
        chosen: A line is gone to.
        taken_out: A line was taken out.
        left_above: Up was pressed in the first line.
    """

    chosen = Signal(object)
    taken_out = Signal()
    left_above = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._said = theme, ("", "muted")
        self.hits = Hits(self)
        self.setModel(self.hits)
        self.setItemDelegate(HitDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(say("Places that were found"))

    def say(self, text: str, tone: str) -> None:
        """Say that in the place of lines, while there are none."""
        self._said = text, tone
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The lines, or what is said in their place."""
        super().paintEvent(event)
        text, tone = self._said
        if text and not self.hits.lines:
            space, painter = self._theme.space("wide"), QPainter(self.viewport())
            painter.setPen(self._theme.color(tone))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(space, space, -space, -space), wrapped, text)

    def line(self) -> Line | None:
        """The current line."""
        row = self.currentIndex().row()
        return self.hits.lines[row] if 0 <= row < len(self.hits.lines) else None

    def row(self) -> int:
        """The current line's number, -1 for none."""
        return self.currentIndex().row()

    def go(self, row: int) -> None:
        """Make a line the current one, and bring it into sight."""
        self.setCurrentIndex(self.hits.index(row))
        self.scrollTo(self.hits.index(row))

    def step(self, step: int) -> bool:
        """Go to the next or previous place, opening the files between; from the end on to the beginning."""
        count, row = len(self.hits.lines), self.row()
        at = row if row >= 0 else (-1 if step > 0 else count)
        for _ in range(2 * count + 2):
            at += step
            if not 0 <= at < len(self.hits.lines):
                at = 0 if step > 0 else len(self.hits.lines) - 1
            if not self.hits.lines:
                return False
            line = self.hits.lines[at]
            if line.hit is None and line.file.is_folded:
                self.hits.fold(at, False)
                at = at + len(line.file.hits) if step < 0 else at
                line = self.hits.lines[at]
            if line.hit is not None:
                self.go(at)
                return True
        return False

    def take_out(self) -> None:
        """Leave the current place, or file, as it is."""
        row = self.row()
        if row >= 0:
            self.hits.take_out(row)
            if self.hits.lines:
                self.go(min(row, len(self.hits.lines) - 1))
            self.taken_out.emit()

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Its keys are its own, whatever the window has them for."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() in _OWN and not _is_held(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """See the class; Escape is for whoever holds the list."""
        key, line = event.key(), self.line()
        if _is_held(event) or line is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(line)
        elif key == Qt.Key.Key_Delete:
            self.take_out()
        elif key == Qt.Key.Key_Left and (line.hit is not None or line.file.is_folded):
            self.go(next(at for at in range(self.row(), -1, -1) if self.hits.lines[at].hit is None))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.hits.fold(self.row(), key == Qt.Key.Key_Left)
        elif key == Qt.Key.Key_Up and self.row() == 0:
            self.left_above.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """A click goes to a place, and opens or closes a file."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._click(index)

    def _click(self, index: QModelIndex) -> None:
        line = self.hits.lines[index.row()]
        if line.hit is None:
            self.hits.fold(index.row(), not line.file.is_folded)
        else:
            self.chosen.emit(line)


def _is_held(event: QEvent) -> bool:
    """Whether a key comes with Ctrl, Alt or Shift, and so belongs to others."""
    return bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)  # type: ignore[attr-defined]
