"""The panel of a search in all files, at the lower edge of the window: what is found arrives while one types."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from kernel.error import EspalierError
from kernel.words import say, say_count
from shell.search.boxes import Boxes
from shell.search.gathering import MOST, Gathering, Progress, SearchError
from shell.search.list import HitList
from shell.search.model import Line
from shell.search.place import Place, folder_needed
from shell.search.replacing import Replacing
from widgets import gui_thread

if TYPE_CHECKING:
    from shell.command import Later
    from shell.search.gathering import FileHits
    from shell.search.table import HitTable
    from shell.search.wanted import Wanted
    from shell.window import Window

#: From the last key to the search, in ms; the part of the window's height that the panel takes.
DELAY_MS, _SHARE = 120, 0.42


class SearchPanel(QWidget):
    """The panel of one window.

    Args:
        window: The window.

    Attributes:
        boxes: What is typed.
        list: What is found.
        table: The same as a table; None while the list is shown.
        is_done: Whether everything was looked through.
    """

    #: What its keys are bound by.
    acts_as = "found"

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window, self._before = window, None
        self.place = Place(window)
        self.replacing = Replacing(self, window)
        self.boxes = Boxes(window.theme, self.close_panel, self.replacing.take_back, self)
        self.list = HitList(window.theme, self)
        self.table: HitTable | None = None
        self.is_done, self._is_cut, self._problem, self._files = True, False, "", 0
        self._wanted: Wanted | None = None
        self._gathering: Gathering | None = None
        self._number = 0
        #: What a search for the same with another template has brought; shown when it is whole.
        self._renewed: list[FileHits] | None = None
        self._soon = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._soon.timeout.connect(self.search)
        self._template_soon = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._template_soon.timeout.connect(self._take_template)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.boxes)
        column.addWidget(self.list, 1)
        self.setAccessibleName(say("Find in all files"))
        self._join()
        window.installEventFilter(self)
        self.hide()

    def _join(self) -> None:
        boxes = self.boxes
        boxes.edited.connect(self._hear)
        boxes.template_edited.connect(self._template_soon.start)
        boxes.accepted.connect(self._accept)
        boxes.down.connect(lambda: self._enter_list(is_first=False))
        boxes.replace_wanted.connect(lambda: self.replace_all())
        self.list.chosen.connect(self.go)
        self.list.taken_out.connect(self.tell)
        self.list.left_above.connect(lambda: boxes.find.setFocus(Qt.FocusReason.ShortcutFocusReason))

    # -- opening and closing ------------------------------------------------------------------------------------------

    def open(self, text: str, *, can_replace: bool, folder: str = "") -> None:
        """Show the panel and go into its first box.

        Args:
            text: What is looked for; empty leaves what stands there.
            can_replace: Whether there is a box for what takes its place.
            folder: See :class:`Place`.

        Raises:
            EspalierError: there is no such folder, or its files cannot be changed.
        """
        place = Place(self._window, folder)
        if can_replace:
            folder_needed(place)
        if self.isHidden():
            self._before = self._window.focusWidget()
        is_other = (place.folder, place.is_app) != (self.place.folder, self.place.is_app)
        self.place = place
        self.boxes.show_parts(can_replace=can_replace)
        self._fit()
        self._window.show_below(self)
        if text and text != self.boxes.find.text():
            self.boxes.find.setText(text)
        elif is_other or self._wanted is None or self._template_of_list() != self.boxes.template():
            self.search()
        else:
            self.tell()
        self.boxes.find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.boxes.find.selectAll()

    def close_panel(self) -> None:
        """Hide the panel, and go back to where the person was; what was found is kept."""
        self._stop()
        had_focus = self.isAncestorOf(self._window.focusWidget() or self._window)
        self.hide()
        if had_focus and self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        elif had_focus and self._window.content is not None:
            from shell.focus_order import enter

            enter(self._window.content)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Keep its part of the window."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        height = self._window.height()
        self.setFixedHeight(min(max(round(height * _SHARE), self._window.theme.length(200)), height * 2 // 3))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.close_panel()
        else:
            super().keyPressEvent(event)

    # -- searching ----------------------------------------------------------------------------------------------------

    def _hear(self) -> None:
        if self.boxes.wanted() != self._wanted:
            self._soon.start()

    def search(self) -> None:
        """Look for what the boxes say, from now on."""
        self._stop()
        self.list.hits.clear(keeps_out=self.boxes.wanted() == self._wanted)
        self._wanted, self._files, self._is_cut, self._problem = self.boxes.wanted(), 0, False, ""
        self.replacing.forget_said()
        if not self._wanted.text:
            self.is_done = True
            self.tell()
            return
        self._begin(self.boxes.template())

    def _begin(self, template: str | None) -> None:
        assert self._wanted is not None
        self.is_done = False
        gui_thread.prepare()
        try:
            given = self.place.given()
        except EspalierError as error:
            self._take(Progress([], 0, is_done=True, problem=error.message))
            return
        news = partial(gui_thread.listener(self._hear_news), self._number)
        self._gathering = Gathering(self._wanted, given, template, news)
        self._gathering.begin()
        self.tell()

    def _stop(self) -> None:
        self._soon.stop()
        self._template_soon.stop()
        self._renewed = None
        self._number += 1
        if self._gathering is not None:
            self._gathering.stop()
            self._gathering = None
        self.is_done = True

    def _hear_news(self, number: int, progress: Progress) -> None:
        """News; of a search that was given up nothing is taken any more."""
        if number == self._number:
            self._take(progress)

    def _take(self, progress: Progress) -> None:
        self._files, self._is_cut, self._problem = progress.files, progress.is_cut, progress.problem
        self.is_done = progress.is_done
        if self._renewed is not None:
            self._renewed += progress.found
            if progress.is_done and not progress.problem:
                row = self.list.row()
                self.list.hits.show(self._renewed)
                self.list.go(min(row, len(self.list.hits.lines) - 1)) if row >= 0 and self.list.hits.lines else None
            self._renewed = None if progress.is_done else self._renewed
        else:
            self.list.hits.add(progress.found)
        if progress.is_done:
            self._gathering = None
        self.tell()
        if progress.is_done:
            self.replacing.go_on()

    def _take_template(self) -> None:
        """Another text takes the places' place."""
        template = self.boxes.template()
        if self._wanted is None or not self._wanted.text or self._soon.isActive():
            return
        self.replacing.forget_said()
        if not self._wanted.is_expression and self.is_done:
            self.list.hits.replace_new(None if template is None else template.encode("utf-8", "surrogatepass"))
            self._problem = ""
            self.tell()
            return
        if not self.is_done and self._renewed is None:
            self.search()
            return
        self._stop()
        self._renewed = []
        self._begin(template)

    def _template_of_list(self) -> str | None:
        """Whether what is listed says what would take its place: None where it does not."""
        return self.boxes.template() if any(
            line.hit.new is not None for line in self.list.hits.lines if line.hit is not None
        ) else None  # fmt: skip

    # -- going there, replacing ---------------------------------------------------------------------------------------

    def _accept(self) -> None:
        """Return in a box: search now, then go into the list."""
        if self._soon.isActive():
            self.search()
        elif self._template_soon.isActive():
            self._template_soon.stop()
            self._take_template()
        else:
            self._enter_list(is_first=True)

    def _enter_list(self, *, is_first: bool) -> None:
        if self.table is not None:
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self.list.hits.lines:
            if self.list.row() < 0:
                self.list.step(1) if is_first else self.list.go(0)
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go(self, line: Line) -> None:
        """Go to a place; of a file to its first one."""
        hit = line.hit or line.file.hits[0]
        try:
            editor = self.place.go(line.file.path, hit)
        except EspalierError as error:
            self._window.registry.fail("search.files", error)
            return
        editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def turn(self) -> None:
        """Show what is found as a table, or as the list again."""
        if self.table is not None:
            self._let_table_go()
            self.list.show()
            self._enter_list(is_first=True)
            return
        from shell.search.table import HitTable

        self.table = HitTable(self, self._window.make_context_beside(), has_new=self.boxes.is_replacing)
        self.layout().addWidget(self.table, 1)
        self.list.hide()
        self.table.renew()
        self.table.show()
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _let_table_go(self) -> None:
        if self.table is not None:
            self.table.hide()
            self.table.deleteLater()
            self.table = None

    def step(self, step: int) -> None:
        """Go to the next or previous place.

        Raises:
            SearchError: nothing was found.
        """
        if not self.list.step(step):
            raise SearchError(say("nothing was found in the files yet"))
        line = self.list.line()
        if line is not None:
            self.go(line)

    def replace_all(self, later: Later | None = None) -> None:
        """Replace all that is listed; waits for what is on its way."""
        if self._soon.isActive():
            self.search()
        elif self._template_soon.isActive():
            self._template_soon.stop()
            self._take_template()
        self.replacing.begin(later)

    @property
    def can_replace(self) -> str:
        """Why what is listed cannot be replaced; empty when it can."""
        if self._problem:
            return self._problem
        if not self.boxes.is_replacing:
            return say("nothing is to be put in its place yet")
        if self._is_cut:
            return say("there are more than {count:,} places; look for less", count=MOST)
        return "" if self.list.hits.files else say("nothing was found")

    def tell(self) -> None:
        """Say how it stands; where nothing is listed, in the place of the list."""
        text, tone = self._told()
        self.boxes.every.setEnabled(bool(self.list.hits.files))
        self.boxes.tell(text, tone)
        self.list.say(text, tone)
        if self.table is not None and self.is_done:
            self.table.renew() if self.table.has_new == self.boxes.is_replacing else self._turn_anew()

    def _turn_anew(self) -> None:
        """Another table, as there is something to replace now, or no more; the focus stays."""
        focus = self._window.focusWidget()
        self._let_table_go()
        self.turn()
        if focus is not None and isValid(focus) and focus.isVisible():
            focus.setFocus()

    def _told(self) -> tuple[str, str]:
        """How it stands, and the colour that this is said in."""
        count, files = self.list.hits.counts()
        if self._problem:
            return self._problem[:1].upper() + self._problem[1:], "error"
        if self.replacing.said:
            return self.replacing.said
        if self._wanted is None or not self._wanted.text:
            return "", "muted"
        if not count and self.is_done:
            return say_count("No match in {count:,} file", "No match in {count:,} files", self._files), "warning"
        places = say_count("{count:,} place", "{count:,} places", count)
        told = say_count("{places} in {count:,} file", "{places} in {count:,} files", files, places=places)
        if self._is_cut:
            return say("The first {told}", told=told), "muted"
        return told if self.is_done else f"{told}…", "muted"

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """A quiet ground, and a line above."""
        painter, theme = QPainter(self), self._window.theme
        painter.fillRect(event.rect(), theme.color("sunken"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))

    def end(self) -> None:
        """The window closes."""
        self._stop()


def panel_of(window: Window) -> Any:
    """The window's panel, made at first use."""
    if "search" not in window.cards.made:
        panel = window.cards.made["search"] = SearchPanel(window)
        window.disposers.add(panel.end)
    return window.cards.made["search"]
