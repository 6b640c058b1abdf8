"""The palette on screen: one line to type in, what fits below it, a sentence about the chosen line.

The same panel asks for a command's arguments, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from kernel.words import say
from shell.palette.contract import Provider
from shell.palette.delegate import LineDelegate
from shell.palette.item import Found, Item
from shell.palette.model import Lines
from shell.palette.preview import PreviewPane
from shell.palette.ranking import Ranking
from shell.palette.search import Search
from shell.palette.step import Step
from widgets.overlay import Overlay
from widgets.theme import Theme

_WIDTH, _MOST_LINES = 640, 11
#: Lines that are measured at once; the others follow behind.
_BATCH = 40
#: Width with a preview; the window must be wider by so much; how both share it; the least height of both, in pixels.
_WIDE, _BESIDE, _LIST_SHARE, _PREVIEW_SHARE, _LEAST = 980, 120, 3, 2, 250
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
        self._step: Step | None = None
        #: Return was pressed before anything came: what comes first is run.
        self._is_eager = False
        #: The person has gone to another line of those that fit the text.
        self._has_moved = False
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
        self.trail = self._note("", "caption")
        self.trail.hide()
        self.column.addWidget(self.trail)
        self.column.addWidget(self._separator())
        self.preview = PreviewPane(theme, self.card)
        self.column.addLayout(self._make_body())
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
        view.setLayoutMode(QListView.LayoutMode.Batched)
        view.setBatchSize(_BATCH)
        view.setAccessibleName(say("What fits"))
        self.model = Lines(view)
        self._delegate = LineDelegate(self.theme, view)
        view.setModel(self.model)
        view.setItemDelegate(self._delegate)
        view.clicked.connect(lambda _index: self.accept())
        view.entered.connect(view.setCurrentIndex)
        view.selectionModel().currentChanged.connect(lambda *_: self._tell_about())
        return view

    def _make_body(self) -> QHBoxLayout:
        row, left = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(0)
        left.setSpacing(0)
        left.addWidget(self.list)
        left.addWidget(self.empty)
        left.addStretch(1)
        self._between = QFrame(self.card)
        self._between.setObjectName("palette-separator")
        self._between.setFixedWidth(1)
        row.addLayout(left, _LIST_SHARE)
        row.addWidget(self._between)
        row.addWidget(self.preview, _PREVIEW_SHARE)
        return row

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
            f"#palette-preview-text {{ color: {color('text').name()}; background: transparent; }}"
            f"#palette-note-caption, #palette-note-body {{ color: {color('muted').name()}; background: transparent; }}"
        )
        self.about.setFont(self.theme.font("caption"))
        self.preview.label.setFont(self.theme.font("caption"))

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
        self._make_room()
        self._look(text)
        self.open(self.line)

    def _make_room(self) -> None:
        """Have a preview where the window is wide enough for it."""
        wide = self.theme.length(_WIDE)
        has_room = self.parentWidget().width() >= wide + _BESIDE
        self.preview.setVisible(has_room)
        self._between.setVisible(has_room)
        self.set_width(wide if has_room else self.theme.length(_WIDTH))

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
        self._delegate.is_searching = len({one.item.section for one in found}) > 1 and bool(text.strip())
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
            self._delegate.is_searching = True
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
        wanted = max(60, min(sum(heights) + 10, room))
        self.list.setFixedHeight(wanted)
        least = min(self.theme.length(_LEAST), room)
        self.preview.setFixedHeight(max(wanted, least) if found else least)

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
            text = say("Enter runs it, ? shows what may be typed first, Esc closes")
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
        self._ranking.use(item.id)
        item.run()

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
            if key == Qt.Key.Key_Tab and self._step is not None:
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
        self._has_moved = True
        row = self.list.currentIndex().row() + step
        row = row % count if abs(step) == 1 else max(0, min(count - 1, row))
        self.list.setCurrentIndex(self.model.index(row))
