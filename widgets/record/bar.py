"""The line over a record: back, what the row is called, where it stands, its neighbours, a search for fields, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from kernel.words import mark, say

if TYPE_CHECKING:
    from widgets.theme import Theme

#: Name of the button → (icon, what it does with its key).
_MOVES = {
    "first": ("first", mark("First row (Alt+Home)")), "previous": ("previous", mark("Row before (Alt+PageUp)")),
    "next": ("next", mark("Next row (Alt+PageDown)")), "last": ("last", mark("Last row (Alt+End)")),
}  # fmt: skip
#: From the last letter to the search, in ms.
_SEARCH_AFTER_MS = 120
#: Room for the search, in pixels; below the other width of the bar it goes, and the
#: title has a line of its own.
_SEARCH_WIDTH, _NARROW = 170, 420


class _Title(QLabel):
    """A line that is cut where its room ends; a tip says it whole then."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, text: str) -> None:
        """Show a text."""
        self.setAccessibleName(text)
        self._cut()

    def _cut(self) -> None:
        text = self.accessibleName()
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        self.setToolTip(text if shown != text else "")

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """Cut it anew."""
        super().resizeEvent(event)
        self._cut()


class RecordBar(QWidget):
    """Signals: ``moved`` with a name of ``_MOVES``, ``back``, ``closed``, ``searched`` with the text,
    ``asked_history``."""

    moved = Signal(str)
    back = Signal()
    closed = Signal()
    searched = Signal(str)
    asked_history = Signal()

    def __init__(self, theme: Theme, parent: QWidget, *, can_close: bool) -> None:
        super().__init__(parent)
        self._theme = theme
        self._line = line = QGridLayout(self)
        line.setContentsMargins(0, 0, 0, theme.space("tight"))
        line.setSpacing(theme.space("tight"))
        line.setColumnStretch(1, 1)
        self.back_button = self._button("arrow-left", say("Back (Alt+Left)"), self.back.emit)
        self.title, self.position = _Title(self), QLabel(self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(say("Find a field"))
        self.search.setAccessibleName(say("Find a field"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(_SEARCH_WIDTH)
        self._searching = QTimer(self)
        self._searching.setSingleShot(True)
        self._searching.setInterval(_SEARCH_AFTER_MS)
        self._searching.timeout.connect(lambda: self.searched.emit(self.search.text()))
        self.search.textChanged.connect(lambda _text: self._searching.start())
        for column, part in enumerate((self.back_button, self.title, self.search, self.position)):
            line.addWidget(part, 0, column)
        self.buttons = {
            name: self._button(icon, say(tip), lambda name=name: self.moved.emit(name))
            for name, (icon, tip) in _MOVES.items()
        }
        self.history = self._button("history", say("History of this row (Ctrl+K Ctrl+H)"), self.asked_history.emit)
        parts = [*self.buttons.values(), self.history]
        if can_close:
            parts.append(self._button("close", say("Back to the list (F9)"), self.closed.emit))
        for column, button in enumerate(parts, 4):
            line.addWidget(button, 0, column)
        theme.changed.connect(self._dress)
        self._dress()

    def _button(self, icon: str, tip: str, run: Any) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(self._theme.icon(icon))
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _on=False: run())
        return button

    def say(
        self, title: str, row: int, count: int, is_exact: bool, *, has_back: bool, has_history: bool = True
    ) -> None:
        """Show what the row is called and where it stands; ``row`` -1 has no neighbours."""
        self.title.say(title)
        self.history.setVisible(has_history)
        has_order = row >= 0 and count > 0
        self.position.setVisible(has_order)
        text = mark("{place} of {number}") if is_exact else mark("{place} of about {number}")
        self.position.setText(say(text, place=f"{row + 1:,}", number=f"{count:,}"))
        self.back_button.setVisible(has_back)
        for name, button in self.buttons.items():
            button.setVisible(has_order)
            button.setEnabled(row > 0 if name in ("first", "previous") else row < count - 1)

    def take_width(self, width: int, many: bool) -> None:
        """The record got another width; the search is for records of many fields."""
        is_narrow = width < _NARROW
        self.search.setVisible(many and not is_narrow)
        place = (1, 0, 1, self._line.columnCount()) if is_narrow else (0, 1, 1, 1)
        self._line.addWidget(self.title, *place)

    def _dress(self) -> None:
        self.title.setFont(self._theme.font("heading"))
        self.position.setStyleSheet(f"color: {self._theme.color('muted').name()}")
