"""Several lines of text."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from widgets.editor.editor import FieldEditor, Subject


class _Text(QPlainTextEdit):
    """Tab leaves; Ctrl+Return accepts."""

    def __init__(self, editor: LongTextEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setTabChangesFocus(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._editor.committed.emit()
        else:
            super().keyPressEvent(event)


class LongTextEditor(FieldEditor):
    """Editor of longtext columns, ``lines`` lines high in a form."""

    # As high as its lines; the one line of other editors would let a low form cut it off.
    is_tall = True
    takes_return = True

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self.text = _Text(self)
        self.adopt(self.text)
        self._is_showing = False
        if not subject.is_cell:
            margins = 2 * self.text.frameWidth() + 2 * int(self.text.document().documentMargin()) + 6
            self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * max(subject.lines, 1) + margins)
        self.text.textChanged.connect(self._edited)

    def _edited(self) -> None:
        if not self._is_showing:
            self.touch()

    def break_line(self) -> None:
        """See :meth:`FieldEditor.break_line`."""
        self.text.insertPlainText("\n")

    def show_value(self, value: Any) -> None:
        """See :meth:`FieldEditor.show_value`."""
        self._is_showing = True
        self.text.setPlainText("" if value is None else str(value))
        self._is_showing = False

    def read(self) -> Any:
        """See :meth:`FieldEditor.read`."""
        text = self.text.toPlainText()
        return text if text or self.subject.column.is_required else None

    def set_read_only(self, is_read_only: bool) -> None:
        """See :meth:`FieldEditor.set_read_only`."""
        self.text.setReadOnly(is_read_only)
        self.set_quiet(self.text, is_read_only)

    def start(self, text: str) -> None:
        """See :meth:`FieldEditor.start`."""
        self.text.setPlainText(text)
        self.text.moveCursor(self.text.textCursor().MoveOperation.End)

    def select_all(self) -> None:
        """See :meth:`FieldEditor.select_all`."""
        self.text.selectAll()
