"""Several lines of text."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QKeyEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from widgets.editor.editor import FieldEditor, Subject, stand_in

#: Letters of a stored text that are shown: Qt lays out a paragraph as a whole, a second for a million of them.
MOST_SHOWN = 100_000
#: Letters of a word from which on lines may break within words: Qt looks for other places in quadratic time.
LONG_WORD = 1_000
_WHOLE_WORDS, _ANYWHERE = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere, QTextOption.WrapMode.WrapAnywhere


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

    def insertFromMimeData(self, source: QMimeData) -> None:  # Qt's name
        """Long words are wrapped before they are there."""
        self.wrap(source.text())
        super().insertFromMimeData(source)

    def wrap(self, text: str) -> None:
        """Break lines where this text can be laid out in time."""
        if any(len(word) > LONG_WORD for word in text.split()):
            self.setWordWrapMode(_ANYWHERE)


class LongTextEditor(FieldEditor):
    """Editor of longtext columns, ``lines`` lines high in a form; of what is too long to be edited, the beginning."""

    # As high as its lines; the one line of other editors would let a low form cut it off.
    is_tall = True
    takes_return = True

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self.text = _Text(self)
        self.adopt(self.text)
        self._is_showing = self._is_cut = self._is_read_only = False
        if not subject.is_cell:
            margins = 2 * self.text.frameWidth() + 2 * int(self.text.document().documentMargin()) + 6
            self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * max(subject.lines, 1) + margins)
        self.text.textChanged.connect(self._edited)

    def _edited(self) -> None:
        if not self._is_showing:
            self.touch()

    def break_line(self) -> None:
        """See :meth:`FieldEditor.break_line`."""
        if not self.text.isReadOnly():
            self.text.insertPlainText("\n")

    def show_value(self, value: Any) -> None:
        """See :meth:`FieldEditor.show_value`."""
        instead = stand_in(value, MOST_SHOWN)
        self._is_cut = bool(instead)
        text = instead or ("" if value is None else str(value))
        self._is_showing = True
        self.text.setWordWrapMode(_WHOLE_WORDS)
        self.text.wrap(text)
        self.text.setPlainText(text)
        self.text.setReadOnly(self._is_cut or self._is_read_only)
        self._is_showing = False

    def read(self) -> Any:
        """See :meth:`FieldEditor.read`."""
        text = self.text.toPlainText()
        return text if text or self.subject.column.is_required else None

    def set_read_only(self, is_read_only: bool) -> None:
        """See :meth:`FieldEditor.set_read_only`."""
        self._is_read_only = is_read_only
        self.text.setReadOnly(is_read_only or self._is_cut)
        self.set_quiet(self.text, is_read_only)

    def start(self, text: str) -> None:
        """See :meth:`FieldEditor.start`."""
        self._is_cut = False
        self.text.setReadOnly(self._is_read_only)
        self.text.setPlainText(text)
        self.text.moveCursor(self.text.textCursor().MoveOperation.End)

    def select_all(self) -> None:
        """See :meth:`FieldEditor.select_all`."""
        self.text.selectAll()
