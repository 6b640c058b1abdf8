"""A pane over a file: reading, saving, what happens when somebody else changes the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from plugins.api import Context, EspalierError, FormBar, say
from plugins.scintilla.document import Form, read, write
from plugins.scintilla.file import EditedFile
from plugins.scintilla.pane import Pane


class FileText(QWidget):
    """One file in the editor; ``saved`` when it was written.

    Args:
        path: A file on this machine, or the name of one of the app's.
        context: The window's surroundings. What it finds no place for is read from the app, and cannot be written.
    """

    saved = Signal()

    def __init__(self, path: str, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.bar = FormBar(context.theme, self)
        self.pane = Pane(context, self, title=Path(path).name)
        column.addWidget(self.bar)
        column.addWidget(self.pane, 1)
        self.path = path
        self.file: EditedFile | None = None
        self._stored = Form()
        self._is_other = False
        self.load()

    def load(self) -> None:
        """Read the file; what is typed is given up.

        Raises:
            EspalierError: it cannot be read.
        """
        place = self.context.find_file(self.path)
        if place is None:
            data = self.context.read_file(self.path)
            if data is None:
                hint = say("an app reads its own files; others where it asks for the permission “files”")
                raise EspalierError(say("there is no file {path} here", path=self.path), hint=hint)
            self.pane.code.set_read_only(True)
        else:
            if self.file is None:
                self.file = EditedFile(place, self)
                self.file.changed.connect(self._hear_change)
            data = self.file.read()
        text, self._stored = read(data)
        self.pane.load(text, self._stored, self.path)

    def has_edits(self) -> bool:
        """Whether something is typed, or another encoding chosen, that is not written."""
        return self.file is not None and (self.pane.code.is_dirty or self.pane.form != self._stored)

    def save(self) -> bool:
        """Write the file; False where the person has to decide or to mend something first, which the bar says."""
        if self.file is None:
            self.bar.say(say("This file belongs to the app and cannot be written here"), "warning")
            return False
        self.file.look()
        if self._is_other:
            self._ask()
            return False
        return self._write()

    def _write(self) -> bool:
        assert self.file is not None
        try:
            self.file.write(write(self.pane.text(), self.pane.form))
        except EspalierError as error:
            text = str(error)
            self.bar.say(text[:1].upper() + text[1:], "error")
            return False
        self._stored, self._is_other = self.pane.form, False
        self.pane.code.mark_saved()
        self.bar.dismiss()
        self.saved.emit()
        return True

    def take_theirs(self) -> None:
        """Show the file as it is now; the step can be undone."""
        assert self.file is not None
        self._is_other = False
        try:
            data = self.file.read()
        except EspalierError as error:
            self.bar.say(str(error), "error")
            return
        text, form = read(data)
        self._stored = self.pane.form = form
        self.pane.take(bytes(text))
        self.pane.code.mark_saved()
        self.pane.status.tell()

    def keep_mine(self) -> None:
        """Write over the file as it is now."""
        self._is_other = False
        self._write()

    def _hear_change(self) -> None:
        assert self.file is not None
        if not self.file.path.exists():
            self.bar.say(say("The file was deleted meanwhile; saving makes it anew"), "warning")
            return
        if self.has_edits():
            self._is_other = True
            self._ask()
        else:
            self.take_theirs()
            self.bar.dismiss()

    def _ask(self) -> None:
        answers: tuple[tuple[str, Callable[[], None]], ...] = (
            (say("Take theirs"), self.take_theirs), (say("Keep mine"), self.keep_mine),
        )  # fmt: skip
        text = say("Another program changed this file meanwhile")
        self.bar.say(text, "warning", *answers, is_asking=True)
