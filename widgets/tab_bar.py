"""The tabs above the pages of ``tabs``: chosen, dragged into another order, and dragged away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QMouseEvent
from PySide6.QtWidgets import QTabBar, QToolButton, QWidget

from kernel.words import say

if TYPE_CHECKING:
    from widgets.tab import Tab
    from widgets.theme import Theme

#: A tab that is dragged farther than this from the others, in pixels at 100 %, goes out.
_AWAY = 40


class TabBar(QTabBar):
    """Tabs side by side.

    Attributes:
        current_changed: Another one is chosen: its place, from 0.
        moved: One stands elsewhere: its place before, and now.
        taken_away: One was dragged away, or clicked twice.
    """

    current_changed = Signal(int)
    moved = Signal(int, int)
    taken_away = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._pressed = theme, -1
        self.setExpanding(False)
        self.setMovable(True)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(theme.icon_size(), theme.icon_size()))
        self.setAccessibleName(say("Tabs"))
        for button in self.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # arrow keys scroll
        self.currentChanged.connect(self.current_changed)
        self.tabMoved.connect(self.moved)
        self.tabBarDoubleClicked.connect(self.taken_away)

    def add(self, at: int) -> None:
        """A tab at a place; :meth:`put` says what it shows."""
        self.insertTab(at, "")

    def remove(self, at: int) -> None:
        """The tab goes."""
        self.removeTab(at)

    def move(self, before: int, after: int) -> None:
        """A tab to another place."""
        self.moveTab(before, after)

    def put(self, at: int, tab: Tab) -> None:
        """Title, badge and icon of a tab, and whether it is there."""
        text = f"{tab.title}  {tab.badge}".rstrip().replace("&", "&&")
        if text != self.tabText(at):
            self.setTabText(at, text)
        icon = self._theme.icon(tab.icon, "muted") if tab.icon else QIcon()
        if icon.cacheKey() != self.tabIcon(at).cacheKey():  # either has the bar laid out anew
            self.setTabIcon(at, icon)
        self.setTabVisible(at, tab.is_seen)
        self.setTabEnabled(at, tab.is_usable)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        super().mousePressEvent(event)
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self.tabAt(event.position().toPoint()) if is_left else -1

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # Qt's name
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, -1
        away = round(_AWAY * self._theme.text_size)
        if pressed >= 0 and not self.rect().adjusted(-away, -away, away, away).contains(event.position().toPoint()):
            self.moveTab(self.currentIndex(), pressed)  # on its way it passed others
            self.taken_away.emit(pressed)
