"""The bar below the rows to find in: what is looked for, which hit it is of how many, on and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QBrush, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from kernel.words import say, say_again, say_count
from widgets.format import writer
from widgets.glass_line import GlassLine
from widgets.grid.find import Finder, Hit
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.theme import Theme

#: From the last key to the search, in ms; the box's width in pixels at 100 %.
DELAY_MS, WIDTH = 200, 260


class FindLine(GlassLine):
    """The box; its keys go to the bar."""

    def __init__(self, bar: FindBar, theme: Theme) -> None:
        super().__init__(theme, bar)
        self._bar = bar
        self.setPlaceholderText(say("Find in all rows"))
        self.setAccessibleName(say("Find in all rows"))

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Escape and F3 are the bar's."""
        keys = (Qt.Key.Key_Escape, Qt.Key.Key_F3)
        if event.type() == QEvent.Type.ShortcutOverride and event.key() in keys:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """See :meth:`FindBar.take_key`."""
        if not self._bar.take_key(event):
            super().keyPressEvent(event)


class FindBar(QWidget):
    """The band; Return and F3 go on, with Shift back, Escape stops a search and then closes."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.finder = Finder(grid)
        self.finder.found.connect(self._take_hit)
        self.finder.counted.connect(self._take_count)
        self.finder.failed.connect(self._take_failure)
        self.finder.began.connect(lambda: self._wait(say("Searching")))
        self.finder.moved.connect(self._take_progress)
        self._wrapped = self._waits_for = ""
        self._timer, self._slow = QTimer(self), QTimer(self)
        for timer, delay in ((self._timer, DELAY_MS), (self._slow, DELAY_MS)):
            timer.setSingleShot(True)
            timer.setInterval(delay)
        self._timer.timeout.connect(self._find_here)
        self._slow.timeout.connect(lambda: self._say(self._waiting_text("")))
        theme = grid.context.theme
        self.line = FindLine(self, theme)
        theme.changed.connect(self.line.fit_glass)
        self.line.textEdited.connect(lambda _text: self._timer.start())
        self.back = self._button("chevron-up", say("Previous (Shift+F3)"), lambda: self.step(-1))
        self.on = self._button("chevron-down", say("Next (F3)"), lambda: self.step(1))
        self.label = QLabel(self)
        self.label.setMinimumWidth(0)
        self.shut = self._button("close", say("Close (Escape)"), self.close_bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.space("normal"), 4, theme.space("tight"), 3)
        layout.setSpacing(theme.space("tight"))
        layout.addWidget(self.line, 2)
        for part in (self.back, self.on):
            layout.addWidget(part)
        layout.addWidget(self.label, 3)
        layout.addWidget(self.shut)
        self.line.setMaximumWidth(round(WIDTH * theme.font("body").pixelSize() / theme.tokens.smallest_body))
        self.setAccessibleName(say("Find"))
        grid.rows.reloaded.connect(self._take_other_rows)

    def band_height(self) -> int:
        """See ``band``."""
        return self._grid.context.theme.height("control") + 8

    def open(self) -> None:
        """Go into the box, with all of it chosen."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()
        if self.finder.search is None and self.line.text():
            self.finder.look_for(self.line.text())

    def step(self, step: int) -> None:
        """Go to the next or previous hit."""
        if self._timer.isActive():
            self._find_here()
            return
        self._wrapped = ""
        self.finder.go(step)

    def close_bar(self) -> None:
        """Look for nothing any more, and go back into the rows."""
        self.finder.close()
        self._end_wait()
        self.hide()
        self._grid.bands.place()
        self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_key(self, event: QKeyEvent) -> bool:
        """Keys of the box that are not text; False leaves them to it."""
        key, is_back = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Escape:
            if self.finder.is_busy:
                self._end_wait()
                self.finder.cancel()
                self._say(say("Stopped"))
            else:
                self.close_bar()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3):
            self.step(-1 if is_back else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            return False
        return True

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The ground of the headings, and a line above."""
        painter, look = QPainter(self), self._grid.look
        painter.fillRect(event.rect(), QBrush(look.colors["sunken"]))
        painter.setPen(look.pens["line"])
        painter.drawLine(0, 0, self.width(), 0)

    def _button(self, icon: str, tip: str, run: Any) -> QToolButton:
        button, theme = QToolButton(self), self._grid.context.theme
        button.setIcon(theme.icon(icon, "text"))
        button.setIconSize(QSize(theme.icon_size(), theme.icon_size()))
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(run)
        return button

    def _find_here(self) -> None:
        self._timer.stop()
        self._wrapped = ""
        self.finder.look_for(self.line.text())
        if self.finder.search is None:
            self._end_wait()
            self._say("")
        else:
            self.finder.go(1, is_here=True)

    def _wait(self, what: str) -> None:
        """Say soon what is waited for."""
        self._waits_for = what
        self._slow.start()

    def _end_wait(self) -> None:
        self._waits_for = ""
        self._slow.stop()

    def _take_progress(self, part: float) -> None:
        if self._waits_for and not self._slow.isActive() and 0 < part < 1:
            self._say(self._waiting_text(f" {part:.0%}"))

    def _waiting_text(self, share: str) -> str:
        # While hits are counted Escape closes, as it does when nothing is under way.
        return f"{self._waits_for}…{share}{' Escape stops' if self.finder.is_busy else ''}"

    def _take_hit(self, hit: Hit | None) -> None:
        self._end_wait()
        if hit is None:
            self._say(say("Not found"), "error")
            return
        if hit.has_wrapped:
            self._wrapped = say("from the other end")
        self._say(self._wrapped)
        self._wait(say("Found; counting all"))
        if self._grid.outline is not None:
            self._grid.outline.go_to(hit.key, hit.column)
            return
        self._grid.go(hit.row, hit.column)

    def _take_failure(self, error: Exception) -> None:
        self._end_wait()
        self._say(say_again(getattr(error, "message", str(error))), "error")

    def _take_count(self, place: int, total: int) -> None:
        if self.finder.is_busy:
            return
        self._end_wait()
        if not total:
            return
        number = writer("integer", "#,##0")
        rows = say_count("{number} row", "{number} rows", total, number=number(total))
        text = say("{place} of {rows}", place=number(place), rows=rows) if place else rows
        self._say(f"{text}, {self._wrapped}" if self._wrapped else text)

    def _take_other_rows(self, _places: Any) -> None:
        if self.isVisible() and self.finder.search is not None and not self.finder.is_busy:
            self.finder.count(self._grid.current_key)

    def _say(self, text: str, tone: str = "muted") -> None:
        self.label.setText(text)
        tint(self.label, self._grid.context.theme, f"color: ${{{tone}}}; background: transparent")
        self.label.setAccessibleName(text)


def find(grid: Grid) -> None:
    """Open the bar."""
    _bar(grid).open()


def find_next(grid: Grid) -> None:
    """Go to the next hit; without a search open the bar."""
    _step(grid, 1)


def find_previous(grid: Grid) -> None:
    """Go to the hit before; without a search open the bar."""
    _step(grid, -1)


def _step(grid: Grid, step: int) -> None:
    bar = _bar(grid)
    if bar.finder.search is None and not bar.line.text():
        bar.open()
        return
    if bar.finder.search is None:
        bar.finder.look_for(bar.line.text())
    bar.step(step)


def _bar(grid: Grid) -> FindBar:
    bar = grid.bands.get("find")
    if bar is None:
        bar = FindBar(grid)
    bar.show()
    grid.bands.put("find", bar)
    return bar
