"""The border between two children of a split: mouse and keyboard move it; where there is no room for both of them it
shows the one that is folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QCursor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitterHandle, QWidget

from kernel.words import say
from widgets.fill import fill
from widgets.theme.icon import paint_icon

if TYPE_CHECKING:
    from widgets.split import Split

#: Pixels that an arrow key moves a border; with Shift the larger one.
STEP, LARGE_STEP = 16, 96
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
#: Side of the sign that something is folded away, in pixels at 100 %.
_SIGN = 20


class Handle(QSplitterHandle):
    """A border: a hairline in a strip that is easy to hit; it can hold the focus."""

    def __init__(self, split: Split) -> None:
        super().__init__(split.orientation(), split)
        self._split = split
        self.came_from: QWidget | None = None
        self._pressed_at = QPoint()
        self.setAccessibleName(say("Border"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(self._split.handleWidth(), self._split.handleWidth())

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        theme = self._split.context.theme
        is_strong = self.hasFocus() or (self.underMouse() and self._is_below_pointer())
        thickness = theme.border("focus" if is_strong else "hair")
        rect = self.rect()
        if self.orientation() == Qt.Orientation.Horizontal:
            rect.setLeft(rect.center().x())
            rect.setWidth(thickness)
        else:
            rect.setTop(rect.center().y())
            rect.setHeight(thickness)
        painter = QPainter(self)
        fill(painter, rect, theme.color("focus" if is_strong else "line"))
        if self._split.is_folding:
            self._paint_sign(painter, "focus" if is_strong else "muted")

    def _is_below_pointer(self) -> bool:
        """Qt tells a border that moves away below a pointer that rests of nothing."""
        return self.rect().contains(self.mapFromGlobal(QCursor.pos()))

    def _paint_sign(self, painter: QPainter, tone: str) -> None:
        """An arrow that points to where what is folded away comes from."""
        theme, side = self._split.context.theme, _SIGN * self._split.context.theme.text_size
        center = self.rect().center()
        box = QRectF(center.x() - side, 1, 2 * side, self.height() - 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("line"))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        icon = QRectF(center.x() - side / 2, center.y() - side / 2 + 1, side, side)
        paint_icon(painter, icon, "chevron-up" if self._split.is_folded_behind(self) else "chevron-down",
                   theme.color(tone))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        self._pressed_at = event.globalPosition().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # Qt's name
        super().mouseReleaseEvent(event)
        if self._split.is_folding and event.globalPosition().toPoint() == self._pressed_at:
            self._split.unfold_at(self)

    def describe(self) -> None:
        """Say what it does now."""
        says = say("Return shows what is folded away") if self._split.is_folding else say("Arrow keys move it")
        self.setAccessibleDescription(say("{says}, Escape leaves", says=says))
        self.setToolTip(say("Show what is folded away") if self._split.is_folding else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        direction = _KEYS.get(Qt.Key(event.key()))
        if self._split.is_folding and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._split.unfold_at(self)
        elif direction is not None:
            is_large = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            if self._split.orientation() == Qt.Orientation.Horizontal and self.isRightToLeft():
                direction = -direction
            self._split.move_border(self, direction * (LARGE_STEP if is_large else STEP))
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
            (self.came_from or self._split).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusOutEvent(event)
        self.update()
