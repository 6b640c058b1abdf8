"""A few lines shown within the text, until the person goes on: what stood there before, who wrote the line.

While they are shown Escape closes them, and Return goes where they lead, if they lead anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from plugins.scintilla.annotation import Rows

if TYPE_CHECKING:
    from plugins.scintilla.pane import Pane

_CLOSE, _ENTER = (Qt.Key.Key_Escape,), (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Peek(QObject):
    """What one text shows so.

    Attributes:
        rows: What is shown; empty while nothing is.
    """

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane)
        self._pane = pane
        self.rows: Rows = {}
        self._enter: Callable[[], Any] | None = None
        self._line = -1
        pane.code.edited.connect(self.close)
        pane.code.moved.connect(self._look)

    def show(self, rows: Rows, enter: Callable[[], Any] | None = None, *, stays: bool = True) -> None:
        """Show lines.

        Args:
            rows: As :class:`plugins.scintilla.annotation.Annotations`.
            enter: What Return does; None leaves it to the text.
            stays: Whether it stays when the caret goes to another line.
        """
        self.close()
        code = self._pane.code
        self.rows, self._enter = rows, enter
        self._line = -1 if stays else code.line_of(code.caret)
        self._pane.annotations.put("peek", rows)
        # Installed last and so asked first, before modes and commands.
        code.host.view.installEventFilter(self)

    def close(self) -> None:
        """Show nothing."""
        if self.rows:
            self.rows, self._enter = {}, None
            self._pane.code.host.view.removeEventFilter(self)
            self._pane.annotations.put("peek", {})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Escape and Return; all other keys are the text's."""
        if not isinstance(event, QKeyEvent) or event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return False
        has_modifier = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_enter = event.key() in _ENTER and self._enter is not None
        if has_modifier or not (event.key() in _CLOSE or is_enter):
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            enter = self._enter
            self.close()
            if is_enter and enter is not None:
                enter()
        return True

    def _look(self) -> None:
        code = self._pane.code
        if self.rows and self._line >= 0 and code.line_of(code.caret) != self._line:
            self.close()
