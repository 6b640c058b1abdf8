"""The editor as one of the program's field editors: a column's text, or a state's, with edits told to the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSizePolicy, QWidget

from plugins.api import Bound, FieldEditor, Subject, say
from plugins.scintilla.document import EncodingError, Form, read, told_line_end, write
from plugins.scintilla.pane import Pane

#: A pause of the typing after which the form has the text, in ms; it knows of the first letter at once.
_PAUSE_MS = 200


class CodeField(FieldEditor):
    """A column's text in the editor; a file's bytes too, in their encoding.

    Args:
        subject: What it edits.
        parent: The field.
        bound: Answers what it is bound to; another row's text begins anew, with nothing to undo.
    """

    is_tall = True
    takes_return = True

    def __init__(self, subject: Subject, parent: QWidget | None, bound: Callable[[], Bound]) -> None:
        super().__init__(subject, parent)
        self._bound = bound
        self._shown_key: Any = None
        self._has_shown = self._is_showing = self._waits = False
        self._is_read_only = self._is_held = False
        self.pane = Pane(subject.context, self, title=subject.title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.row.addWidget(self.pane, 1)
        self.setFocusProxy(self.pane.code.host.view)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.settle)
        self.pane.edited.connect(self._edited)
        self.pane.form_changed.connect(self._edited)

    @property
    def is_listing(self) -> bool:
        """Escape is the editor's: it closes what is open, and never takes back a whole text."""
        return True

    def settle(self) -> None:
        """See :meth:`FieldEditor.settle`."""
        self._pause.stop()
        if self._waits:
            self._waits = False
            self.touch()

    def value(self) -> Any:
        """See :meth:`FieldEditor.value`."""
        return self.read() if self._is_touched else self._value

    def is_valid(self) -> str:
        """See :meth:`FieldEditor.is_valid`; what was not told yet is told now."""
        self.settle()
        return super().is_valid()

    def show_value(self, value: Any) -> None:
        """See :meth:`FieldEditor.show_value`; the same text again changes nothing, caret and undo stay."""
        self._pause.stop()
        self._waits, self._is_showing = False, True
        key = self._bound().row_key
        try:
            self._show(value, is_other=not self._has_shown or key != self._shown_key)
        finally:
            self._shown_key, self._has_shown, self._is_showing = key, True, False

    def _show(self, value: Any, *, is_other: bool) -> None:
        if isinstance(value, bytes | bytearray | memoryview):
            text, form = read(bytes(value))
        else:
            text = ("" if value is None else str(value)).encode("utf-8", "surrogatepass")
            line_end, is_mixed = told_line_end(text)
            form = Form("utf-8", False, line_end, is_mixed)
        if is_other:
            self.pane.load(text, form, self._path())
        elif text != self.pane.text():
            self.pane.form = form
            self.pane.take(text)
        self.pane.code.mark_saved()

    def _path(self) -> str:
        return ""

    def _edited(self) -> None:
        if self._is_showing:
            return
        self._waits = True
        if not (self._is_touched and self._bound().holds_edit):
            self.settle()
        else:
            self._pause.start()

    def read(self) -> Any:
        """See :meth:`FieldEditor.read`."""
        text = self.pane.text()
        if self.subject.column.type == "blob":
            try:
                data = write(text, self.pane.form)
            except EncodingError as error:
                raise ValueError(str(error)) from error
            return data if data or self.subject.column.is_required else None
        try:
            letters = text.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise ValueError(say("this text has bytes that are no letters")) from None
        return letters if letters or self.subject.column.is_required else None

    def set_read_only(self, is_read_only: bool) -> None:
        """See :meth:`FieldEditor.set_read_only`."""
        self._is_read_only = is_read_only
        self._take_read_only()

    def hold(self, is_held: bool) -> None:
        """Show only, whatever the column says."""
        self._is_held = is_held
        self._take_read_only()

    def _take_read_only(self) -> None:
        is_closed = self._is_read_only or self._is_held
        if self.pane.code.is_read_only != is_closed:
            self.pane.code.set_read_only(is_closed)
            self.pane.status.tell()

    def start(self, text: str) -> None:
        """See :meth:`FieldEditor.start`."""
        self.pane.take(text.encode("utf-8", "surrogatepass"))

    def select_all(self) -> None:
        """See :meth:`FieldEditor.select_all`."""
        self.pane.code.select(0, self.pane.code.length)

    def break_line(self) -> None:
        """See :meth:`FieldEditor.break_line`."""
        self.pane.code.type(self.pane.code.line_end)
