"""A small message beside a cell, with at most three answers. It takes no focus unless it asks something."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from widgets.record.cover import COVERED
from widgets.theme.tint import tint

_COVERED = COVERED.encode()


class Bubble(QFrame):
    """Child of the grid's window, since a low grid would cut it off; it hides and goes with its grid.

    Args:
        grid: What it speaks for; gets the focus back.
        theme: Its colours.
    """

    def __init__(self, grid: QWidget, theme: Any) -> None:
        super().__init__(grid.window())
        self._theme = theme
        self._grid = grid
        grid.destroyed.connect(self.deleteLater)
        grid.installEventFilter(self)
        self._first: QPushButton | None = None
        self.setObjectName("bubble")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(8)
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        layout.addWidget(self.label)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(6)
        layout.addLayout(self._buttons)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, empty while it is hidden."""
        return self.label.text() if not self.isHidden() else ""

    def say(
        self, anchor: QRect, text: str, *, tone: str = "error", answers: Any = (), takes_focus: bool = True
    ) -> None:
        """Show a text at a cell.

        Args:
            anchor: The cell, in the parent's pixels.
            tone: A colour of the theme (error, warning).
            answers: The answers (:class:`widgets.grid.mark.Answer`), from the harmless one on.
            takes_focus: Whether the first answer takes the focus.
        """
        while self._buttons.count():
            item = self._buttons.takeAt(0)
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.layout().setSpacing(8 if answers else 0)
        self.label.setText(text)
        sheet = f"#bubble {{ background: ${{{tone}-soft}}; border: 1px solid ${{{tone}}}; border-radius: 6px }}"
        tint(self, self._theme, sheet + "#bubble QLabel { color: ${text}; background: transparent }")
        self._first = None
        for title, run, emphasis in answers:
            button = QPushButton(title, self)
            button.setProperty("emphasis", emphasis)
            button.setAutoDefault(True)
            button.clicked.connect(lambda _on=False, run=run: (self.close_bubble(), run()))
            self._buttons.addWidget(button)
            button.show()  # NOTE: at once, else the layout of a bubble in sight has no room for it
            self._first = self._first or button
        self._buttons.addStretch(1)
        self.setAccessibleName(text)
        self.place(anchor)
        if self._grid.property(COVERED):
            self.hide()
            return
        self.show()
        self.raise_()
        if takes_focus:
            self.take_focus()

    def place(self, anchor: QRect) -> None:
        """Stand below a cell, above it where there is no room below; always whole inside the window.

        Args:
            anchor: The cell, in the parent's pixels.
        """
        room, text = self.parentWidget().rect().adjusted(4, 4, -4, -4), self.label.text()
        width = min(max(self.label.fontMetrics().horizontalAdvance(text) + 30, 180), min(380, room.width()))
        self.setFixedWidth(max(width, self._buttons.sizeHint().width() + 24))
        self.resize(self.width(), self.layout().totalHeightForWidth(self.width()))
        top, above = anchor.bottom() + 4, anchor.top() - self.height() - 4
        if top + self.height() > room.bottom():
            top = above if above >= room.top() else max(room.bottom() - self.height(), room.top())
        start = anchor.right() + 1 - self.width() if self._grid.isRightToLeft() else anchor.left()
        left = min(max(start, room.left()), max(room.right() - self.width(), room.left()))
        self.move(left, top)

    def take_focus(self) -> None:
        """Give the focus to the first answer, if there is one."""
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_bubble(self) -> None:
        """Hide, and give the focus back."""
        had_focus = self.isAncestorOf(self.focusWidget() or self) and not self.isHidden()
        self.hide()
        if had_focus:
            self._grid.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """What a hidden or covered grid says is not said any more."""
        is_turned = event.type() == QEvent.Type.DynamicPropertyChange and bytes(event.propertyName()) == _COVERED
        if event.type() == QEvent.Type.Hide or (is_turned and self._grid.property(COVERED)):
            self.hide()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape closes, Return gives the answer that has the focus."""
        focused = self.window().focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.close_bubble()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        else:
            super().keyPressEvent(event)
