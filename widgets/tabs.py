"""The kind ``tabs``: pages of which one is shown; a person puts them in order and takes them out into windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QStackedWidget, QWidget

from widgets.region import Host, Region
from widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context
    from widgets.patch import Stale
    from widgets.tab import Tab
    from widgets.tab_list import TabList
    from widgets.torn_page import TornPage


#: Narrower than this, in pixels at 100 %, pages have no room beside the list of them.
_NARROW = 520
_STEPS = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}


class Tabs(QWidget):
    """Tabs above, or a list at the start side. A page's place is the one that it is seen at, from 0.

    Attributes:
        current_changed: Another page is shown: its place.
    """

    current_changed = Signal(int)

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._is_shown = self._is_ready = False
        self._name = f"tabs:{node.id or f'{node.where.file}:{node.where.line}'}"
        #: The pages as they are seen.
        self._tabs: list[Tab] = []
        self._current: Tab | None = None
        #: Keys of pages as a person put them; empty for the layout's order.
        self._order = _texts(context.recall(f"{self._name}:order"))
        #: Keys of pages that a person closed, the last one last.
        self._closed = _texts(context.recall(f"{self._name}:closed"))
        #: Cards and notes that stand among the pages → the page around each.
        self._wrapped: dict[QWidget, Tab] = {}
        #: Where the shown page stood that went, and the remembered one that is not there yet.
        self._left, self._wanted = 0, ""
        self._settling = QTimer(self, singleShot=True, interval=0)
        self._settling.timeout.connect(self._settle)  # NOTE: given with the rest, PySide would keep an object for it
        #: Page → the window that it was taken out into.
        self._out: dict[Tab, TornPage] = {}
        self._pages = QStackedWidget(self)
        is_list = node.get("side") == "start"
        self._box = QBoxLayout(_direction(is_beside=is_list), self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(context.theme.space("wide" if is_list else "normal"))
        self._bar = self._make_list() if is_list else TabBar(context.theme, self)
        self._bar.current_changed.connect(self.set_current)
        self._bar.moved.connect(self._take_order)
        self._bar.taken_away.connect(self.turn_out)
        self.setFocusProxy(self._bar)
        self._box.addWidget(self._bar)
        self._box.addWidget(self._pages, 1)
        self.region = Region(Host(self._pages, self._place, self._take), context)
        self.region.fill(node.children)
        self._is_ready = True
        kept = context.recall(self._name)
        at = self._find(kept)
        if at < 0 and isinstance(kept, str):
            self._show(self._seen_near(0))
            self._wanted = kept  # a page of a repeat, whose rows are still being read
        else:
            self.set_current(at if at >= 0 else self._seen_near(0))

    def let_go(self) -> None:
        """Windows of pages go at once, not only when they are deleted."""
        for torn in self._out.values():
            torn.hide()

    # What there is

    def count(self) -> int:
        """How many pages."""
        return len(self._tabs)

    def tabs(self) -> list[Tab]:
        """The pages as they are seen."""
        return list(self._tabs)

    def current(self) -> int:
        """The shown page's place, -1 where there is none."""
        return self._tabs.index(self._current) if self._current is not None else -1

    def set_current(self, index: int) -> None:
        """Show a page; builds it first when it has not been shown before, opens it again when it was closed."""
        if self._is_ready and 0 <= index < self.count() and self._tabs[index].is_closed:
            self._open_again(self._tabs[index])
        if self._show(index):
            self._wanted = ""
            self._context.remember(self._name, self._tabs[index].key)
            self.current_changed.emit(index)

    def _show(self, index: int) -> bool:
        """Show a page; answers whether another one was shown before."""
        if not self._is_ready or not 0 <= index < self.count():
            return False
        page = self._tabs[index]
        page.build()
        torn = self._out.get(page)
        self._pages.setCurrentWidget(page if torn is None else torn.place)
        if torn is not None:
            torn.activateWindow()
        is_other, self._current = page is not self._current, page
        if self._bar.currentIndex() != index:
            self._bar.setCurrentIndex(index)
        return is_other

    def show_tab(self, tab: Tab) -> None:
        """What the tab of a page says is another."""
        self._bar.put(self._tabs.index(tab), tab)
        if tab in self._out:
            self._out[tab].setWindowTitle(tab.title)

    # What a person does with them

    def move_current(self, step: int) -> None:
        """Put the shown page one place on, or back with -1."""
        to = self._beside(step)
        if 0 <= to < self.count():
            self._bar.move(self.current(), to)

    def close_current(self) -> bool:
        """Close the shown page: its tab goes, what is typed there stays. False where it is the only one."""
        if self._current is None:
            return False
        page, at = self._current, self.current()
        if not 0 <= (beside := self._beside(1)) < self.count():
            beside = self._beside(-1)
        if not 0 <= beside < self.count():
            return False
        had_focus = self.isAncestorOf(self.window().focusWidget() or self.window()) or self.is_out(at)
        self._put_back(page)
        self.set_current(beside)
        page.is_closed = True
        self._closed.append(page.key)
        self._keep_closed(page)
        if had_focus:
            self._bar.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def reopen(self) -> bool:
        """Open the page again that was closed last; False where none was."""
        known = {one.key: at for at, one in enumerate(self._tabs) if one.is_closed}
        key = next((key for key in reversed(self._closed) if key in known), None)
        if key is None:
            return False
        self.set_current(known[key])
        return True

    def _open_again(self, page: Tab) -> None:
        page.is_closed = False
        self._closed = [key for key in self._closed if key != page.key]
        self._keep_closed(page)

    def _keep_closed(self, page: Tab) -> None:
        self._context.remember(f"{self._name}:closed", self._closed or None)
        self.show_tab(page)

    def is_out(self, index: int) -> bool:
        """Whether a page stands in a window of its own."""
        return self._tabs[index] in self._out

    def turn_out(self, index: int) -> None:
        """Take a page out into a window of its own, or back."""
        if not 0 <= index < self.count():
            return
        if self.is_out(index):
            self.put_back(index)
            return
        from widgets.torn_page import TornPage

        self.set_current(index)
        page = self._tabs[index]
        torn = TornPage(self, page, self._context.theme, lambda: self._put_back(page))
        torn.setWindowTitle(page.title)
        place = self._layout_order().index(page)
        self._out[page] = torn
        self._pages.insertWidget(place, torn.place)
        self._pages.setCurrentWidget(torn.place)
        torn.show()
        self._keep_out()

    def put_back(self, index: int) -> None:
        """Put a page back that was taken out."""
        self._put_back(self._tabs[index])

    def _put_back(self, page: Tab) -> None:
        torn = self._out.pop(page, None)
        if torn is None:
            return
        self._pages.insertWidget(self._pages.indexOf(torn.place), page)
        self._pages.removeWidget(torn.place)
        if self._current is not None:
            shown = self._out.get(self._current)
            self._pages.setCurrentWidget(self._current if shown is None else shown.place)
        torn.hide()
        torn.place.deleteLater()
        torn.deleteLater()
        self._keep_out()

    # Where they stand

    def patch_children(self, node: Node, stale: Stale) -> None:
        """Become what another node says; the shown page stays the shown one."""
        from widgets.patch import patch_region

        place, shown = self.current(), self._current
        self._is_ready = False
        patch_region(self.region, node.children, stale)
        self._is_ready = True
        if shown not in self._tabs:
            self._current = None
        self.set_current(self._tabs.index(shown) if shown in self._tabs else self._seen_near(place))

    def _place(self, index: int, widget: QWidget) -> None:
        tab = self._page_of(widget)
        tab.home = self
        tab.key += self._row_key(tab.context)
        others = {one.key for one in self._tabs}
        while tab.key in others:
            tab.key += "+"
        tab.is_closed = tab.key in self._closed
        at = self._seen_place(index, tab)
        self._tabs.insert(at, tab)
        self._pages.insertWidget(index, tab)
        self._bar.add(at)
        self._bar.put(at, tab)
        if tab.key == self._wanted:
            self.set_current(at)
        self._settle_soon()

    def _take(self, widget: QWidget) -> None:
        tab = self._page_of(widget)
        self._put_back(tab)
        at = self._tabs.index(tab)
        if tab is self._current:
            self._current, self._left = None, at
        del self._tabs[at]
        self._pages.removeWidget(tab)
        with QSignalBlocker(self._bar):  # which page is shown then is settled when all have gone
            self._bar.remove(at)
        if self._wrapped.pop(widget, None) is not None:
            tab.deleteLater()
        self._settle_soon()

    def _page_of(self, widget: QWidget) -> Tab:
        """A page; what is none, the card of one that cannot be built or a repeat's note, stands on one of its own."""
        from widgets.tab import Tab

        if isinstance(widget, Tab):
            return widget
        if widget not in self._wrapped:
            from widgets.tab import page_around

            self._wrapped[widget] = page_around(widget, self._context, self._pages)
        return self._wrapped[widget]

    def _row_key(self, context: Context) -> str:
        """What tells a page of a repeat from those of its other rows."""
        rows = (key for name, (_, key) in context.rows.items() if name not in self._context.rows)
        return "".join(f" {part}" for key in rows for part in key)

    def _settle_soon(self) -> None:
        """After pages came or went while it is shown: one of them is the shown one."""
        if self._is_ready:
            self._settling.start()

    def _settle(self) -> None:
        if self._current is None:
            self.set_current(self._seen_near(self._left))

    def _seen_place(self, index: int, tab: Tab) -> int:
        """Where a new page is seen: as it was put, else behind the one before it in the layout."""
        ranks = {key: rank for rank, key in enumerate(self._order)}
        if tab.key in ranks:
            later = (at for at, one in enumerate(self._tabs) if ranks.get(one.key, -1) > ranks[tab.key])
            return next(later, self.count())
        before = self._layout_order()[index - 1] if index else None
        return self._tabs.index(before) + 1 if before is not None else 0

    def _layout_order(self) -> list[Any]:
        return [self._page_of(widget) for widget in self.region.widgets()]

    def _take_order(self, before: int, after: int) -> None:
        self._tabs.insert(after, self._tabs.pop(before))
        keys = [one.key for one in self._tabs]
        self._order = [] if self._tabs == self._layout_order() else keys
        self._context.remember(f"{self._name}:order", self._order or None)

    def _beside(self, step: int) -> int:
        """The place of the next page in a direction that has a tab; beyond the ends where there is none."""
        at = self.current() + step
        while 0 <= at < self.count() and not (self._tabs[at].is_seen and self._tabs[at].is_usable):
            at += step
        return at

    def _seen_near(self, place: int) -> int:
        """The place of a page that is not closed, that one or the next to it; the first where all are closed."""
        seen = [at for at, one in enumerate(self._tabs) if not one.is_closed]
        return min(seen, key=lambda at: abs(at - place), default=0)

    def _find(self, kept: object) -> int:
        """The place of the page that is remembered so; -1 where there is none any more."""
        if isinstance(kept, int):  # as it was before pages could be moved
            pages = self._layout_order()
            return self._tabs.index(pages[kept]) if 0 <= kept < len(pages) else -1
        return next((at for at, one in enumerate(self._tabs) if one.key == kept), -1)

    def _keep_out(self) -> None:
        self._context.remember(f"{self._name}:out", [one.key for one in self._tabs if one in self._out] or None)

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        """Take out what was out at the last time, once the window is there."""
        super().showEvent(event)
        if not self._is_shown:
            self._is_shown = True
            if self._context.recall(f"{self._name}:out"):
                QTimer.singleShot(0, self, self._take_kept_out)

    def _take_kept_out(self) -> None:
        kept, current = self._context.recall(f"{self._name}:out"), self.current()
        for one in kept if isinstance(kept, list) else ():
            index = self._find(one)
            if index >= 0 and not self.is_out(index):
                self.turn_out(index)
        self.set_current(current)

    def set_side(self, side: str) -> None:
        """``top`` or ``start``; the layout's literal decides at building, later changes need a new layout."""

    def set_filter(self, has_filter: bool) -> None:
        """With side=start: whether a search box stands over the list."""
        if not isinstance(self._bar, TabBar):
            self._bar.set_filter(has_filter)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        """A list beside pages that have no room for it is folded into a button over them."""
        super().resizeEvent(event)
        if not isinstance(self._bar, TabBar):
            is_narrow = self.width() < _NARROW * self._context.theme.text_size
            self._box.setDirection(_direction(is_beside=not is_narrow))
            self._bar.set_folded(is_narrow)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        """What the page needs, below the folded list."""
        hint = super().minimumSizeHint()
        if not isinstance(self._bar, TabBar):
            hint.setWidth(self._pages.minimumSizeHint().width())
        return hint

    def event(self, event: QEvent) -> bool:
        # Ctrl+PageUp and Ctrl+PageDown arrive here from whichever child did not want them.
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.count():
            step = _STEPS.get(Qt.Key(event.key()))
            if step and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self.turn(step)
                return True
        return super().event(event)

    def turn(self, step: int) -> None:
        """Show the next page, with -1 the one before; behind the last one comes the first."""
        had_focus_inside = self._pages.isAncestorOf(self.window().focusWidget() or self)
        at = self._beside(step)
        if not 0 <= at < self.count():
            usable = [at for at, one in enumerate(self._tabs) if one.is_seen and one.is_usable]
            at = (usable[0] if step > 0 else usable[-1]) if usable else -1
        self.set_current(at)
        if had_focus_inside:
            self._bar.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _make_list(self) -> TabList:
        from widgets.tab_list import TabList

        return TabList(self._context.theme, self)


def _direction(*, is_beside: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.TopToBottom


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
