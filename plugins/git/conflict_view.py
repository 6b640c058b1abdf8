"""The kind ``git-conflict``: both sides of a merge, what they began from, and the result; keys decide conflicts."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QTextEdit, QWidget

from plugins.api import Context, EspalierError, Node, Query, StateView, Update, mark, say

#: Side → where its text stands (row, column), and what it is called.
SIDES = {
    "ours": (0, 0, mark("Ours")),
    "base": (0, 1, mark("Base")),
    "theirs": (0, 2, mark("Theirs")),
    "result": (2, 0, mark("Result")),
}
#: Pieces that are read; a file with more shows its first ones.
_MOST = 5_000
_GATHER_MS = 40


class ConflictView(QWidget):
    """The pieces of a file, from a table like ``pieces`` that is narrowed to it.

    Attributes:
        panes: Side → its text.
        current: Which conflict keys decide, an index of :attr:`conflicts`; -1 for none.
        conflicts: Keys of the pieces that are not decided yet.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context, theme = context, context.theme
        handle = context.tables.get(str(node.get("table")))
        if handle is None:
            raise EspalierError(say("there is no table {name!r}", name=node.get("table")), where=node.where)
        self._handle = handle
        self._cancel: Any = None
        self.conflicts: list[tuple[Any, ...]] = []
        self.current = -1
        #: Side → first line and count of lines of each conflict.
        self._places: dict[str, list[tuple[int, int]]] = {side: [] for side in SIDES}
        self.panes = {side: QPlainTextEdit(self) for side in SIDES}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.space("tight"))
        for side, (row, column, title) in SIDES.items():
            self._add(grid, side, row, column, say(title))
        for row, stretch in ((1, 2), (3, 3)):
            grid.setRowStretch(row, stretch)
        self._note = StateView(self, theme)
        self._note.hide()
        self.setFocusProxy(self.panes["result"])
        self._soon = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._soon.timeout.connect(self._read)
        handle.changed.connect(lambda _change: self._soon.start())
        handle.schema_changed.connect(self._soon.start)
        handle.base_changed.connect(self._begin)
        theme.changed.connect(self._mark)
        self._soon.start()

    def _add(self, grid: QGridLayout, side: str, row: int, column: int, title: str) -> None:
        pane, label, theme = self.panes[side], QLabel(title, self), self._context.theme
        label.setFont(theme.font("caption"))
        label.setBuddy(pane)
        pane.setReadOnly(True)
        pane.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        pane.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        pane.setFont(theme.font("mono"))
        pane.setAccessibleName(title)
        span = 3 if side == "result" else 1
        grid.addWidget(label, row, column, 1, span)
        grid.addWidget(pane, row + 1, column, 1, span)

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """The note takes all of it."""
        super().resizeEvent(event)
        self._note.setGeometry(self.rect())

    def set_title(self, title: str) -> None:
        """What it is called."""
        self.setAccessibleName(title or say("Conflict"))

    # -- what commands do -----------------------------------------------------------------------------------------

    def step(self, step: int) -> None:
        """Go to the next or the previous conflict, round and round."""
        if self.conflicts:
            self.current = (self.current + step) % len(self.conflicts)
            self._mark()

    def take(self, take: str) -> None:
        """Decide the current conflict."""
        if 0 <= self.current < len(self.conflicts):
            change = Update(self.conflicts[self.current], "", {"take": take})
            self._handle.commit([change], self._take_written, say("Decide a conflict"))

    def _take_written(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self._context.reporter.report("error", str(answer))
        self._soon.start()

    # -- what is told ---------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Another file."""
        self.current = -1
        self._soon.start()

    def _read(self) -> None:
        if self._handle.schema is None:
            return
        if self._cancel is not None:
            self._cancel()
        self._cancel = self._handle.fetch(self._handle.merge(Query()), 0, _MOST, self._show)

    def _show(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self._note.say("error", say("The conflict cannot be shown"), str(answer), tone="error")
            self._note.show()
            return
        columns = answer.columns
        self.conflicts = [key for key, is_one in zip(answer.keys, columns["is_conflict"], strict=True) if is_one]
        self._note.setVisible(not len(answer.keys))
        if not len(answer.keys):
            self._note.say("check", say("No conflict"))
        for side in SIDES:
            self._fill(side, columns)
        self.current = min(max(self.current, 0), len(self.conflicts) - 1)
        self._mark()

    def _fill(self, side: str, columns: Any) -> None:
        """Write one pane; of the result what is not decided is both sides, marked."""
        parts: list[str] = []
        places, line = [], 0
        for place, is_conflict in enumerate(columns["is_conflict"]):
            sides = ("ours", "theirs") if side == "result" and is_conflict else (side if side != "result" else "ours",)
            text = "".join(columns[one][place] or "" for one in sides)
            count = text.count("\n") + (not text.endswith("\n") if text else 0)
            if is_conflict:
                places.append((line, count))
            parts.append(text)
            line += count
        self._places[side] = places
        pane, text = self.panes[side], "".join(parts)
        if pane.toPlainText() != text:
            pane.setPlainText(text)

    def _mark(self) -> None:
        """Colour the conflicts, and show the current one in every pane."""
        theme = self._context.theme
        for side, pane in self.panes.items():
            marks = []
            for place, (line, count) in enumerate(self._places[side]):
                ground = theme.color("selection" if place == self.current else "hover")
                marks += [_line_mark(pane, at, ground) for at in range(line, line + count)]
            pane.setExtraSelections(marks)
            if 0 <= self.current < len(self._places[side]):
                block = pane.document().findBlockByNumber(self._places[side][self.current][0])
                pane.setTextCursor(QTextCursor(block))
                pane.centerCursor()


def _line_mark(pane: QPlainTextEdit, line: int, ground: QColor) -> QTextEdit.ExtraSelection:
    look = QTextCharFormat()
    look.setBackground(ground)
    look.setProperty(QTextFormat.Property.FullWidthSelection, True)
    found = QTextEdit.ExtraSelection()
    found.cursor = QTextCursor(pane.document().findBlockByNumber(line))
    found.format = look
    return found
