"""One of a few values."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QWidget

from widgets.editor.editor import FieldEditor, Subject
from widgets.format import column_writer


class Box(QComboBox):
    """Knows whether a choice comes from the keys of the closed box, which only browse, or from the open list."""

    is_browsing = False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Arrow keys and letters choose without accepting; Alt+Down and F4 open the list."""
        self.is_browsing = True
        super().keyPressEvent(event)
        self.is_browsing = False


class ChoiceEditor(FieldEditor):
    """Editor of columns with choices; a stored value that is none of them stays in the list."""

    extra_width = 44

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self.box = Box(self)
        self.box.setFrame(not subject.is_cell)
        self._write = column_writer(subject.column, subject.format)
        self._values: list[Any] = []
        self._fill(list(subject.column.choices))
        self.box.activated.connect(self._take)
        self.box.currentIndexChanged.connect(self._moved)
        self.adopt(self.box)
        self._is_showing = False

    def _fill(self, values: list[Any]) -> None:
        self._is_showing = True
        self._values = values if self.subject.column.is_required else [None, *values]
        self.box.clear()
        self.box.addItems(["\u2014" if value is None else self._write(value) for value in self._values])
        self._is_showing = False

    def _take(self, _index: int) -> None:
        self.touch()
        if self.subject.is_cell and not self.box.is_browsing:
            self.committed.emit()

    def _moved(self, _index: int) -> None:
        if not self._is_showing:
            self.touch()

    def show_value(self, value: Any) -> None:
        """See :meth:`FieldEditor.show_value`."""
        if value is not None and value not in self._values:
            self._fill([*self.subject.column.choices, value])
        self._is_showing = True
        self.box.setCurrentIndex(self._values.index(value) if value in self._values else -1)
        self._is_showing = False

    def read(self) -> Any:
        """See :meth:`FieldEditor.read`."""
        index = self.box.currentIndex()
        return self._values[index] if index >= 0 else None

    def start(self, text: str) -> None:
        """The first choice that starts with the text."""
        starts = (at for at, value in enumerate(self._values) if self._write(value).lower().startswith(text.lower()))
        index = next(starts, -1)
        if index >= 0:
            self.box.setCurrentIndex(index)

    def open_popup(self) -> None:
        """See :meth:`FieldEditor.open_popup`."""
        self.box.showPopup()
