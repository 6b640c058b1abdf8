"""A card over a grid: the list of columns, the values of a column, its statistics. One is open at a time.

It is a child of the grid's window, since a low grid would cut it off; it goes with its grid, when the focus leaves it,
and by Escape, and gives the focus back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QVBoxLayout, QWidget

from widgets.theme.tint import tint

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Room around the content, and to the edges of the window, in pixels.
MARGIN, EDGE = 12, 6


class Panel(QFrame):
    """A card with a title.

    Args:
        title: Heading and accessible name.
        width, height: Wanted size in pixels at 100 %; smaller where the window is.
    """

    def __init__(self, grid: Grid, title: str, width: int, height: int) -> None:
        super().__init__(grid.window())
        self.grid = grid
        self._wanted = (width, height)
        self._is_closed = False
        theme = grid.context.theme
        self.setObjectName("panel")
        self.setAccessibleName(title)
        edge = f"border: 1px solid ${{border}}; border-radius: {theme.radius('control')}px"
        lists = "#panel QLabel { background: transparent } #panel QListView { background: ${raised}; border: none }"
        tint(self, theme, f"#panel {{ background: ${{raised}}; {edge} }} {lists}")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self.column.setSpacing(theme.space("normal"))
        self.title = QLabel(title, self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setFont(theme.font("strong"))
        self.column.addWidget(self.title)
        grid.installEventFilter(self)
        grid.destroyed.connect(self.deleteLater)
        QApplication.instance().focusChanged.connect(self._follow_focus)

    def open(self, focus: QWidget, column: int = -1) -> None:
        """Show it below a column's heading (the current column's by default), the focus in one of its widgets."""
        before = getattr(self.grid, "panel", None)
        if before is not None and before is not self:
            before.close_panel()
        self.grid.panel = self
        self._place(self.grid.current.column if column < 0 else column)
        self.show()
        self.raise_()
        focus.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_panel(self) -> None:
        """Go, and give the focus back to the grid when it was here."""
        if self._is_closed:
            return
        self._is_closed = True
        self.end()
        had_focus = self.isAncestorOf(self.window().focusWidget() or self.grid)
        QApplication.instance().focusChanged.disconnect(self._follow_focus)
        self.grid.panel = None
        self.hide()
        self.deleteLater()
        if had_focus:
            self.grid.setFocus(Qt.FocusReason.PopupFocusReason)

    def end(self) -> None:
        """What a panel lets go of when it closes."""

    def _place(self, column: int) -> None:
        grid, theme = self.grid, self.grid.context.theme
        room = self.parentWidget().rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        scale = max(theme.font("body").pixelSize() / theme.tokens.smallest_body, 1)
        width, height = (round(length * scale) for length in self._wanted)
        self.resize(min(width, room.width()), min(height, room.height()))
        at = grid.header.mapTo(self.window(), QPoint(self._left_of(column), grid.header.height()))
        x = min(max(at.x(), room.left()), room.right() + 1 - self.width())
        y = min(max(at.y(), room.top()), room.bottom() + 1 - self.height())
        self.move(x, y)

    def _left_of(self, column: int) -> int:
        """Where the card begins beside the column's start, in pixels of the headings."""
        grid = self.grid
        if grid.places.is_turned:
            start = grid.places.start_of(column) if column < len(grid.columns) else grid.viewport().width()
            return min(start, grid.viewport().width()) - self.width()
        return max(grid.places.column_left(column), 0) if column < len(grid.columns) else 0

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        # A menu or another window takes the focus for a while; whoever takes it inside this window closes the card.
        inside = new is not None and self.window().isAncestorOf(new)
        if inside and self.isVisible() and not self.isAncestorOf(new) and new is not self:
            QTimer.singleShot(0, self, self.close_panel)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """A hidden grid has no card."""
        if event.type() == QEvent.Type.Hide:
            self.close_panel()
        return False

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Escape is not the window's while a card is open."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape closes; no other key reaches what is below."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        event.accept()

    def mousePressEvent(self, event: Any) -> None:  # Qt's name
        """A press on the card is not one on what is below."""
        event.accept()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # Qt's name
        """Tab stays within the card."""
        stops = [
            one for one in self.findChildren(QWidget)
            if one.isVisibleTo(self) and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]  # fmt: skip
        here = self.window().focusWidget()
        if stops:
            at = stops.index(here) if here in stops else -1
            reason = Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason
            stops[(at + (1 if is_next else -1)) % len(stops)].setFocus(reason)
        return True
