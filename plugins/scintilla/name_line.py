"""A box over the text, at a place in it, that asks for one name: Return takes it, Escape or leaving gives it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from plugins.scintilla.host import SCI

if TYPE_CHECKING:
    from plugins.scintilla.pane import Pane


class NameLine(QLineEdit):
    """The box; gone when it is answered."""

    def __init__(self, pane: Pane, title: str, text: str, take: Callable[[str], Any]) -> None:
        super().__init__(text, pane.window())
        self._pane, self._take, self._is_over = pane, take, False
        self.setAccessibleName(title)
        self.setPlaceholderText(title)
        self.setFont(pane.theme.font("mono"))
        self.textChanged.connect(lambda _: self._fit())

    def open_at(self, place: int) -> None:
        """Stand over a place of the text."""
        code = self._pane.code
        start = code.send(SCI.SCI_WORDSTARTPOSITION, place, 1)
        x, y = (code.send(one, 0, start) for one in (SCI.SCI_POINTXFROMPOSITION, SCI.SCI_POINTYFROMPOSITION))
        at = self._pane.window().mapFromGlobal(code.host.view.viewport().mapToGlobal(QPoint(x, y)))
        below = code.send(SCI.SCI_TEXTHEIGHT, 0)
        self._fit()
        self.move(max(0, min(at.x() - self._pane.theme.length(8), self.window().width() - self.width())),
                  min(at.y() + below + 2, self.window().height() - self.height()))  # fmt: skip
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Escape and Return are the box's, whatever the window has them for."""
        own = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.type() == QEvent.Type.ShortcutOverride and event.key() in own:  # type: ignore[attr-defined]
            event.accept()
            return True
        if event.type() == QEvent.Type.FocusOut:
            self._end("")
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Return takes the name, Escape gives it up."""
        if event.key() == Qt.Key.Key_Escape:
            self._end("")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end(self.text().strip())
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        theme = self._pane.theme
        width = QFontMetrics(self.font()).horizontalAdvance(self.text()) + theme.length(48)
        self.resize(max(width, theme.length(160)), theme.length(30))

    def _end(self, name: str) -> None:
        if self._is_over:
            return
        self._is_over = True
        self.hide()
        self.deleteLater()
        self._pane.focus_code()
        if name:
            self._take(name)
