"""The kind ``toolbar``: small widgets side by side; those without room are offered in a menu at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QToolButton, QWidget
from shiboken6 import isValid

from kernel.words import say
from widgets.menu.button import MenuButton
from widgets.menu.fill import empty
from widgets.row import Row

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


def _going(widget: QWidget) -> tuple[int, bool]:
    """The order in which children go: by what the layout says, then what the menu can offer."""
    return -widget.__dict__.get("collapse", 0), not isinstance(widget, QAbstractButton)


class Toolbar(Row):
    """Gets as narrow as its menu button; its own hiding never shows what the layout hides."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(node, context, parent)
        self.set_gap("tight")
        self._left_out: list[QWidget] = []
        self._is_fitting = False
        self._more = QToolButton(self)
        self._more.setAutoRaise(True)
        self._more.setAccessibleName(say("More"))
        self._more.setToolTip(say("More"))
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
        self._fit_once()

    def event(self, event: QEvent) -> bool:
        """What comes, goes or gets another width may leave others without room, or give them some."""
        is_done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and not self._is_fitting:
            self._fit_once()
        return is_done

    def collapse_child(self) -> None:
        """Another order in which children go."""
        self._fit_once()

    def show_child(self, widget: QWidget, is_shown: bool) -> None:
        """The layout shows or hides a child; one without room stays in the menu."""
        if widget in self._left_out:
            self._left_out.remove(widget)
        widget.setVisible(is_shown)
        self._fit_once()

    def _fit_once(self) -> None:
        if not self._is_fitting:
            self._is_fitting = True
            try:
                self._fit()
            finally:
                self._is_fitting = False

    def _fit(self) -> None:
        """Leave out what has no room, from the end on."""
        for widget in self._left_out:
            if isValid(widget):
                widget.show()
        self._left_out = self._without_room()
        for widget in self._left_out:
            widget.hide()
        more = self._more.sizeHint()
        self._more.setVisible(bool(self._left_out))
        at = 0 if self.isRightToLeft() else self.width() - more.width()
        self._more.setGeometry(at, (self.height() - more.height()) // 2, more.width(), more.height())
        self._more.raise_()

    def _without_room(self) -> list[QWidget]:
        """Whom there is no room for, in order: by ``collapse``, then what the menu can offer, from the end on."""
        widgets = [widget for widget in self.region.widgets() if not widget.isHidden()]
        gap = self.box.spacing()
        wanted = {one: max(one.minimumSizeHint().width(), one.minimumWidth()) + gap for one in widgets}
        needed = sum(wanted.values()) - gap
        if needed <= self.width():
            return []
        needed += gap + self._more.sizeHint().width()
        left_out = set()
        for widget in sorted(reversed(widgets), key=_going):
            if needed <= self.width():
                break
            needed -= wanted[widget]
            left_out.add(widget)
        return [widget for widget in widgets if widget in left_out]

    def _fill(self) -> None:
        empty(self._menu)
        for widget in self._left_out:
            if isinstance(widget, MenuButton):
                inner: Any = self._menu.addMenu(widget.icon(), widget.text())
                widget.offer(inner)
            elif isinstance(widget, QAbstractButton):
                line = self._menu.addAction(widget.icon(), widget.accessibleName() or widget.text())
                line.setEnabled(widget.isEnabled())
                line.triggered.connect(lambda _on=False, button=widget: button.click())

    def _dress(self) -> None:
        self._more.setIcon(self._theme.icon("more", "text"))
