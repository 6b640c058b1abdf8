"""What stands in the place of a view for a while: it covers the view, follows it, and takes the focus meant for it."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QWidget

#: Property of a view: whether something covers it. What is said beside its rows hears of it.
COVERED = "isCovered"

Covering = TypeVar("Covering", bound="Cover")


class Cover(QFrame):
    """Lies over a view, as a child of its window.

    Attributes:
        view: The view.
    """

    def __init__(self, view: Any) -> None:
        super().__init__(view.window())
        self.view = view
        self.setAutoFillBackground(True)
        view.window().installEventFilter(self)
        view.destroyed.connect(self.deleteLater)

    def appear(self) -> None:
        """Cover the view from now on."""
        for part in (self.view, self.view.focusProxy()):
            if part is not None:
                part.installEventFilter(self)
        self._place()
        self.view.setProperty(COVERED, True)
        self.show()
        self._stack()

    def _stack(self) -> None:
        """Lie right above what the view stands in, below cards and messages."""
        window, base = self.parentWidget(), self.view
        while base.parentWidget() not in (window, None):
            base = base.parentWidget()
        parts = [part for part in window.children() if isinstance(part, QWidget)]
        from_here = parts.index(base) + 1 if base in parts else len(parts)
        above = [part for part in parts[from_here:] if not isinstance(part, Cover)]
        self.raise_()
        if above:
            self.stackUnder(above[0])

    def give_back(self) -> None:
        """Uncover the view, which has the focus again."""
        for part in (self.view, self.view.focusProxy()):
            if part is not None:
                part.removeEventFilter(self)
        self.hide()
        self.view.setProperty(COVERED, False)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_first(self) -> None:
        """Take the focus that was meant for the view."""
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Follow the view's place; its focus is the cover's."""
        kind = event.type()
        if kind in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        elif watched is self.view and kind == QEvent.Type.Hide:
            self.hide()
        elif watched is self.view and kind == QEvent.Type.Show:
            self._place()
            self.show()
        elif kind == QEvent.Type.FocusIn and watched is not self.view.window() and self.isVisible():
            self.focus_first()
        return False

    def _place(self) -> None:
        corner = self.view.mapTo(self.view.window(), QPoint(0, 0))
        self.setGeometry(QRect(corner, self.view.size()))


def cover_of(view: QWidget, kind: type[Covering]) -> Covering | None:
    """What of that kind covers a view, or None."""
    found = view.window().findChildren(kind, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return next((one for one in found if one.view is view and one.isVisible()), None)
