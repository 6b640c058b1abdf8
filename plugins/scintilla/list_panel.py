"""A list below the text: places that are gone to, problems, symbols, files of a change, lines of a log.

Return goes where a row leads, Escape closes the list and goes back into the text. What has columns is a table, sorted
and filtered as any other; what has rows within rows, or is only read, is a tree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from plugins.api import say, tint

if TYPE_CHECKING:
    from plugins.api import RowsTable, Schema
    from plugins.scintilla.editor import Editor

#: Rows that are shown at most; the list's greatest height at 100 %, in pixels.
MOST, HEIGHT = 5_000, 240
_RUN, _KEY = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class Row(NamedTuple):
    """One row.

    Attributes:
        text: What it says.
        detail: Where it leads, or what it is.
        icon: An icon's name and its colour; empty for none.
        run: Goes there.
        inside: Rows within it.
        key: Of a row that can be taken or left, what it is called; empty for rows without a box.
    """

    text: str
    detail: str = ""
    icon: tuple[str, str] = ("", "")
    run: Callable[[], Any] | None = None
    inside: Sequence[Row] = ()
    key: str = ""


class TableRow(NamedTuple):
    """One row of a table.

    Attributes:
        values: Column → value.
        run: Goes there.
    """

    values: dict[str, Any]
    run: Callable[[], Any]


class Table(NamedTuple):
    """What a table has.

    Attributes:
        schema: Its columns; the first one is the key, a text that is not shown, ``place`` the order at first.
        widths: Shown column → its width in pixels at 100 %.
        empty: What is said while there is no row.
    """

    schema: Schema
    widths: dict[str, int]
    empty: str


class _Tree(QTreeWidget):
    """The rows; its keys are the panel's."""

    def __init__(self, panel: ListPanel) -> None:
        super().__init__(panel)
        self._panel = panel

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Return and Escape are the panel's, whatever the window has them for."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Return goes there, Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self._panel.close_list()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._panel.go()
        else:
            super().keyPressEvent(event)


class ListPanel(QWidget):
    """The list of one editor, whatever file that shows; used again and again.

    Attributes:
        tree: The rows of what is no table.
        table: The table that is shown; None while none is.
        subject: What is shown now (``problems``), so that news of it can come in; empty for what stays as it is.
    """

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor, self._theme, self.subject = editor, editor.context.theme, ""
        self.table: RowsTable | None = None
        self._tables: dict[str, RowsTable] = {}
        self._runs: dict[str, Callable[[], Any]] = {}
        self._action: Callable[[set[str]], Any] | None = None
        #: Who is told when the rows go and nothing was done with them.
        self._leaving: list[Callable[[], Any]] = []
        leaving = self._leaving
        self.destroyed.connect(lambda *_: _leave(leaving))
        theme = self._theme
        self.title = QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.act = QPushButton(self)
        self.act.clicked.connect(self._act)
        self.shut = QToolButton(self)
        self.shut.setAutoRaise(True)
        self.shut.setToolTip(say("Close (Escape)"))
        self.shut.setAccessibleName(say("Close (Escape)"))
        self.shut.clicked.connect(self.close_list)
        self.tree = _Tree(self)
        self.tree.setHeaderHidden(True)
        self.tree.setColumnCount(2)
        self.tree.setUniformRowHeights(True)
        self.tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.itemActivated.connect(lambda *_: self.go())
        self.tree.itemClicked.connect(self._click)
        head = QHBoxLayout()
        head.setContentsMargins(theme.space("normal"), theme.space("tight"), theme.space("tight"), 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.act)
        head.addWidget(self.shut)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space("tight"))
        column.addLayout(head)
        column.addWidget(self.tree)
        self._column = column
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_rows(
        self, title: str, rows: Sequence[Row], *, subject: str = "", action: str = "",
        act: Callable[[set[str]], Any] | None = None, left: Callable[[], Any] | None = None, takes_focus: bool = True,
    ) -> None:  # fmt: skip
        """Show other rows.

        Args:
            title: What they are.
            subject: See the class.
            action: What the button says; empty for none.
            act: What it does, with the keys of the rows that are taken.
            left: Called when the rows go and it was not pressed.
        """
        _leave(self._leaving)
        self._leaving += [left] if left is not None else []
        self._show_table(None)
        self.subject, self._action = subject, act
        self.title.setText(title)
        self.tree.setAccessibleName(title)
        self.act.setVisible(bool(action))
        self.act.setText(action)
        self.tree.clear()
        left = [MOST]
        self.tree.addTopLevelItems([self._item(row, left) for row in rows[:MOST]])
        self.tree.expandAll()
        self.tree.setRootIsDecorated(any(row.inside for row in rows))
        count = MOST - left[0]
        height = self._theme.length(HEIGHT)
        room = max(self._editor.height() // 2, self._theme.length(80))
        self.tree.setFixedHeight(min(height, room, (self.tree.sizeHintForRow(0) or 20) * max(count, 2) + 6))
        self.show()
        first = self.tree.topLevelItem(0)
        while first is not None and first.data(0, _RUN) is None and first.childCount():
            first = first.child(0)
        self.tree.setCurrentItem(first) if first is not None else None
        if takes_focus:
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_table(
        self, title: str, table: Table, rows: Sequence[TableRow], *, subject: str = "", takes_focus: bool = True
    ) -> None:
        """Show rows as a table; of one that is shown already only what is other changes.

        The person stays where they are in it.

        Args:
            title: What they are.
            subject: See the class.
        """
        _leave(self._leaving)
        self.subject, self._action = subject, None
        self.title.setText(title)
        self.act.hide()
        found = self._tables.get(table.schema.name)
        if found is None:
            from plugins.api import RowsTable

            found = RowsTable(self._editor.context, table.schema, table.widths, self, sort="place", empty=table.empty,
                              run=lambda key: self._runs[key](), left=self.close_list)  # fmt: skip
            self._tables[table.schema.name] = found
            self._column.addWidget(found)
        found.setAccessibleName(title)
        some = {f"{number} {row.values}": row for number, row in _numbered(rows[:MOST])}
        self._runs = {key: row.run for key, row in some.items()}
        found.show_rows({key: {**row.values, "place": place} for place, (key, row) in enumerate(some.items())})
        most = min(self._theme.length(HEIGHT), max(self._editor.height() // 2, self._theme.length(80)))
        found.setFixedHeight(min(most, found.look.header_height + found.look.row_height * max(len(some), 2) + 4))
        self._show_table(found)
        self.show()
        if takes_focus:
            found.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_table(self, table: RowsTable | None) -> None:
        """Show a table, or the tree."""
        self.table = table
        self.tree.setVisible(table is None)
        for one in self._tables.values():
            one.setVisible(one is table)

    def texts(self) -> list[str]:
        """What the rows say, from above; for tests and screen readers of lists."""
        if self.table is not None:
            every = [str(value) for row in self.table.values.values() for value in row.values()]
            return every or [str(self.table.node.get("empty"))]
        found, items = [], [self.tree.topLevelItem(index) for index in range(self.tree.topLevelItemCount())]
        while items:
            item = items.pop(0)
            found.append(item.text(0))
            items[:0] = [item.child(index) for index in range(item.childCount())]
        return found

    def go(self) -> None:
        """Go where the current row leads."""
        item = self.tree.currentItem()
        run = item.data(0, _RUN) if item is not None else None
        if run is not None:
            run()

    def close_list(self) -> None:
        """Show nothing, and go back into the text."""
        _leave(self._leaving)
        self.subject = ""
        self.tree.clear()
        if self.table is not None:
            self.table.show_rows({})
        self._runs = {}
        self.hide()
        if self._editor.pane is not None:
            self._editor.pane.focus_code()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """A line above."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._theme.color("surface"))
        painter.fillRect(0, 0, self.width(), 1, self._theme.color("line"))

    def _item(self, row: Row, left: list[int]) -> QTreeWidgetItem:
        left[0] -= 1
        item = QTreeWidgetItem([row.text, row.detail])
        item.setToolTip(0, row.text)
        item.setForeground(1, self._theme.color("muted"))
        item.setData(0, _RUN, row.run)
        if row.icon[0]:
            item.setIcon(0, self._theme.icon(*row.icon))
        if row.key:
            item.setData(0, _KEY, row.key)
            item.setCheckState(0, Qt.CheckState.Checked)
        for one in row.inside:
            if left[0] > 0:
                item.addChild(self._item(one, left))
        return item

    def _click(self, item: QTreeWidgetItem, _column: int) -> None:
        run = item.data(0, _RUN)
        if run is not None:
            run()

    def _act(self) -> None:
        act, items = self._action, [self.tree.topLevelItem(index) for index in range(self.tree.topLevelItemCount())]
        self._leaving.clear()
        taken = {item.data(0, _KEY) for item in items if item.checkState(0) == Qt.CheckState.Checked}
        self.close_list()
        if act is not None:
            act(taken)

    def _dress(self) -> None:
        theme = self._theme
        self.title.setFont(theme.font("caption"))
        tint(self, theme, "QLabel { color: ${muted} } QTreeWidget { background: ${surface}; border: none }")
        side = theme.length(16)
        self.shut.setIcon(theme.icon("close", "muted"))
        self.shut.setIconSize(QSize(side, side))


def _numbered(rows: Sequence[TableRow]) -> list[tuple[int, TableRow]]:
    """Each row with how many like it came before."""
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        said = str(row.values)
        seen[said] = seen.get(said, -1) + 1
        found.append((seen[said], row))
    return found


def _leave(leaving: list[Callable[[], Any]]) -> None:
    """Tell them that nothing was done."""
    told, leaving[:] = list(leaving), []
    for one in told:
        one()
