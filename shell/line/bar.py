"""The command line at the bottom of a window: a command is typed with its arguments, completed, and run where the
focus was. What is wrong is said below it, and what was typed stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from kernel.error import EspalierError
from kernel.words import say, say_again
from shell.do.listing import argument_text, arguments_of
from shell.line.history import LineHistory
from shell.line.offer import Offers, offers
from shell.line.run import run_typed
from shell.mode import COMMAND
from widgets.grid.completion_list import CompletionList
from widgets.outside import is_inside
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from shell.window import Window

#: Keys that go through the lines of the past.
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PLAIN = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_RETURNS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CommandLine(QFrame):
    """One window's. Return runs the line, Tab completes it, Up and Down walk through earlier ones, Escape goes back.

    Args:
        window: Where lines are run.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        theme = self._theme = window.theme
        self._window = window
        self._before: QWidget | None = None
        self.history = LineHistory(window)
        self._offers = Offers(0)
        #: Whether the person went into the list of offers.
        self._is_choosing = False
        self.setObjectName("command-line")
        self.setAccessibleName(say("Command line"))
        tint(self, theme, "#command-line { background: ${raised}; border-top: 1px solid ${line} }")
        sign = QLabel(":", self)
        sign.setFont(theme.font("mono"))
        tint(sign, theme, "color: ${accent}")
        self.line = _Line(self)
        self.line.setFont(theme.font("mono"))
        self.line.setFrame(False)
        self.line.setAccessibleName(say("Command line"))
        self.line.setPlaceholderText(say("A command and its arguments, for example: {example}", example="theme.dark"))
        tint(self.line, theme, "QLineEdit { background: transparent; border: none; padding: 0 }")
        self.said = QLabel(self)
        self.said.setTextFormat(Qt.TextFormat.RichText)
        self.said.setFont(theme.font("caption"))
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layout = QGridLayout(self)
        wide, tight = theme.space("wide"), theme.space("tight")
        layout.setContentsMargins(wide, tight + 2, wide, tight + 2)
        layout.setHorizontalSpacing(theme.space("normal"))
        layout.setVerticalSpacing(1)
        layout.addWidget(sign, 0, 0)
        layout.addWidget(self.line, 0, 1)
        layout.addWidget(self.said, 1, 1)
        layout.setColumnStretch(1, 1)
        self._list = CompletionList(self.line, theme)
        self._list.picked.connect(self._take)
        self.line.textEdited.connect(lambda _text: self._follow())
        self.hide()

    def open(self, text: str = "") -> None:
        """Let the person type; ``text`` is typed already."""
        if self.isHidden():
            self._before = self._window.focusWidget()
        self.show()
        self.line.setText(text)
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)
        self._follow()

    def close_line(self) -> None:
        """Hide it; the focus goes back to where it was."""
        if self.isHidden():
            return
        before, self._before = self._before, None
        had_focus = self.line.hasFocus()
        self._list.hide()
        self.hide()
        self.history.stay()
        if before is not None and had_focus and is_inside(self._window, before):
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def key_mode(self) -> str:
        """See :func:`shell.mode.key_mode`."""
        return COMMAND

    def run(self) -> None:
        """Run what is typed, where the focus was."""
        text = self.line.text().strip()
        self.close_line()
        if text:
            self.history.add(text)
            run_typed(self._window, text, lambda error: self._fail(text, error))

    def take_key(self, event: QKeyEvent) -> bool:
        """A key of the line that is no text; False leaves it to the line."""
        key, is_listed = event.key(), self._list.isVisible()
        if key == Qt.Key.Key_Escape:
            self._list.hide() if is_listed and self._is_choosing else self.close_line()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._complete(1 if key == Qt.Key.Key_Tab else -1)
        elif key in _RETURNS and not (self._is_choosing and self._list.handle_key(key)):
            self.run()
        elif key in _STEPS:
            self._step(key)
        elif key not in _RETURNS:
            return False
        return True

    def _step(self, key: int) -> None:
        """Down goes into the offers, Up and Down within them; else through the lines of the past."""
        may_choose = self._list.isVisible() and not self.history.is_walking
        if may_choose and (self._is_choosing or key == Qt.Key.Key_Down):
            if self._is_choosing:
                self._list.handle_key(key)
            self._is_choosing = True
            return
        found = self.history.step(self.line.text(), _STEPS[key])
        if found is not None:
            self.line.setText(found)
            self._list.hide()
            self._say_signature()

    def _complete(self, by: int) -> None:
        """Take the offer; where nothing is offered, show what may stand here."""
        if by < 0 and self._list.isVisible():
            self._is_choosing = True
            self._list.handle_key(Qt.Key.Key_Up)
        elif self._list.isVisible():
            self._list.handle_key(Qt.Key.Key_Tab)
        else:
            self._follow(is_asked=True)

    def _follow(self, *, is_asked: bool = False) -> None:
        """Something was typed: other offers, another hint."""
        self.history.stay()
        self._is_choosing = False
        text, cursor = self.line.text(), self.line.cursorPosition()
        found = self._offers = offers(text, cursor, self._window, self._renew)
        typed = text[found.start : cursor]
        is_whole = len(found.items) == 1 and found.items[0].text == typed
        is_wanted = is_asked or bool(typed) or (found.argument >= 0 and found.command is not None)
        self._list.offer(found.items if is_wanted and not is_whole else (), found.start)
        self._say_signature()

    def _renew(self) -> None:
        """There is more to offer for what is typed."""
        if self.isVisible() and self.line.hasFocus() and not self._is_choosing:
            self._follow()

    def _take(self, index: int) -> None:
        """Put an offer in the place of what is typed of it."""
        item, text, cursor = self._offers.items[index], self.line.text(), self.line.cursorPosition()
        space = "" if item.text.endswith(("=", "/", "(", ".")) or text[cursor : cursor + 1] == " " else " "
        begin = f"{text[: self._offers.start]}{item.text}{space}"
        self.line.setText(begin + text[cursor:])
        self.line.setCursorPosition(len(begin))
        self._follow()

    # What is said below

    def _say_signature(self) -> None:
        """The command's arguments, the one at the cursor stressed, and what it does."""
        command = self._offers.command
        if command is None:
            self.said.clear()
            return
        parts = [_escaped(command.id)]
        for place, argument in enumerate(arguments_of(command)):
            text = _escaped(argument_text(argument))
            is_here = place == self._offers.argument
            parts.append(f'<b style="color: {self._color("text")}">{text}</b>' if is_here else text)
        doc = _escaped(command.doc or self._window.registry.fill(command.title))
        self.said.setText(f'<span style="color: {self._color("muted")}">{" ".join(parts)} — {doc}</span>')

    def _fail(self, text: str, error: Exception) -> None:
        """Say what is wrong with a line, and let it be mended."""
        from shell.failure import describe
        from shell.messages import announce

        if self._window.is_closing:
            return
        reason, detail = describe(error)
        hint = f" ({say_again(error.hint)})" if isinstance(error, EspalierError) and error.hint else ""
        if not isinstance(error, EspalierError):
            self._window.desk.log("error", reason, detail)
        self.open(text)
        self._list.hide()
        self.said.setText(f'<span style="color: {self._color("error")}">{_escaped(reason + hint)}</span>')
        self.setAccessibleDescription(reason + hint)
        announce(self.line, reason + hint, is_urgent=True)

    def _color(self, name: str) -> str:
        return self._theme.color(name).name()


class _Line(QLineEdit):
    def __init__(self, bar: CommandLine) -> None:
        super().__init__(bar)
        self._bar = bar

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Tab and Escape are the line's."""
        kind = event.type()
        is_escape = kind == QEvent.Type.ShortcutOverride and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab)
        if is_escape:
            event.accept()
            return True
        tabs = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if kind == QEvent.Type.KeyPress and event.key() in tabs and self._bar.take_key(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Keys of the bar, then those of a line; Backspace in an empty one goes back."""
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self._bar.close_line()
        elif event.modifiers() & ~_PLAIN or not self._bar.take_key(event):
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        """The person went elsewhere."""
        super().focusOutEvent(event)
        kept = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if event.reason() not in kept:
            self._bar.close_line()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def command_line(window: Window) -> CommandLine:
    """The window's command line, made when it is first wanted."""
    made = window.cards.made.get("line")
    if made is None:
        made = window.cards.made["line"] = CommandLine(window)
        window.layout().addWidget(made)
    return made
