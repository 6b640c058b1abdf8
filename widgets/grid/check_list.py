"""A list of names with check boxes below a box to search in: what the lists of columns and of values are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QPainter, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

if TYPE_CHECKING:
    from widgets.theme import Theme

#: Where an item keeps what it stands for, and the note at its end.
VALUE, NOTE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class CheckDelegate(QStyledItemDelegate):
    """Draws an item's note, quietly, at the end of its line."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:  # Qt's name
        """As high as a row of a grid, without asking for the width of a long text."""
        return QSize(80, self._theme.height("row") - 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        """Ground by the style, box, text and note by hand, in the size of the letters."""
        theme, whole = self._theme, QRect(option.rect)
        plain = QStyleOptionViewItem(option)
        plain.index = index
        option.widget.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, plain, painter, option.widget)
        can_check = bool(index.flags() & Qt.ItemFlag.ItemIsUserCheckable)
        side, left = round(option.fontMetrics.height() * 0.9), whole.left() + 10
        if can_check:
            box = QRectF(left, whole.top() + (whole.height() - side) / 2, side, side)
            paint_check(painter, box, theme, index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value)
            left += side + 10
        note = index.data(NOTE) or ""
        width = option.fontMetrics.horizontalAdvance(note) + 20 if note else 8
        room = QRect(left, whole.top(), whole.right() - left - width, whole.height())
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setFont(option.font)
        painter.setPen(theme.color("muted" if not can_check else "selection-text" if is_chosen else "text"))
        text = option.fontMetrics.elidedText(index.data() or "", Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        if note:
            painter.setPen(theme.color("muted"))
            end = QRect(whole.right() - width, whole.top(), width - 8, whole.height())
            painter.drawText(end, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, note)


def paint_check(painter: QPainter, box: QRectF, theme: Theme, is_checked: bool) -> None:
    """A check box as the grid's cells have it, of any size."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("accent" if is_checked else "border"), 1))
    painter.setBrush(QBrush(theme.color("accent")) if is_checked else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), box.width() / 4, box.width() / 4)
    if is_checked:
        part = box.width() / 16
        style, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(theme.color("on-accent"), 2 * part, style, cap, join))
        points = ((4, 8.2), (7, 11), (12, 5.2))
        painter.drawPolyline([QPointF(box.left() + x * part, box.top() + y * part) for x, y in points])
    painter.restore()


class CheckList(QListView):
    """The list; ``toggled`` after the person checked or unchecked an item."""

    toggled = Signal(object, bool)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = QStandardItemModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(CheckDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._is_filling = False
        self.rows.itemChanged.connect(self._take_change)

    def fill(self, entries: list[tuple[Any, str, str, bool]], remark: str = "") -> None:
        """Show (value, text, note, is checked) of each entry, and a remark that cannot be chosen behind them."""
        self._is_filling = True
        self.rows.clear()
        for value, text, note, is_checked in entries:
            item = QStandardItem(text)
            item.setCheckable(True)
            item.setCheckState(Qt.CheckState.Checked if is_checked else Qt.CheckState.Unchecked)
            item.setData(value, VALUE)
            item.setData(note, NOTE)
            item.setToolTip(text if len(text) > 30 else "")
            item.setData(f"{text}, {note}" if note else text, Qt.ItemDataRole.AccessibleTextRole)
            self.rows.appendRow(item)
        if remark:
            item = QStandardItem(remark)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.rows.appendRow(item)
        self._is_filling = False
        if entries:
            self.setCurrentIndex(self.rows.index(0, 0))

    def toggle_current(self) -> None:
        """Check or uncheck the item that the person is at."""
        item = self.rows.itemFromIndex(self.currentIndex())
        if item is not None and item.isCheckable():
            is_on = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)

    def mousePressEvent(self, event: Any) -> None:  # Qt's name
        """A press anywhere on a line checks it, not only on its little box."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.setCurrentIndex(index)
            self.toggle_current()
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseReleaseEvent(self, event: Any) -> None:  # Qt's name
        """The press did it all."""

    def _take_change(self, item: QStandardItem) -> None:
        if not self._is_filling:
            self.toggled.emit(item.data(VALUE), item.checkState() == Qt.CheckState.Checked)


class SearchLine(QLineEdit):
    """The box above a list: Down and Up move in the list, Return does what ``entered`` does."""

    entered = Signal()

    def __init__(self, checks: CheckList, placeholder: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._checks = checks
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Keys of the list, typed in the box."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        key, checks = event.key(), self._checks
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            row = min(max(checks.currentIndex().row() + step, 0), checks.rows.rowCount() - 1)
            checks.setCurrentIndex(checks.rows.index(row, 0))
            checks.setFocus(Qt.FocusReason.TabFocusReason)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            return False
        return True
