"""The palette on screen: one line to type in, what fits below it, a sentence about the chosen line.

The same panel asks for a command's arguments, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtWidgets import QWidget

from kernel.words import say
from shell.palette.contract import Provider
from shell.palette.frame import MOST_LINES, Frame
from shell.palette.item import Found, Item
from shell.palette.ranking import Ranking
from shell.palette.search import Search
from shell.palette.step import Step
from widgets.theme import Theme

_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: MOST_LINES - 1,
    Qt.Key.Key_PageUp: 1 - MOST_LINES,
}


class Palette(Frame):
    """Finds and runs what providers offer.

    Args:
        window: The window that it belongs to.
        theme: Colours and spaces.
        providers: Answers what is asked for items, each time the palette opens.
        ranking: Counts uses.
    """

    def __init__(
        self, window: QWidget, theme: Theme, providers: Callable[[], list[Provider]], ranking: Ranking
    ) -> None:
        super().__init__(window, theme)
        self._providers = providers
        self._ranking = ranking
        self._step: Step | None = None
        #: Asks for all arguments of the command of an id; answers whether there are any.
        self.ask_more: Callable[[str], bool] = lambda _name: False
        #: Return was pressed before anything came: what comes first is run.
        self._is_eager = False
        #: The person has gone to another line of those that fit the text.
        self._has_moved = False
        self.search = Search(ranking, self)
        self.search.came.connect(self._take_more)
        self.search.told.connect(self._tell_state)
        self.search.wants.connect(self.open_with)
        self.line.textChanged.connect(self._look)
        self.line.installEventFilter(self)
        self.list.clicked.connect(lambda _index: self.accept())
        self.list.selectionModel().currentChanged.connect(lambda *_: self._tell_about())

    # Opening

    def open_with(self, text: str = "") -> None:
        """Open it with everything that the providers offer now; ``text`` is typed already, a prefix for instance."""
        self._step = None
        self.search.open(self._providers())
        self._begin(say("Type what you look for; ? shows more"), text)

    def choose(self, question: str, items: list[Item], text: str = "") -> None:
        """Ask for one of a few items."""
        self._step = None
        self.search.choose(items)
        self._begin(question, text)

    def ask_step(self, step: Step) -> None:
        """Ask a question of several."""
        self._step = step
        self.search.open(step.providers, is_kept=False)
        self._begin(step.question, step.text)

    def _begin(self, question: str, text: str) -> None:
        self.line.setPlaceholderText(question)
        self.line.setAccessibleName(question if self._step is not None else say("Find"))
        with QSignalBlocker(self.line):
            self.line.setText(text)
        self.line.setSelection(*self.search.to_select(text))
        self._tell_trail()
        self.make_room()
        self._look(text)
        self.open(self.line)

    def _tell_trail(self) -> None:
        step = self._step
        if step is not None:
            given = [f"{question}: {answer}" for question, answer in step.given]
            self.trail.setText("   ›   ".join([step.title, *given, step.question]))
            self.trail.setAccessibleName(self.trail.text())
        self.trail.setVisible(step is not None)

    def close_card(self) -> None:
        """Hide it, and wait for nothing any more."""
        self.search.close()
        self.preview.show_item(None)
        self._is_eager = False
        super().close_card()

    # Working

    def _look(self, text: str) -> None:
        self._is_eager = self._has_moved = False
        found = self.search.look(text)
        self.delegate.is_searching = len({one.item.section for one in found}) > 1 and bool(text.strip())
        self.model.show(found)
        self._choose_first()
        self._fit_lines()

    def _take_more(self, found: list[Found]) -> None:
        """Lines that came later, below those that are there."""
        if self.isHidden():
            return
        is_first = self.current() is None
        is_known = not self._has_moved and self._step is not None and self._step.prefers_known and self._is_typed()
        self.model.append(found)
        if self.line.text().strip() and any(one.item.section != self.model.found[0].item.section for one in found):
            self.delegate.is_searching = True
        if is_first:
            self._choose_first()
        elif is_known:
            self.list.setCurrentIndex(self.model.index(len(self.model.found) - len(found)))
        self._fit_lines()
        if self._is_eager and self.current() is not None:
            self.accept()

    def _is_typed(self) -> bool:
        """Whether the chosen line is what is typed itself."""
        item = self.current()
        return item is not None and item.id.startswith("typed ")

    def _choose_first(self) -> None:
        found = self.model.found
        first = 0
        if self._step is None:
            first = next((row for row, one in enumerate(found) if not one.item.reason), 0)
        if found:
            self.list.setCurrentIndex(self.model.index(first))
            if first == 0:
                self.list.scrollToTop()
        self._tell_about()

    def _fit_lines(self) -> None:
        found = self.model.found
        self.empty.setVisible(not found)
        self.list.setVisible(bool(found))
        self.fit_list(found)
        if not self.isHidden():
            self.fit()

    def _tell_state(self) -> None:
        text = self.search.state()
        self.waiting.setText(text)
        self.waiting.setVisible(bool(text))
        self.empty.setText(say("Looking…") if self.search.is_waiting else say("Nothing fits."))

    def current(self) -> Item | None:
        """The chosen item, or None."""
        row = self.list.currentIndex().row()
        return self.model.found[row].item if 0 <= row < len(self.model.found) else None

    def _tell_about(self) -> None:
        item, has_preview = self.current(), not self.preview.isHidden()
        if has_preview:
            self.preview.show_item(item)
        text = (item and (item.reason or (not has_preview and item.doc))) or ""
        if not text:
            text = say("Enter runs it, Tab asks for what it takes, ? shows more, Esc closes")
            if self._step is not None:
                text = say("Enter goes on, Shift+Tab goes back, Esc gives up")
        room = min(self._width, self.parentWidget().width()) - 5 * self.theme.space("normal")
        self.about.setText(self.about.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
        self.about.setToolTip(text)

    def accept(self) -> None:
        """Run the chosen item; before anything has come, what comes first."""
        item = self.current()
        if item is None:
            self._is_eager = self.search.is_waiting
            return
        if item.reason:
            return
        if self._step is None:
            self.close_card()
        if not item.id.startswith(("choice ", "typed ")):
            self._ranking.use(item.id)
        item.run()

    def _go_on(self) -> None:
        """Take the chosen line; of a command ask for all that it may be given first."""
        item = self.current()
        if self._step is not None:
            self.accept()
        elif item is not None and not item.reason and self.ask_more(item.id):
            self._ranking.use(item.id)

    def _go_back(self) -> bool:
        """To the question before; False when there is none."""
        if self._step is None or self._step.back is None:
            return False
        self._step.back()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move in the list while typing; Return accepts."""
        if watched is self.line and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.accept()
                return True
            if key == Qt.Key.Key_Backtab and self._go_back():
                return True
            if key == Qt.Key.Key_Backspace and not self.line.text() and self._go_back():
                return True
            if key == Qt.Key.Key_Tab:
                self._go_on()
                return True
            if key in _MOVES:
                self._move(_MOVES[key])
                return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        count = len(self.model.found)
        if not count:
            return
        self._has_moved = True
        row = self.list.currentIndex().row() + step
        row = row % count if abs(step) == 1 else max(0, min(count - 1, row))
        self.list.setCurrentIndex(self.model.index(row))
        self._announce()

    def _announce(self) -> None:
        """Tell screen readers of the chosen line, since the focus stays where one types."""
        from shell.messages import announce

        index = self.list.currentIndex()
        if index.isValid():
            place = say("{place} of {count}", place=index.row() + 1, count=len(self.model.found))
            announce(self.line, f"{index.data(Qt.ItemDataRole.AccessibleTextRole)}, {place}")
