"""The list of pages at the start side of ``tabs side=start``: icons, badges, a filter box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from widgets.search import dress_clear_button, fit_glass

if TYPE_CHECKING:
    from widgets.theme import Theme

_BADGE = Qt.ItemDataRole.UserRole
_WIDTH = 208


class _Row(QStyledItemDelegate):
    """Draws a row with its badge at the end."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        super().paint(painter, option, index)
        badge = index.data(_BADGE)
        if badge:
            room = QRect(option.rect).adjusted(0, 0, -self._theme.space("normal"), 0)
            painter.save()
            painter.setFont(self._theme.font("caption"))
            painter.setPen(self._theme.color("muted"))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTrailing, badge)
            painter.restore()


class TabList(QWidget):
    """A list that chooses a page; typing in its filter box narrows it, Down goes into it."""

    current_changed = Signal(int)

    def __init__(self, icons: list[QIcon | None], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space("normal"))
        self._filter = QLineEdit(self)
        self._filter.setPlaceholderText("Filter")
        self._filter.setAccessibleName("Filter the list")
        self._filter.setClearButtonEnabled(True)
        self._filter.addAction(theme.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        fit_glass(self._filter)
        dress_clear_button(self._filter, theme)
        self._filter.hide()
        self._filter.textChanged.connect(self._narrow)
        self._list = QListWidget(self)
        self._list.setProperty("panel", "list")
        self._list.setAccessibleName("Pages")
        self._list.setItemDelegate(_Row(theme, self._list))
        self._list.setIconSize(QSize(theme.icon_size(), theme.icon_size()))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for icon in icons:
            self._list.addItem(QListWidgetItem(icon or QIcon(), ""))
        self._list.currentRowChanged.connect(self._choose)
        column.addWidget(self._filter)
        column.addWidget(self._list, 1)
        self.setFocusProxy(self._list)

    def currentIndex(self) -> int:  # Qt's name
        """The chosen page, as QTabBar calls it."""
        return self._list.currentRow()

    def setCurrentIndex(self, index: int) -> None:  # Qt's name
        """Choose a page, as QTabBar calls it."""
        self._list.setCurrentRow(index)

    def set_item(self, index: int, title: str, badge: str) -> None:
        """Title and badge of a page."""
        item = self._list.item(index)
        item.setText(title)
        item.setData(_BADGE, badge)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title} {badge}".strip())

    def set_filter(self, has_filter: bool) -> None:
        """Whether the filter box is there."""
        self._filter.setVisible(has_filter)
        if not has_filter:
            self._filter.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        is_filtering = self.window().focusWidget() is self._filter
        if is_filtering and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return):
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
            self._go_to_shown()
        elif is_filtering and event.key() == Qt.Key.Key_Escape and self._filter.text():
            self._filter.clear()
        else:
            super().keyPressEvent(event)

    def _choose(self, row: int) -> None:
        if row >= 0:
            self.current_changed.emit(row)

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().strip()
        for row in range(self._list.count()):
            item = self._list.item(row)
            item.setHidden(wanted not in item.text().casefold())

    def _go_to_shown(self) -> None:
        current = self._list.currentItem()
        if current is None or current.isHidden():
            rows = [row for row in range(self._list.count()) if not self._list.item(row).isHidden()]
            if rows:
                self._list.setCurrentRow(rows[0])
