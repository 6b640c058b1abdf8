"""The bar below the text to find and replace in, and to go to a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from plugins.api import say, say_count
from plugins.scintilla.find import FindError, Search
from plugins.scintilla.finder import Finder
from plugins.scintilla.scan import prepare

if TYPE_CHECKING:
    from plugins.scintilla.pane import Pane

#: From the last key to the search, in ms; the boxes' greatest width in pixels at 100 %.
DELAY_MS, WIDTH = 120, 340
_OWN = (Qt.Key.Key_Escape, Qt.Key.Key_F3, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Line(QLineEdit):
    """A box; its keys go to the bar first."""

    def __init__(self, bar: FindBar, name: str) -> None:
        super().__init__(bar)
        self._bar = bar
        self.setPlaceholderText(name)
        self.setAccessibleName(name)

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Escape, Return and F3 are the bar's."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() in _OWN:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """See :meth:`FindBar.take_key`."""
        if not self._bar.take_key(self, event):
            super().keyPressEvent(event)


class FindBar(QWidget):
    """Finds while one types; Return and F3 go on, with Shift back; Escape closes."""

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane)
        self._pane, self._code = pane, pane.code
        self._goes_to_line = False
        self._began = (0, 0)
        self.finder = Finder(pane.code)
        self.finder.counted.connect(self._tell)
        self.finder.failed.connect(lambda text: self._say(text[:1].upper() + text[1:], "error"))
        self._soon = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._soon.timeout.connect(self.find_here)
        self.line = _Line(self, say("Find"))
        self.new = _Line(self, say("Replace with"))
        self.note = QLabel(self)
        self.note.setMinimumWidth(0)
        self.line.textEdited.connect(lambda _text: self._soon.start())
        theme = pane.theme
        self.case = self._toggle("Aa", say("Capitals differ from small letters (Alt+C)"))
        self.word = self._toggle("ab", say("Whole words only (Alt+W)"))
        self.expression = self._toggle(".*", say("Regular expression (Alt+R)"))
        self.part = self._toggle("[ ]", say("In the selection only (Alt+L)"))
        self.back = self._button("chevron-up", say("Previous (Shift+F3)"), lambda: self.step(-1))
        self.on = self._button("chevron-down", say("Next (F3)"), lambda: self.step(1))
        self.shut = self._button("close", say("Close (Escape)"), self.close_bar)
        self.one = self._text_button(say("Replace"), say("Replace this one and go on (Return)"), self.replace)
        self.every = self._text_button(say("Replace all"), say("Replace all (Ctrl+Alt+Return)"), self.replace_all)
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.space("normal"), 5, theme.space("tight"), 4)
        grid.setHorizontalSpacing(theme.space("tight"))
        grid.setVerticalSpacing(theme.space("tight"))
        grid.addWidget(self.line, 0, 0)
        grid.addWidget(self.new, 1, 0)
        first, second = QHBoxLayout(), QHBoxLayout()
        for part in (self.case, self.word, self.expression, self.part, self.back, self.on):
            first.addWidget(part)
        first.addWidget(self.note, 1)
        first.addWidget(self.shut)
        for part in (self.one, self.every):
            second.addWidget(part)
        second.addStretch(1)
        for row, box in enumerate((first, second)):
            box.setSpacing(theme.space("tight"))
            grid.addLayout(box, row, 1)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        self.setAccessibleName(say("Find"))
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    # -- opening --------------------------------------------------------------------------------------------------

    def open(self, *, can_replace: bool = False) -> None:
        """Go into the box, with what is selected in it."""
        self._goes_to_line = False
        prepare(self._code.length)  # while the first letters are typed
        self._show_parts(is_find=True, can_replace=can_replace and not self._code.is_read_only)
        self._began = self._code.selection
        start, stop = self._began
        text = self._code.host.bytes(start, stop) if stop - start < 1000 else b""
        if text and b"\n" not in text and b"\r" not in text:
            self.line.setText(text.decode("utf-8", "replace"))
        elif b"\n" in text and self.finder.within is None and can_replace:
            self.part.setChecked(True)
        self.show()
        self.line.setPlaceholderText(say("Find"))
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()
        if self.line.text():
            self._look()
        else:
            self._tell()

    def open_go_to(self) -> None:
        """Ask for a line: ``120``, or ``120:8`` with a letter."""
        self._goes_to_line = True
        self._show_parts(is_find=False, can_replace=False)
        line, letter = self._code.place_of(self._code.caret)
        self.line.setText("")
        self.line.setPlaceholderText(say("Line, or line:column"))
        last = self._code.line_count
        self._say(say("Line {line} of {last}", line=f"{line + 1:,}", last=f"{last:,}"), "muted")
        self.show()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        """Look for nothing any more, and go back into the text."""
        self._soon.stop()
        self.finder.close()
        self.part.setChecked(False)
        self.hide()
        self._pane.focus_code()

    def renew(self) -> None:
        """The text is another one."""
        if self.isVisibleTo(self._pane) and not self._goes_to_line:
            self.finder.within = None
            self._look()

    # -- finding --------------------------------------------------------------------------------------------------

    def search(self) -> Search:
        """What the bar says."""
        parts = (self.expression, self.case, self.word)
        return Search(self.line.text(), *(part.isChecked() for part in parts))

    def find_here(self) -> None:
        """Search for what is typed, from where the search began."""
        self._soon.stop()
        if self._goes_to_line:
            return
        self._look()
        if self.finder.search is not None:
            self._code.select(self._began[0], self._began[0])
            self.finder.step(1, from_start=True)
            self._tell()

    def step(self, step: int) -> None:
        """Go to the next or previous match."""
        if self._soon.isActive() or self.finder.search != self._wanted():
            self.find_here()
            return
        is_round = self.finder.step(step)
        self._began = self._code.selection
        self._tell()
        if is_round:
            word = say("from the beginning") if step > 0 else say("from the end")
            self._say(f"{self.finder.told()} · {word}", "muted")

    def replace(self) -> None:
        """Replace the selected match and go to the next."""
        self._do(lambda: self.finder.replace(self.new.text()) or self.finder.step(1))

    def replace_all(self) -> None:
        """Replace every match; one undo takes all back."""
        count = self._do(lambda: self.finder.replace_all(self.new.text()))
        if count is not None:
            self._say(say_count("{count} replaced", "{count} replaced", count), "success" if count else "muted")

    def take_key(self, line: QLineEdit, event: QKeyEvent) -> bool:
        """Keys of a box that are not text; False leaves them to it."""
        key, modifiers = event.key(), event.modifiers()
        is_back = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if modifiers == Qt.KeyboardModifier.AltModifier:
            toggles = {Qt.Key.Key_C: self.case, Qt.Key.Key_W: self.word, Qt.Key.Key_R: self.expression,
                       Qt.Key.Key_L: self.part}  # fmt: skip
            if key in toggles and not self._goes_to_line:
                toggles[key].click()
                return True
            return False
        if key == Qt.Key.Key_Escape:
            self.close_bar()
        elif key == Qt.Key.Key_F3:
            self.step(-1 if is_back else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._accept(line, modifiers, is_back)
        else:
            return False
        return True

    def _accept(self, line: QLineEdit, modifiers: Any, is_back: bool) -> None:
        if self._goes_to_line:
            self._go_to()
        elif modifiers & Qt.KeyboardModifier.ControlModifier and modifiers & Qt.KeyboardModifier.AltModifier:
            self.replace_all()
        elif line is self.new:
            self.replace()
        else:
            self.step(-1 if is_back else 1)

    def _go_to(self) -> None:
        parts = [part.strip() for part in self.line.text().replace(",", ":").split(":")]
        if not parts[0].lstrip("-").isdecimal() or not all(part.isdecimal() for part in parts[1:]) or len(parts) > 2:
            self._say(say("Type a line, or line:column"), "error")
            return
        line = int(parts[0])
        line = self._code.line_count + line if line < 0 else line - 1
        self._code.go_to_line(line, int(parts[1]) - 1 if len(parts) > 1 else 0)
        self.close_bar()

    def _do(self, run: Any) -> Any:
        if self._code.is_read_only:
            self._say(say("This text is read-only"), "error")
            return None
        if self._soon.isActive() or self.finder.search != self._wanted():
            self._soon.stop()
            self._look()
        try:
            answer = run()
        except FindError as error:
            self._say(str(error)[:1].upper() + str(error)[1:], "error")
            return None
        self._tell()
        return answer

    def _wanted(self) -> Search | None:
        search = self.search()
        return search if search.text else None

    def _look(self) -> None:
        if not self.part.isChecked():
            self.finder.within = None
        elif self.finder.within is None and self._began[1] > self._began[0]:
            self.finder.within = self._began
        self.finder.look_for(self.search())

    # -- looks ----------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        if self._goes_to_line:
            return
        if self.finder.search is None:
            self._say("", "muted")
        elif not self.finder.places and self.finder.is_whole:
            self._say(say("No match"), "warning")
        else:
            self._say(self.finder.told(), "muted")

    def _say(self, text: str, tone: str) -> None:
        self.note.setText(text)
        self.note.setStyleSheet(f"color: {self._pane.theme.color(tone).name()}")
        self.line.setAccessibleDescription(text)

    def _show_parts(self, *, is_find: bool, can_replace: bool) -> None:
        for part in (self.case, self.word, self.expression, self.part, self.back, self.on):
            part.setVisible(is_find)
        for part in (self.new, self.one, self.every):
            part.setVisible(can_replace)

    def _toggle(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setCheckable(True)
        button.toggled.connect(lambda _on: self.find_here() if self.isVisible() else None)
        return self._named(button, tip)

    def _button(self, icon: str, tip: str, run: Any) -> QToolButton:
        button, theme = QToolButton(self), self._pane.theme
        button.setIcon(theme.icon(icon, "text"))
        button.setIconSize(QSize(theme.icon_size(), theme.icon_size()))
        button.clicked.connect(run)
        return self._named(button, tip)

    def _text_button(self, text: str, tip: str, run: Any) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.clicked.connect(run)
        return self._named(button, tip)

    def _named(self, button: QToolButton, tip: str) -> QToolButton:
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _dress(self) -> None:
        theme = self._pane.theme
        for line in (self.line, self.new):
            line.setMaximumWidth(theme.length(WIDTH))

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """A quiet ground, and a line above."""
        painter, theme = QPainter(self), self._pane.theme
        painter.fillRect(event.rect(), theme.color("sunken"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
