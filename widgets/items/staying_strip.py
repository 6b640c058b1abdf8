"""What is said and shown of items that stay where they are after an edit took them elsewhere: a strip below them
with a button that puts them in order, and a bar at each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy

from kernel.words import say
from widgets.grid.pending import bar_box

if TYPE_CHECKING:
    from widgets.items.view import ItemView


class StayingStrip(QFrame):
    """The strip; hidden while all items stand where they belong."""

    def __init__(self, view: ItemView) -> None:
        super().__init__(view)
        self._view, theme = view, view.context.theme
        self.setObjectName("staying")
        self.label, self.button = QLabel(self), QPushButton(say("Refresh"), self)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button.setToolTip(say("Put the rows in order again (Alt+R)"))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(lambda: view.rows.put_in_order())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.space("normal"), 4, theme.space("tight"), 4)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.button)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        theme = self._view.context.theme
        ground, line, ink = (theme.color(name).name() for name in ("sunken", "line", "text"))
        self.setStyleSheet(
            f"#staying {{ background: {ground}; border: 0; border-top: 1px solid {line} }}"
            f"#staying QLabel {{ color: {ink}; background: transparent }}"
        )

    def take(self) -> None:
        """Say which rows stay by now."""
        staying = self._view.rows.staying
        if staying:
            text = staying.text()
            self.label.setText(text)
            self.label.setToolTip(text)
            self.setAccessibleName(text)
        self.setVisible(bool(staying))
        self._view.setViewportMargins(0, 0, 0, self.sizeHint().height() if staying else 0)
        self.place()

    def place(self) -> None:
        """Keep it below the items, which it never covers."""
        box = self._view.viewport().geometry()
        self.setGeometry(box.left(), box.bottom() + 1, self._view.width() - 2 * box.left(), self.sizeHint().height())


def paint_staying(view: ItemView, painter: QPainter) -> None:
    """A bar at each item in sight that stays; one that left the filter has it in the colour of a warning."""
    staying, colors = view.rows.staying, view.look.colors
    for row in view.places.in_sight():
        key = view.row_key(row)
        if key in staying:
            painter.fillRect(bar_box(view, row), QBrush(colors["warning" if key in staying.gone else "accent"]))
