"""The kind ``tabs``: pages of which one is shown; a page is built when it is first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QStackedWidget, QTabBar, QToolButton, QWidget

from kernel.disposer import Disposers
from kernel.words import say
from layouts.node import Node
from widgets.binding import bind
from widgets.column import Column
from widgets.text import text_of

if TYPE_CHECKING:
    from widgets.context import Context
    from widgets.tab_list import TabList
    from widgets.torn_page import TornPage


#: Narrower than this, in pixels at 100 %, pages have no room beside the list of them.
_NARROW = 520
#: A tab that is dragged farther than this from the others, in pixels at 100 %, goes out.
_AWAY = 40


class Tabs(QWidget):
    """Tabs above, or a list at the start side.

    Attributes:
        current_changed: The new page's index, from 0.
    """

    current_changed = Signal(int)

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._nodes = node.of_kind("tab")
        self._is_shown, self._dragged = False, -1
        self._titles = ["" for _ in self._nodes]
        self._badges = ["" for _ in self._nodes]
        self._name = f"tabs:{node.id or f'{node.where.file}:{node.where.line}'}"
        self._pages = QStackedWidget(self)
        for _ in self._nodes:
            self._pages.addWidget(QWidget(self._pages))
        self._built: set[int] = set()
        #: Place → the window of a page that was taken out.
        self._out: dict[int, TornPage] = {}
        side = node.get("side") if isinstance(node.get("side"), str) else "top"
        down = QBoxLayout.Direction.TopToBottom
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight if side == "start" else down, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(context.theme.space("wide" if side == "start" else "normal"))
        self._bar: QTabBar | TabList = self._make_list() if side == "start" else self._make_bar()
        self.setFocusProxy(self._bar)
        self._box.addWidget(self._bar)
        self._box.addWidget(self._pages, 1)
        self._bag = Disposers()
        self.destroyed.connect(lambda *_, bag=self._bag: bag())
        for index, tab in enumerate(self._nodes):
            self._bag.add(bind(tab.get("title", ""), context, lambda text, at=index: self._set(self._titles, at, text)))
            self._bag.add(bind(tab.get("badge", ""), context, lambda text, at=index: self._set(self._badges, at, text)))
        kept = context.recall(self._name)
        self.set_current(kept if isinstance(kept, int) and 0 <= kept < len(self._nodes) else 0)

    def let_go(self) -> None:
        """Watch titles no more, nor what the pages hold."""
        self._bag()
        for index in self._built:
            torn = self._out.get(index)
            (self._pages.widget(index) if torn is None else torn.page).region.let_go()
        for torn in self._out.values():
            torn.hide()

    def count(self) -> int:
        """How many pages."""
        return len(self._nodes)

    def current(self) -> int:
        """The shown page's index, from 0."""
        return self._pages.currentIndex()

    def set_current(self, index: int) -> None:
        """Show a page; builds it first when it has not been shown before."""
        if not 0 <= index < len(self._nodes):
            return
        if index not in self._built:
            self._built.add(index)
            empty = self._pages.widget(index)
            tab = self._nodes[index]
            page = Column(Node("column", children=tab.children), self._context, self._pages)
            page.setAccessibleName(self._titles[index])
            self._pages.insertWidget(index, page)
            self._pages.removeWidget(empty)
            empty.deleteLater()
        self._pages.setCurrentIndex(index)
        if self._bar.currentIndex() != index:
            self._bar.setCurrentIndex(index)
        if index in self._out:
            self._out[index].activateWindow()
        self._context.remember(self._name, index)
        self.current_changed.emit(index)

    def is_out(self, index: int) -> bool:
        """Whether a page stands in a window of its own."""
        return index in self._out

    def turn_out(self, index: int) -> None:
        """Take a page out into a window of its own, or back."""
        if index in self._out:
            self.put_back(index)
        elif 0 <= index < self.count():
            from widgets.torn_page import TornPage

            self.set_current(index)
            page = self._pages.widget(index)
            torn = TornPage(self, page, self._context.theme, lambda: self.put_back(index))
            torn.setWindowTitle(self._titles[index])
            self._out[index] = torn
            self._pages.insertWidget(index, torn.place)
            self._pages.setCurrentIndex(index)
            torn.show()
            self._keep_out()

    def put_back(self, index: int) -> None:
        """Put a page back that was taken out."""
        torn = self._out.pop(index, None)
        if torn is None:
            return
        self._pages.insertWidget(index, torn.page)
        self._pages.removeWidget(torn.place)
        self._pages.setCurrentIndex(self._bar.currentIndex())
        torn.hide()
        torn.place.deleteLater()
        torn.deleteLater()
        self._keep_out()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """A tab that is let go far from the others goes out."""
        if isinstance(event, QMouseEvent) and isinstance(watched, QTabBar):
            place, kind = event.position().toPoint(), event.type()
            if kind == QEvent.Type.MouseButtonPress:
                self._dragged = watched.tabAt(place)
            elif kind == QEvent.Type.MouseButtonRelease and self._dragged >= 0:
                index, self._dragged = self._dragged, -1
                away = round(_AWAY * self._context.theme.text_size)
                if not watched.rect().adjusted(-away, -away, away, away).contains(place) and not self.is_out(index):
                    self.turn_out(index)
        return False

    def _keep_out(self) -> None:
        self._context.remember(f"{self._name}:out", sorted(self._out) or None)

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        """Take out what was out at the last time, once the window is there."""
        super().showEvent(event)
        if not self._is_shown:
            self._is_shown = True
            if self._context.recall(f"{self._name}:out"):
                QTimer.singleShot(0, self, self._take_kept_out)

    def _take_kept_out(self) -> None:
        kept, current = self._context.recall(f"{self._name}:out"), self.current()
        for index in kept if isinstance(kept, list) else ():
            if isinstance(index, int) and index not in self._out:
                self.turn_out(index)
        self.set_current(current)

    def set_side(self, side: str) -> None:
        """``top`` or ``start``; the layout's literal decides at building, later changes need a new layout."""

    def set_filter(self, has_filter: bool) -> None:
        """With side=start: whether a search box stands over the list."""
        if not isinstance(self._bar, QTabBar):
            self._bar.set_filter(has_filter)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        """A list beside pages that have no room for it is folded into a button over them."""
        super().resizeEvent(event)
        if not isinstance(self._bar, QTabBar):
            is_narrow = self.width() < _NARROW * self._context.theme.text_size
            down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
            self._box.setDirection(down if is_narrow else right)
            self._bar.set_folded(is_narrow)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        """What the page needs, below the folded list."""
        hint = super().minimumSizeHint()
        if not isinstance(self._bar, QTabBar):
            hint.setWidth(self._pages.minimumSizeHint().width())
        return hint

    def event(self, event: QEvent) -> bool:
        # Ctrl+PageUp and Ctrl+PageDown arrive here from whichever child did not want them.
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.count():
            step = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()))
            if step and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                had_focus_inside = self._pages.isAncestorOf(self.focusWidget() or self)
                self.set_current((self.current() + step) % self.count())
                if had_focus_inside:
                    self._bar.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
        return super().event(event)

    def _make_bar(self) -> QTabBar:
        bar = QTabBar(self)
        bar.setExpanding(False)
        bar.setUsesScrollButtons(True)
        bar.setElideMode(Qt.TextElideMode.ElideNone)
        bar.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        side = self._context.theme.icon_size()
        bar.setIconSize(QSize(side, side))
        bar.setAccessibleName(say("Tabs"))
        for tab in self._nodes:
            bar.addTab(self._context.theme.icon(str(tab.get("icon") or ""), "muted"), "")
        bar.currentChanged.connect(self.set_current)
        for button in bar.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # arrow keys scroll
        bar.installEventFilter(self)
        bar.tabBarDoubleClicked.connect(self.turn_out)
        return bar

    def _make_list(self) -> TabList:
        from widgets.tab_list import TabList

        theme = self._context.theme
        names = [str(tab.get("icon") or "") for tab in self._nodes]
        tab_list = TabList([theme.icon(name, "muted") if name else None for name in names], theme, self)
        tab_list.current_changed.connect(self.set_current)
        return tab_list

    def _set(self, texts: list[str], index: int, value: object) -> None:
        texts[index] = text_of(value, is_grouped=True)
        title, badge = self._titles[index], self._badges[index]
        if index in self._out:
            self._out[index].setWindowTitle(title)
        if isinstance(self._bar, QTabBar):
            self._bar.setTabText(index, f"{title}  {badge}".rstrip().replace("&", "&&"))
        else:
            self._bar.set_item(index, title, badge)
