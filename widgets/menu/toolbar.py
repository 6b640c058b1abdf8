"""The kind ``toolbar``: small widgets side by side; those without room are offered in a menu at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QPushButton, QToolButton, QWidget

from widgets.row import Row

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


class Toolbar(Row):
    """Gets as narrow as its menu button; its own hiding never shows what the layout hides."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(node, context, parent)
        self.set_gap("tight")
        self._left_out: list[QWidget] = []
        self._more = QToolButton(self)
        self._more.setAutoRaise(True)
        self._more.setAccessibleName("More")
        self._more.setToolTip("More")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self._more)
        self._menu.aboutToShow.connect(self._fill)
        self._more.setMenu(self._menu)
        self._more.hide()
        self._theme = context.theme
        context.theme.changed.connect(self._dress)
        self._dress()

    def minimumSizeHint(self) -> QSize:  # Qt's name
        """What does not fit goes into the menu, so that the window may be as narrow as it likes."""
        size = super().minimumSizeHint()
        size.setWidth(self._more.sizeHint().width() * 2)
        return size

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out what has no room, from the end on."""
        for widget in self._left_out:
            widget.show()
        self._left_out = []
        widgets = [widget for widget in self.region.widgets() if not widget.isHidden()]
        gap = self.box.spacing()
        needed = sum(max(one.minimumSizeHint().width(), one.minimumWidth()) + gap for one in widgets)
        is_short = needed > self.width()
        more = self._more.sizeHint()
        while is_short and widgets and needed + more.width() > self.width():
            last = widgets.pop()
            needed -= max(last.minimumSizeHint().width(), last.minimumWidth()) + gap
            last.hide()
            self._left_out.insert(0, last)
        self._more.setVisible(bool(self._left_out))
        at = 0 if self.isRightToLeft() else self.width() - more.width()
        self._more.setGeometry(at, (self.height() - more.height()) // 2, more.width(), more.height())
        self._more.raise_()

    def _fill(self) -> None:
        self._menu.clear()
        for widget in self._left_out:
            if isinstance(widget, QPushButton) and widget.menu() is not None:
                inner: Any = self._menu.addMenu(widget.icon(), widget.text())
                inner.addActions(widget.menu().actions())
            elif isinstance(widget, QAbstractButton):
                line = self._menu.addAction(widget.icon(), widget.accessibleName() or widget.text())
                line.setEnabled(widget.isEnabled())
                line.triggered.connect(lambda _on=False, button=widget: button.click())

    def _dress(self) -> None:
        self._more.setIcon(self._theme.icon("more", "text"))
