"""Base of the editors that are one line of text with a meaning."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from kernel.tables.change import is_temporary
from widgets.editor.editor import FieldEditor, Subject
from widgets.format import writer

#: Width of a button inside the line, in pixels at 100 %.
BUTTON_WIDTH = 26


class Line(QLineEdit):
    """A line that hands the keys of its editor on."""

    def __init__(self, editor: LineEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._button: QToolButton | None = None

    def add_button(self, icon: str, name: str, tip: str = "") -> QToolButton:
        """A button inside the end of the line, so that all fields share one right edge."""
        button = self._button = QToolButton(self)
        button.setIcon(self._editor.subject.context.theme.icon(icon, "muted"))
        button.setAccessibleName(name)
        button.setToolTip(tip)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAutoRaise(True)
        self.show_button(True)
        return button

    def show_button(self, is_shown: bool) -> None:
        """Show or hide the button; the text takes its room."""
        if self._button is not None:
            self._button.setVisible(is_shown)
            room = self._room() - 8 if is_shown else 0
            start, end = (room, 0) if self.isRightToLeft() else (0, room)
            self.setTextMargins(start, 0, end, 0)

    def _room(self) -> int:
        return self._editor.subject.context.theme.length(BUTTON_WIDTH)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        """Keep the button at the end."""
        super().resizeEvent(event)
        if self._button is not None:
            at = 2 if self.isRightToLeft() else self.width() - self._room() - 2
            self._button.setGeometry(at, 2, self._room(), self.height() - 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Return accepts; the popup keys open the popup."""
        is_down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        if is_down or event.key() == Qt.Key.Key_F4:
            self._editor.open_popup()
            return
        if not self._editor.handle_key(event):
            super().keyPressEvent(event)


class LineEditor(FieldEditor):
    """Shows ``write(value)``, reads ``parse(text)``; an empty text is null."""

    #: Where the text stands.
    alignment = Qt.AlignmentFlag.AlignLeading

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self.line = Line(self)
        # Numbers stand under each other in a grid; in a form all values begin at one edge.
        side = self.alignment if subject.is_cell else Qt.AlignmentFlag.AlignLeading
        self.line.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.line.setFrame(not subject.is_cell)
        self.line.textEdited.connect(lambda _text: self.touch())
        self.line.returnPressed.connect(self.committed)
        self.adopt(self.line)
        self._write = writer(subject.column.type, "")

    def write(self, value: Any) -> str:
        """The text for a value; must read back to the same value."""
        return self._write(value)

    def parse(self, text: str) -> Any:
        """The value of a text that is not empty; raises ValueError."""
        return text

    def read(self) -> Any:
        """See :meth:`FieldEditor.read`."""
        text = self.line.text().strip()
        return self.parse(text) if text else None

    def show_value(self, value: Any) -> None:
        """See :meth:`FieldEditor.show_value`."""
        text = "" if value is None or is_temporary(value) else self.write(value)
        if text != self.line.text():
            self.line.setText(text)
            self.line.setCursorPosition(0)

    def set_read_only(self, is_read_only: bool) -> None:
        """Still selectable, so that it can be copied."""
        self.line.setReadOnly(is_read_only)
        self.line.show_button(not is_read_only)
        self.set_quiet(self.line, is_read_only)
        if is_read_only and not self._is_touched and self.subject.format and self.line.text():
            self.line.setText(writer(self.subject.column.type, self.subject.format)(self._value))

    def start(self, text: str) -> None:
        """See :meth:`FieldEditor.start`."""
        self.line.setText(text)
        self.touch()

    def select_all(self) -> None:
        """See :meth:`FieldEditor.select_all`."""
        self.line.selectAll()

    def handle_key(self, event: QKeyEvent) -> bool:
        """A key before the line has it; True = taken."""
        return False
