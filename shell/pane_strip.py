"""The thin strip over a view that fills the window or stands beside it: what it is, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

if TYPE_CHECKING:
    from widgets.theme import Theme


class PaneStrip(QWidget):
    """A title, and a button at the end.

    Args:
        theme: Looks.
        title: What the view is called.
        icon, tip: Of the button.
        act: What the button does.
    """

    def __init__(
        self, theme: Theme, title: str, icon: str, tip: str, act: Callable[[], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme, self._icon = theme, icon
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, theme.space("tight"))
        self.label = QLabel(title, self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QToolButton(self)
        self.button.setAutoRaise(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setToolTip(tip)
        self.button.setAccessibleName(f"{tip}: {title}")
        self.button.clicked.connect(act)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        side = self._theme.icon_size()
        self.label.setFont(self._theme.font("strong"))
        self.button.setIcon(self._theme.icon(self._icon, "muted"))
        self.button.setIconSize(QSize(side, side))


def title_of(view: QWidget) -> str:
    """What a view is called on a strip."""
    node = getattr(view, "node", None)
    return view.accessibleName() or getattr(node, "id", "") or getattr(node, "kind", "")
