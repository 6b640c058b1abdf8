"""The list of pages at the start side of ``tabs side=start``: icons, badges, a filter box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from kernel.words import say
from widgets.glass_line import GlassLine
from widgets.search import dress_clear_button

if TYPE_CHECKING:
    from widgets.tab import Tab
    from widgets.theme import Theme

_BADGE, _IS_SEEN = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_WIDTH = 208
#: Qt's greatest width and height.
_UNLIMITED = 16_777_215
#: Keys that close the list below its button.
_CLOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


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
    """A list that chooses a page; typing in its filter box narrows it, Down goes into it.

    Pages are dragged into another order; ``moved`` tells the place before and the one now. ``taken_away`` is for
    tabs alone. Where there is no room for it beside the pages it is folded into a button over them
    (:meth:`set_folded`).
    """

    current_changed = Signal(int)
    moved = Signal(int, int)
    taken_away = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._is_folded, self._has_filter = theme, False, False
        self._take_width()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space("normal"))
        self._filter = GlassLine(theme, self)
        self._filter.setPlaceholderText(say("Filter"))
        self._filter.setAccessibleName(say("Filter the list"))
        self._filter.setClearButtonEnabled(True)
        dress_clear_button(self._filter, theme)
        self._filter.hide()
        self._filter.textChanged.connect(self._narrow)
        self._list = QListWidget(self)
        self._list.setProperty("panel", "list")
        self._list.setAccessibleName(say("Pages"))
        self._list.setItemDelegate(_Row(theme, self._list))
        self._list.setIconSize(QSize(theme.icon_size(), theme.icon_size()))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self._list.currentRowChanged.connect(self._choose)
        self._list.model().rowsMoved.connect(self._tell_move)
        self._list.itemClicked.connect(lambda _item: self._close())
        self.button = QPushButton(self)
        self.button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.button.setToolTip(say("Show all pages"))
        self.button.clicked.connect(self._turn)
        self.button.setAutoDefault(True)  # Return presses it
        self.button.hide()
        theme.changed.connect(self._name_button)
        theme.changed.connect(self._take_width)
        theme.changed.connect(self._filter.fit_glass)
        column.addWidget(self.button)
        column.addWidget(self._filter)
        column.addWidget(self._list, 1)
        self.setFocusProxy(self._list)

    def currentIndex(self) -> int:  # Qt's name
        """The chosen page, as QTabBar calls it."""
        return self._list.currentRow()

    def setCurrentIndex(self, index: int) -> None:  # Qt's name
        """Choose a page, as QTabBar calls it."""
        self._list.setCurrentRow(index)

    def add(self, at: int) -> None:
        """A line at a place; :meth:`put` says what it shows."""
        self._list.insertItem(at, QListWidgetItem(""))

    def remove(self, at: int) -> None:
        """The line goes."""
        self._list.takeItem(at)

    def move(self, before: int, after: int) -> None:
        """A line to another place."""
        self._list.model().moveRow(QModelIndex(), before, QModelIndex(), after + (after > before))

    def put(self, at: int, tab: Tab) -> None:
        """Title, badge and icon of a page, and whether it is there."""
        item = self._list.item(at)
        item.setText(tab.title)
        item.setIcon(self._theme.icon(tab.icon, "muted") if tab.icon else QIcon())
        item.setData(_BADGE, tab.badge)
        item.setData(_IS_SEEN, tab.is_seen)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{tab.title} {tab.badge}".strip())
        usable = item.flags() | Qt.ItemFlag.ItemIsEnabled
        item.setFlags(usable if tab.is_usable else usable & ~Qt.ItemFlag.ItemIsEnabled)
        self._narrow(self._filter.text())
        self._name_button()

    def set_filter(self, has_filter: bool) -> None:
        """Whether the filter box is there."""
        self._has_filter = has_filter
        self._filter.setVisible(has_filter and not self._is_folded)
        if not has_filter:
            self._filter.clear()

    def _take_width(self) -> None:
        """Wider with larger texts; as wide as the pages while it is a button."""
        width = round(_WIDTH * max(1.0, self._theme.text_size))
        self.setMinimumWidth(0 if self._is_folded else width)
        self.setMaximumWidth(_UNLIMITED if self._is_folded else width)

    def set_folded(self, is_folded: bool) -> None:
        """Whether only a button with the chosen page is shown, which opens the list below it."""
        if is_folded == self._is_folded:
            return
        self._is_folded = is_folded
        self._take_width()
        had_focus = self.isAncestorOf(self.window().focusWidget() or self.window())
        self.button.setVisible(is_folded)
        self._show_list(not is_folded)
        self.setFocusProxy(self.button if is_folded else self._list)
        self._name_button()
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_list(self, is_shown: bool) -> None:
        self._list.setVisible(is_shown)
        self._filter.setVisible(is_shown and self._has_filter)
        rows = self._list.count() * self._list.sizeHintForRow(0) + 2 * self._list.frameWidth() + 4
        self._list.setMaximumHeight(min(rows, self.parentWidget().height() // 2) if self._is_folded else _UNLIMITED)

    def _turn(self) -> None:
        """Open the list below the button, or close it."""
        is_open = self._list.isVisible()
        self._show_list(not is_open)
        (self.button if is_open else self._list).setFocus(Qt.FocusReason.OtherFocusReason)
        self._name_button()

    def _close(self) -> None:
        if self._is_folded and self._list.isVisible():
            self._turn()

    def _name_button(self) -> None:
        item = self._list.currentItem()
        self.button.setText(
            f"{item.text()} {item.data(_BADGE) or ''}".strip().replace("&", "&&") if item else say("Pages")
        )
        self.button.setIcon(self._theme.icon("chevron-up" if self._list.isVisible() else "chevron-down"))
        self.button.setAccessibleName(say("Page: {text}", text=item.text()) if item else say("Pages"))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        is_filtering = self.window().focusWidget() is self._filter
        if is_filtering and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return):
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
            self._go_to_shown()
        elif is_filtering and event.key() == Qt.Key.Key_Escape and self._filter.text():
            self._filter.clear()
        elif self._is_folded and self._list.isVisible() and event.key() in _CLOSING:
            self._close()
        else:
            super().keyPressEvent(event)

    def _tell_move(self, _parent: QModelIndex, before: int, _end: int, _to: QModelIndex, after: int) -> None:
        self.moved.emit(before, after - (after > before))

    def _choose(self, row: int) -> None:
        self._name_button()
        if row >= 0:
            self.current_changed.emit(row)

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().strip()
        for row in range(self._list.count()):
            item = self._list.item(row)
            item.setHidden(wanted not in item.text().casefold() or item.data(_IS_SEEN) is False)

    def _go_to_shown(self) -> None:
        current = self._list.currentItem()
        if current is None or current.isHidden():
            rows = [row for row in range(self._list.count()) if not self._list.item(row).isHidden()]
            if rows:
                self._list.setCurrentRow(rows[0])
