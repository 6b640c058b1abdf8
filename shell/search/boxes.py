"""What is typed into the panel of a search: the boxes, the switches beside them, and the keys that they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from kernel.words import mark, say
from shell.search.wanted import Wanted
from widgets.theme import Theme

#: Widths of the boxes in pixels at 100 %: what is looked for, which files.
_WIDE, _NARROW = 320, 170
#: Key with Alt → the switch's name, its sign, what it means.
_SWITCHES = {
    Qt.Key.Key_C: ("case", "Aa", mark("Capitals differ from small letters (Alt+C)")),
    Qt.Key.Key_W: ("word", "ab", mark("Whole words only (Alt+W)")),
    Qt.Key.Key_R: ("expression", ".*", mark("Regular expression (Alt+R)")),
}
_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Note(QLabel):
    """As wide as its place: what has no room is shortened, and its tip says all of it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class Boxes(QWidget):
    """The upper part of the panel.

    Signals:
        edited: Something else is looked for, or elsewhere.
        template_edited: Something else takes the places' place.
        accepted: Return was pressed in a box.
        down: Down was pressed in a box.
        replace_wanted: All is to be replaced.
    """

    edited = Signal()
    template_edited = Signal()
    accepted = Signal()
    down = Signal()
    replace_wanted = Signal()

    def __init__(self, theme: Theme, close: Callable[[], object], take_back: Callable[[], object], parent: QWidget):
        super().__init__(parent)
        self._theme = theme
        self.find = self._box(say("Find in all files"), _WIDE, self.edited)
        self.new = self._box(say("Replace with"), _WIDE, self.template_edited)
        self.include = self._box(say("Only in: *.kdl, desk"), _NARROW, self.edited)
        self.exclude = self._box(say("Not in: *.md, locale"), _NARROW, self.edited)
        self.switches = {name: self._switch(sign, say(tip)) for name, sign, tip in _SWITCHES.values()}
        self.note = _Note(self)
        self.every = self._button(say("Replace all"), say("Replace all that is listed (Ctrl+Alt+Return)"),
                                  self.replace_wanted.emit)  # fmt: skip
        self.every.setProperty("emphasis", "primary")
        self.back = self._button(say("Take back"), say("Take the replacement back"), take_back)
        self.back.hide()
        self.shut = QToolButton(self)
        self.shut.setAutoRaise(True)
        self.shut.setToolTip(say("Close (Escape)"))
        self.shut.setAccessibleName(say("Close"))
        self.shut.clicked.connect(close)
        self._lay_out()
        theme.changed.connect(self._dress)
        self._dress()

    def _lay_out(self) -> None:
        space = self._theme.space("tight")
        grid = QGridLayout(self)
        grid.setContentsMargins(self._theme.space("normal"), space, space, space)
        grid.setHorizontalSpacing(self._theme.space("normal"))
        grid.setVerticalSpacing(space)
        switches, buttons, side = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (switches, buttons, side):
            row.setSpacing(space)
        for switch in self.switches.values():
            switches.addWidget(switch)
        for part in (self.every, self.back):
            buttons.addWidget(part)
        side.addWidget(self.note, 1)
        side.addWidget(self.shut)
        self._side, self._buttons = side, buttons
        grid.addWidget(self.find, 0, 0)
        grid.addLayout(switches, 0, 1)
        grid.addWidget(self.include, 0, 2)
        grid.addWidget(self.exclude, 0, 3)
        grid.addLayout(side, 0, 4)
        grid.addWidget(self.new, 1, 0)
        grid.addLayout(buttons, 1, 1, 1, 4)
        for column, stretch in ((0, 4), (2, 2), (3, 2), (4, 4)):
            grid.setColumnStretch(column, stretch)

    # -- what is wanted -----------------------------------------------------------------------------------------------

    def wanted(self) -> Wanted:
        """What the boxes say."""
        on = {name: switch.isChecked() for name, switch in self.switches.items()}
        return Wanted(self.find.text(), on["expression"], on["case"], on["word"], self.include.text(),
                      self.exclude.text())  # fmt: skip

    def template(self) -> str | None:
        """What takes the places' place; None while nothing is replaced."""
        return self.new.text() if self.is_replacing else None

    @property
    def is_replacing(self) -> bool:
        """Whether there is a box for what takes the places' place."""
        return self.new.isVisibleTo(self)

    def show_parts(self, *, can_replace: bool) -> None:
        """With or without what replaces."""
        for part in (self.new, self.every):
            part.setVisible(can_replace)
        # Where there is more room.
        if can_replace:
            self._buttons.addWidget(self.note, 1)
        else:
            self._side.insertWidget(0, self.note, 1)

    def tell(self, text: str, tone: str = "muted") -> None:
        """Say how it stands."""
        self.note.setText(text)
        self.note.setToolTip(text)
        self.note.setStyleSheet(f"color: {self._theme.color(tone).name()}")
        self.find.setAccessibleDescription(text)

    # -- keys ---------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Return, Down and the switches' keys are the same in all boxes."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._act_of(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and (act := self._act_of(event)):
            act()
            return True
        return super().eventFilter(watched, event)

    def _act_of(self, event: QKeyEvent) -> Callable[[], Any] | None:
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if modifiers == Qt.KeyboardModifier.AltModifier and key in _SWITCHES:
            return self.switches[_SWITCHES[key][0]].click
        if key in _RETURN and modifiers == both and self.is_replacing:
            return self.replace_wanted.emit
        if key in _RETURN and not modifiers:
            return self.accepted.emit
        return self.down.emit if key == Qt.Key.Key_Down and not modifiers else None

    # -- parts --------------------------------------------------------------------------------------------------------

    def _box(self, name: str, width: int, told: Any) -> QLineEdit:
        box = QLineEdit(self)
        box.setPlaceholderText(name)
        box.setAccessibleName(name.partition(":")[0])
        box.setToolTip(name)
        box.setMinimumWidth(self._theme.length(width // 3))
        box.setMaximumWidth(self._theme.length(2 * width))
        box.textChanged.connect(lambda _text: told.emit())
        box.installEventFilter(self)
        return box

    def _switch(self, sign: str, tip: str) -> QToolButton:
        switch = QToolButton(self)
        switch.setText(sign)
        switch.setCheckable(True)
        switch.setToolTip(tip)
        switch.setAccessibleName(tip.partition(" (")[0])
        switch.toggled.connect(lambda _on: self.edited.emit())
        return switch

    def _button(self, text: str, tip: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(True)  # Return presses the one that has the focus
        button.clicked.connect(lambda: run())
        return button

    def _dress(self) -> None:
        side = self._theme.icon_size()
        self.shut.setIcon(self._theme.icon("close", "muted"))
        self.shut.setIconSize(QSize(side, side))
