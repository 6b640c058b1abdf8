"""The list below a line that completes what is typed; the line keeps the focus and goes on taking the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kernel.words import say
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from kernel.expression.completion import Item
    from widgets.theme import Theme

#: Lines shown without scrolling, and the list's width in pixels at 100 %.
SHOWN, WIDTH = 9, 380
#: Kind of an offer → icon.
ICONS = {
    "column": "columns", "function": "code", "operator": "settings", "word": "tag", "value": "list",
    "command": "command", "table": "table",
}  # fmt: skip
_DOC = Qt.ItemDataRole.UserRole


class _Delegate(QStyledItemDelegate):
    """What is inserted, and quietly what it means."""

    def __init__(self, theme: Theme, parent: Any) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:  # Qt's name
        """One line."""
        return QSize(80, self._theme.height("row") - 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        """See the class."""
        theme, style = self._theme, option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        side, box = theme.icon_size("small"), QRect(option.rect).adjusted(8, 0, -8, 0)
        index.data(Qt.ItemDataRole.DecorationRole).paint(painter, QRect(box.left(), box.top(), side, box.height()))
        box.setLeft(box.left() + side + 8)
        metrics, text = option.fontMetrics, index.data()
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(theme.color("selection-text" if is_chosen else "text"))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
        left = metrics.horizontalAdvance(shown) + 16
        if box.width() - left > 40 and (doc := index.data(_DOC)):
            painter.setPen(theme.color("muted"))
            rest = box.adjusted(left, 0, 0, 0)
            cut = metrics.elidedText(doc, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, cut)


class CompletionList(QListView):
    """A child of the window. ``picked`` with the chosen offer's place in the list."""

    picked = Signal(int)

    def __init__(self, line: QLineEdit, theme: Theme) -> None:
        super().__init__(line.window())
        self._line, self._theme = line, theme
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        tint(self, theme, "QListView { background: ${raised}; border-color: ${border} }")
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(say("Completions"))
        self._rows = QStandardItemModel(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(theme, self))
        self.clicked.connect(lambda index: self.picked.emit(index.row()))
        line.destroyed.connect(self.deleteLater)
        self.hide()

    def offer(self, items: tuple[Item, ...], at: int) -> None:
        """Show the offers below the character at ``at``; hide when there are none."""
        self._rows.clear()
        for item in items:
            row = QStandardItem(item.text)
            row.setIcon(self._theme.icon(ICONS[item.kind], "muted"))
            row.setData(item.doc, _DOC)
            self._rows.appendRow(row)
        if not items:
            self.hide()
            return
        self.setCurrentIndex(self._rows.index(0, 0))
        scale = max(self._theme.font("body").pixelSize() / self._theme.tokens.smallest_body, 1)
        room = self.parentWidget().rect()
        height = (self._theme.height("row") - 4) * min(len(items), SHOWN) + 12
        self.resize(min(round(WIDTH * scale), room.width() - 8), min(height, room.height() - 8))
        before = self._line.fontMetrics().horizontalAdvance(self._line.text()[:at])
        place = self._line.mapTo(self.window(), QPoint(min(before, self._line.width() - 40), self._line.height() + 2))
        if place.y() + self.height() > room.height() - 4:  # the line stands at the bottom: above it
            place.setY(max(place.y() - self._line.height() - self.height() - 4, 4))
        self.move(min(place.x(), room.width() - self.width() - 4), place.y())
        self.show()
        self.raise_()

    def handle_key(self, key: int) -> bool:
        """Up, Down and Page keys move, Return and Tab take, Escape closes; True when it was one of them."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: SHOWN, Qt.Key.Key_PageUp: -SHOWN}
        row = self.currentIndex().row()
        if self.isHidden():
            return False
        if key in steps:
            last = self._rows.rowCount() - 1
            self.setCurrentIndex(self._rows.index(min(max(row + steps[key], 0), last), 0))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) and row >= 0:
            self.picked.emit(row)
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True
