"""The list of completions below the caret: sign, name, what it is; what is known of the chosen one stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from plugins.api import Completion, Theme, tint
from plugins.scintilla.look import color_of
from plugins.scintilla.sheet import Sheet

#: Rows that are shown at once; the narrowest and the widest list at 100 %, in pixels.
ROWS, NARROW, WIDE = 10, 180, 560
_Index = QModelIndex | QPersistentModelIndex
#: Kind → the letter that stands for it, and its colour.
SIGNS: dict[str, tuple[str, str]] = {
    "method": ("ƒ", "violet"), "function": ("ƒ", "violet"), "constructor": ("ƒ", "violet"),
    "field": ("∙", "teal"), "property": ("∙", "teal"), "member": ("∙", "teal"), "value": ("∙", "teal"),
    "variable": ("x", "blue"), "parameter": ("x", "blue"), "constant": ("x", "blue"), "reference": ("x", "blue"),
    "class": ("C", "amber"), "struct": ("C", "amber"), "interface": ("C", "amber"), "enum": ("C", "amber"),
    "module": ("M", "amber"), "file": ("M", "amber"), "folder": ("M", "amber"),
    "keyword": ("k", "pink"), "operator": ("k", "pink"), "snippet": ("…", "pink"), "event": ("!", "pink"),
}  # fmt: skip
_SHEET = (
    "#completions {{ background: ${{raised}}; border: 1px solid ${{line}}; border-radius: {radius}px }}"
    " QListView {{ background: transparent; border: none; outline: none }}"
)


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: Sequence[Completion] = ()

    def take(self, rows: Sequence[Completion]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 — Qt's name and default
        return len(self.rows)

    def data(self, index: _Index, role: int = 0) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            one = self.rows[index.row()]
            return ", ".join(filter(None, (name_of(one), one.kind, one.detail)))
        return None


class _Drawing(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # Qt's name
        return QSize(0, self._theme.length(22))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, one = self._theme, index.model().rows[index.row()]  # type: ignore[attr-defined]
        room: QRect = option.rect  # type: ignore[attr-defined]
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if is_chosen:
            painter.fillRect(room, theme.color("selection"))
        gap = theme.length(6)
        sign, tone = SIGNS.get(one.kind, ("", ""))
        column = QRect(room.left() + gap, room.top(), theme.length(14), room.height())
        mono, small = theme.font("mono"), theme.font("caption")
        middle = Qt.AlignmentFlag.AlignVCenter
        if sign:
            painter.setFont(mono)
            painter.setPen(color_of(theme, f"tag:{tone}"))
            painter.drawText(column, middle | Qt.AlignmentFlag.AlignHCenter, sign)
        left = column.right() + gap
        name = name_of(one)
        painter.setFont(mono)
        painter.setPen(theme.color("text"))
        width = min(QFontMetrics(mono).horizontalAdvance(name) + 2, room.right() - left - gap)
        shown = QFontMetrics(mono).elidedText(name, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(left, room.top(), width + 1, room.height()), middle, shown)
        rest = QRect(left + width + 3 * gap, room.top(), room.right() - left - width - 4 * gap, room.height())
        if one.detail and rest.width() > theme.length(30):
            painter.setFont(small)
            painter.setPen(theme.color("muted"))
            told = one.detail.split("\n", 1)[0]
            told = QFontMetrics(small).elidedText(told, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, middle | Qt.AlignmentFlag.AlignRight, told)


class CompletionList(QFrame):
    """The list. It never has the focus; the text's keys are brought to it."""

    def __init__(self, theme: Theme, window: QWidget, accept: Callable[[], None]) -> None:
        super().__init__(window)
        self._theme = theme
        self.setObjectName("completions")
        self.view = QListView(self)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setUniformItemSizes(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows = _Rows(self)
        self.view.setModel(self._rows)
        self.view.setItemDelegate(_Drawing(theme, self))
        self.view.selectionModel().currentChanged.connect(lambda *_: self._show_doc())
        self.view.clicked.connect(lambda _: accept())
        self.sheet = Sheet(theme, window)
        self.hide()

    @property
    def current(self) -> Completion | None:
        """The one that is chosen."""
        row = self.view.currentIndex().row()
        return self._rows.rows[row] if 0 <= row < len(self._rows.rows) else None

    @property
    def rows(self) -> Sequence[Completion]:
        """All that are in it."""
        return self._rows.rows

    def show_rows(self, rows: Sequence[Completion], at: QRect) -> None:
        """Show these below a place of the screen, or above it; the first one is chosen."""
        theme = self._theme
        tint(self, theme, _SHEET.format(radius=theme.length(6)))
        self._rows.take(rows)
        mono, small = QFontMetrics(theme.font("mono")), QFontMetrics(theme.font("caption"))
        widths = [
            mono.horizontalAdvance(name_of(one)[:80]) + small.horizontalAdvance(one.detail.split("\n", 1)[0][:60])
            for one in rows[:50]
        ]
        room = self.window().rect()
        width = min(max(theme.length(NARROW), max(widths) + theme.length(70)), theme.length(WIDE), room.width())
        height = theme.length(22) * min(len(rows), ROWS) + 2 * theme.length(3)
        corner = self.window().mapFromGlobal(QPoint(at.left(), at.bottom() + 2))
        if corner.y() + height > room.bottom():
            corner.setY(max(0, corner.y() - at.height() - 4 - height))
        self.setGeometry(max(0, min(corner.x(), room.right() - width)), corner.y(), width, height)
        inset = theme.length(3)
        self.view.setGeometry(self.rect().adjusted(1, inset, -1, -inset))
        self.show()
        self.raise_()
        self.view.setCurrentIndex(self._rows.index(0))
        self._show_doc()

    def step(self, step: int) -> None:
        """Choose another; from the last to the first and back."""
        count = len(self._rows.rows)
        row = self.view.currentIndex().row()
        row = (row + step) % count if abs(step) == 1 else min(max(row + step, 0), count - 1)
        self.view.setCurrentIndex(self._rows.index(row))

    def close_list(self) -> None:
        """Show none."""
        self.hide()
        self.sheet.hide()

    def _show_doc(self) -> None:
        """What is known of the chosen one; asked for where it is not there."""
        one = self.current
        if one is None or not self.isVisible():
            return
        if one.doc or one.more is None:
            self._show_text(one, one.doc)
            return
        self.sheet.hide()
        one.more(lambda text: self._show_text(one, text))

    def _show_text(self, one: Completion, text: str) -> None:
        if not text.strip() or one is not self.current or not self.isVisible():
            self.sheet.hide()
            return
        self.sheet.show_text(text, QRect(self.mapToGlobal(QPoint(0, 0)), self.size()), is_beside=True)


def name_of(one: Completion) -> str:
    """What the list calls it."""
    return one.label or one.text.split("\n", 1)[0]

