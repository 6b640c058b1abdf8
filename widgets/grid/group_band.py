"""The bar above the headings with what a grid is grouped by, as chips: taken away and moved by keys and mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QWidget

from kernel.words import say
from widgets.grid.group_action import keys_of, set_keys, ungroup

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

_KEY = Qt.Key
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Chip(QPushButton):
    """One key. Its cross takes it away; dragged sideways it changes places.

    Args:
        at: Its place among the keys.
    """

    def __init__(self, band: GroupBand, at: int, title: str, count: int) -> None:
        super().__init__(title, band)
        self._band, self.at, self._begin = band, at, QPointF()
        theme = band.grid.context.theme
        self.setIcon(theme.icon("close", "muted"))
        # The cross stands behind the name.
        ways = Qt.LayoutDirection
        self.setLayoutDirection(ways.LeftToRight if band.isRightToLeft() else ways.RightToLeft)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(say("Grouped by {title}, {value} of {count}", title=title, value=at + 1, count=count))
        self.setToolTip(say("Delete takes the key away, Ctrl+Left and Ctrl+Right move it"))
        fill, line = theme.color("raised").name(), theme.color("border").name()
        self.setStyleSheet(
            f"QPushButton {{ background: {fill}; border: 1px solid {line}; border-radius: {theme.radius('control')}px;"
            f" min-height: 0; padding: 0 6px 0 8px; outline: none; color: {theme.color('text').name()} }}"
            f"QPushButton:focus {{ border: 2px solid {theme.color('focus').name()}; padding: 0 5px 0 7px }}"
        )
        self.setFixedHeight(theme.height("control") - 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """A press may begin a drag."""
        self._begin = event.position()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Let go at another place, or press the cross."""
        self.setDown(False)
        way = event.position().x() - self._begin.x()
        if abs(way) >= QApplication.startDragDistance():
            self._band.drop(self.at, self.mapToParent(event.position().toPoint()).x())
        elif self.rect().contains(event.position().toPoint()) and self._is_cross(event.position().x()):
            self._band.remove(self.at)
        else:
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def _is_cross(self, x: float) -> bool:
        return x <= 26 if self._band.isRightToLeft() else x >= self.width() - 26

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Arrows go, with Ctrl they move the key; Delete takes it away; Escape and Down go to the rows."""
        band, step = self._band, {_KEY.Key_Left: -1, _KEY.Key_Right: 1}.get(event.key())
        if step is not None:
            step = -step if band.isRightToLeft() else step
            (band.shift if event.modifiers() & _CTRL else band.go)(self.at, step)
        elif event.key() in (_KEY.Key_Delete, _KEY.Key_Backspace):
            band.remove(self.at)
        elif event.key() in (_KEY.Key_Escape, _KEY.Key_Down, _KEY.Key_Return, _KEY.Key_Enter):
            band.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)


class GroupBand(QWidget):
    """Quiet: the ground of the headings, a word and the chips."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self.grid = grid
        self.chips: list[Chip] = []
        self.setAccessibleName(say("Grouped by"))
        theme = grid.context.theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(grid.look.padding, 0, grid.look.padding, 0)
        self._row.setSpacing(theme.space("tight"))
        self._label = QLabel(say("Grouped by"), self)
        self._row.addWidget(self._label)
        self._row.addStretch(1)
        self.clear = QPushButton(say("No groups"), self)
        self.clear.setFlat(True)
        self.clear.setToolTip("Alt+Shift+G")
        self.clear.clicked.connect(lambda: ungroup(grid))
        self._row.addWidget(self.clear)
        theme.changed.connect(self.take_keys)

    def band_height(self) -> int:
        """See ``band``."""
        return int(self.grid.context.theme.height("control")) + 6

    def take_keys(self) -> None:
        """Show the keys as they are now."""
        for chip in self.chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        theme, keys = self.grid.context.theme, keys_of(self.grid)
        self._label.setStyleSheet(f"color: {theme.color('muted').name()}; background: transparent")
        self.clear.setStyleSheet(f"color: {theme.color('text').name()}")
        titles = [self.grid.outline.key_title(key) for key in keys] if keys else []
        self.chips = [Chip(self, at, title, len(keys)) for at, title in enumerate(titles)]
        for at, chip in enumerate(self.chips):
            self._row.insertWidget(at + 1, chip)
            chip.show()

    def take_focus(self, at: int = 0) -> None:
        """Go to a chip."""
        if self.chips:
            self.chips[min(max(at, 0), len(self.chips) - 1)].setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def go(self, at: int, step: int) -> None:
        """Go to the chip beside one."""
        self.take_focus(at + step)

    def shift(self, at: int, step: int) -> None:
        """Let a key and the one beside it change places."""
        keys, to = list(keys_of(self.grid)), at + step
        if 0 <= to < len(keys):
            keys.insert(to, keys.pop(at))
            set_keys(self.grid, tuple(keys))
            self.take_focus(to)

    def drop(self, at: int, x: int) -> None:
        """A chip was dragged to there."""
        centers = [chip.geometry().center().x() for chip in self.chips if chip.at != at]
        to = sum(center > x if self.isRightToLeft() else center < x for center in centers)
        self.shift(at, to - at)

    def remove(self, at: int) -> None:
        """Take a key away."""
        keys = keys_of(self.grid)
        set_keys(self.grid, (*keys[:at], *keys[at + 1 :]))
        self.take_focus(at)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The ground of the headings."""
        painter, look = QPainter(self), self.grid.look
        painter.fillRect(event.rect(), QBrush(look.colors["sunken"]))
        painter.setPen(look.pens["line"])
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
