"""The palette on screen: one line to type in, what fits below it, a sentence about the chosen line.

The same panel asks for a command's arguments, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QListView, QWidget

from kernel.words import say
from shell.palette.contract import Provider
from shell.palette.delegate import LineDelegate
from shell.palette.item import Found, Item
from shell.palette.model import Lines
from shell.palette.ranking import Ranking
from shell.palette.search import Search
from widgets.overlay import Overlay
from widgets.theme import Theme

_WIDTH, _MOST_LINES = 640, 11
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: _MOST_LINES - 1,
    Qt.Key.Key_PageUp: 1 - _MOST_LINES,
}


class Palette(Overlay):
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
        super().__init__(window, theme, _WIDTH, say("Palette"))
        self._providers = providers
        self._ranking = ranking
        self._answer: Callable[[str], str] | None = None
        #: Return was pressed before anything came: what comes first is run.
        self._is_eager = False
        self.search = Search(ranking, self)
        self.search.came.connect(self._take_more)
        self.search.told.connect(self._tell_state)
        self.search.wants.connect(self.open_with)
        self.line = self._make_line()
        self.list = self._make_list()
        self.empty = self._note(say("Nothing fits."), "body")
        self.empty.hide()
        self.about = self._note("", "caption")
        self.waiting = self._note("", "caption")
        self.waiting.hide()
        self.column.addWidget(self._separator())
        self.column.addWidget(self.list)
        self.column.addWidget(self.empty)
        self.column.addWidget(self._separator())
        self.column.addLayout(self._make_foot())
        theme.changed.connect(self._restyle)
        self._restyle()

    # What it is made of

    def _make_line(self) -> QLineEdit:
        row = QHBoxLayout()
        space = self.theme.space("normal")
        row.setContentsMargins(space + space // 2, space, space, space)
        self._sign = QLabel(self.card)
        row.addWidget(self._sign)
        line = QLineEdit(self.card)
        line.setFrame(False)
        line.setObjectName("palette-line")
        line.setAccessibleName(say("Find"))
        line.textChanged.connect(self._look)
        line.installEventFilter(self)
        row.addWidget(line)
        self.column.addLayout(row)
        return line

    def _make_list(self) -> QListView:
        view = QListView(self.card)
        view.setObjectName("palette-list")
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setMouseTracking(True)
        view.setAccessibleName(say("What fits"))
        self.model = Lines(view)
        self._delegate = LineDelegate(self.theme, view)
        view.setModel(self.model)
        view.setItemDelegate(self._delegate)
        view.clicked.connect(lambda _index: self.accept())
        view.entered.connect(view.setCurrentIndex)
        view.selectionModel().currentChanged.connect(lambda *_: self._tell_about())
        return view

    def _make_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.about, 1)
        row.addWidget(self.waiting)
        return row

    def _note(self, text: str, style: str) -> QLabel:
        note = QLabel(text, self.card)
        note.setObjectName(f"palette-note-{style}")
        space = self.theme.space("normal")
        note.setContentsMargins(space + space // 2, space // 2 + 2, space, space // 2 + 2)
        note.setTextFormat(Qt.TextFormat.PlainText)
        return note

    def _separator(self) -> QFrame:
        line = QFrame(self.card)
        line.setObjectName("palette-separator")
        line.setFixedHeight(1)
        return line

    def _restyle(self) -> None:
        color = self.theme.color
        self._sign.setPixmap(self.theme.icon("search", "muted").pixmap(*[self.theme.length(18)] * 2))
        font = self.theme.font("body")
        font.setPixelSize(round(font.pixelSize() * 1.15))
        self.line.setFont(font)
        self.card.setStyleSheet(
            f"#overlay-card {{ background: transparent; }}"
            f"#palette-line {{ background: transparent; border: none; padding: 4px; color: {color('text').name()}; }}"
            f"#palette-list {{ background: transparent; border: none; padding: 4px 0; }}"
            f"#palette-separator {{ background: {color('line').name()}; border: none; }}"
            f"#palette-note-caption, #palette-note-body {{ color: {color('muted').name()}; background: transparent; }}"
        )
        self.about.setFont(self.theme.font("caption"))

    # Opening

    def open_with(self, text: str = "") -> None:
        """Open it with everything that the providers offer now."""
        self._answer = None
        self.search.open(self._providers())
        self.line.setPlaceholderText(say("Type a command, an app or a page"))
        self._begin(text)

    def choose(self, question: str, items: list[Item], text: str = "") -> None:
        """Ask for one of a few items."""
        self._answer = None
        self.search.choose(items)
        self.line.setPlaceholderText(question)
        self._begin(text)

    def ask(self, question: str, answer: Callable[[str], str], text: str = "") -> None:
        """Ask for a text; ``answer`` gets it and returns what is wrong with it, empty when it is good."""
        self._answer = answer
        self.search.choose([])
        self.line.setPlaceholderText(question)
        self._begin(text)

    def _begin(self, text: str) -> None:
        with QSignalBlocker(self.line):
            self.line.setText(text)
        self.line.setSelection(*self.search.to_select(text))
        self._look(text)
        self.open(self.line)

    def close_card(self) -> None:
        """Hide it, and wait for nothing any more."""
        self.search.close()
        self._is_eager = False
        super().close_card()

    # Working

    def _look(self, text: str) -> None:
        self._is_eager = False
        found = [] if self._answer is not None else self.search.look(text)
        self._delegate.is_searching = bool(text.strip())
        self.model.show(found)
        self._choose_first()
        self._fit_lines()

    def _take_more(self, found: list[Found]) -> None:
        """Lines that came later, below those that are there."""
        if self._answer is not None or self.isHidden():
            return
        is_first = self.current() is None
        self.model.append(found)
        if is_first:
            self._choose_first()
        self._fit_lines()
        if self._is_eager and self.current() is not None:
            self.accept()

    def _choose_first(self) -> None:
        found = self.model.found
        first = next((row for row, one in enumerate(found) if not one.item.reason), 0)
        if found:
            self.list.setCurrentIndex(self.model.index(first))
            if first == 0:
                self.list.scrollToTop()
        self._tell_about()

    def _fit_lines(self) -> None:
        found, is_asking = self.model.found, self._answer is not None
        self.empty.setVisible(not found and not is_asking)
        self.list.setVisible(bool(found))
        self._fit_list(found)
        if not self.isHidden():
            self.fit()

    def _tell_state(self) -> None:
        text = self.search.state()
        self.waiting.setText(text)
        self.waiting.setVisible(bool(text))
        self.empty.setText(say("Looking…") if self.search.is_waiting else say("Nothing fits."))

    def _fit_list(self, found: list[Found]) -> None:
        rows = min(len(found), _MOST_LINES)
        heights = (self.list.sizeHintForRow(row) for row in range(rows))
        room = self.parentWidget().height() - 220
        self.list.setFixedHeight(max(60, min(sum(heights) + 10, room)))

    def current(self) -> Item | None:
        """The chosen item, or None."""
        row = self.list.currentIndex().row()
        return self.model.found[row].item if 0 <= row < len(self.model.found) else None

    def _tell_about(self, problem: str = "") -> None:
        item = self.current()
        text = problem or (item and (item.reason or item.doc)) or ""
        if self._answer is not None and not problem:
            text = say("Enter goes on, Esc gives up")
        self.about.setText(text or say("Enter runs it, Esc closes"))

    def accept(self) -> None:
        """Run the chosen item, or give the answer."""
        if self._answer is not None:
            self._give_answer()
            return
        item = self.current()
        if item is None:
            self._is_eager = self.search.is_waiting
            return
        if item.reason:
            return
        self.close_card()
        self._ranking.use(item.id)
        item.run()

    def _give_answer(self) -> None:
        answer, text = self._answer, self.line.text()
        if problem := answer(text):
            self._tell_about(problem)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move in the list while typing; Return accepts."""
        if watched is self.line and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.accept()
                return True
            if key in _MOVES:
                self._move(_MOVES[key])
                return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        count = len(self.model.found)
        if not count:
            return
        row = self.list.currentIndex().row() + step
        row = row % count if abs(step) == 1 else max(0, min(count - 1, row))
        self.list.setCurrentIndex(self.model.index(row))
