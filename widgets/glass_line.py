"""A line to search in: a glass at its start, as large as the icons that stand beside texts of its size.

Qt's own icons of lines stay at 16 pixels, whatever the size of the texts, and cost three times what the line does.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from widgets.theme import Theme
from widgets.theme.icon import paint_icon

#: Room before the glass and behind it, in pixels at 100 %; the sheet's padding stands before it already.
_BEFORE, _BEHIND = 8, 2


class GlassLine(QLineEdit):
    """The line; :meth:`fit_glass` follows when icons, or the way that the language runs, are others."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def fit_glass(self) -> None:
        """Let the text begin behind the glass."""
        room = self.theme.icon_size() + round(_BEHIND * self.theme.scale())
        self.setTextMargins(*((0, 0, room, 0) if self.isRightToLeft() else (room, 0, 0, 0)))
        self.update()

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        """The room is made when it can be seen."""
        self.fit_glass()
        super().showEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        super().paintEvent(event)
        side, before = self.theme.icon_size(), round(_BEFORE * self.theme.scale())
        left = self.width() - before - side if self.isRightToLeft() else before
        painter = QPainter(self)
        paint_icon(painter, QRectF(left, (self.height() - side) / 2, side, side), "search", self.theme.color("muted"))
        painter.end()
