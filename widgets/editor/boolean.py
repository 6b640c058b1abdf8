"""Yes, no, and unknown where null is allowed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from kernel.words import mark, say
from widgets.editor.editor import FieldEditor, Subject

_STATES = {None: Qt.CheckState.PartiallyChecked, True: Qt.CheckState.Checked, False: Qt.CheckState.Unchecked}
_VALUES = {state: value for value, state in _STATES.items()}
_WORDS = {None: mark("Not set"), True: mark("Yes"), False: mark("No")}


class BooleanEditor(FieldEditor):
    """Editor of boolean columns."""

    is_inset = True

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self._caption = ""
        self.box = QCheckBox(self)
        self.box.setTristate(not subject.column.is_required)
        self.box.clicked.connect(lambda _on: (self.touch(), self._say()))
        self.adopt(self.box)
        if subject.is_cell:
            # The cell's own box lies below it.
            self.row.setAlignment(self.box, Qt.AlignmentFlag.AlignCenter)
            self.box.setStyleSheet("spacing: 0")
            self.setAutoFillBackground(True)
            colors = self.palette()
            colors.setColor(self.backgroundRole(), subject.context.theme.color("surface"))
            self.setPalette(colors)

    def show_value(self, value: Any) -> None:
        """A value that is no boolean is shown as its text."""
        is_known = value is None or isinstance(value, bool)
        self.box.setTristate(value is None or not self.subject.column.is_required)
        self.box.setCheckState(_STATES[value] if is_known else Qt.CheckState.PartiallyChecked)
        self._say("" if is_known else str(value))

    def read(self) -> Any:
        """See :meth:`FieldEditor.read`."""
        return _VALUES[self.box.checkState()]

    def start(self, text: str) -> None:
        """Space switches."""
        if text == " ":
            self.box.click()

    def set_caption(self, text: str) -> None:
        """What stands beside the box in place of yes and no."""
        self._caption = text
        self._say()

    def _say(self, text: str = "") -> None:
        caption = self._caption.replace("&", "&&")
        self.box.setText("" if self.subject.is_cell else text or caption or say(_WORDS[_VALUES[self.box.checkState()]]))
