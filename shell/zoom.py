"""A view that fills the window: it stands over the body of the window, and a place is kept for it where it came from.

The widget itself moves, so that its rows, edits and caret are what they were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget
from shiboken6 import isValid

from kernel.error import EspalierError
from kernel.words import say
from shell.pane_strip import PaneStrip, title_of

if TYPE_CHECKING:
    from shell.window import Window


class Zoomed(QWidget):
    """What is seen in the place of the body.

    Attributes:
        view: The view that fills it.
    """

    def __init__(self, window: Window, view: QWidget) -> None:
        super().__init__(window)
        self._window, self.view = window, view
        self._body = window.content
        self._kept = QWidget(window)  # no child of a split yet, which would take it in at once
        focus = window.focusWidget()
        self._focus = focus if focus is not None and (focus is view or view.isAncestorOf(focus)) else None
        column, side = QVBoxLayout(self), window.theme.space("wide")
        column.setContentsMargins(side, window.theme.space("tight"), side, side)
        column.setSpacing(0)
        tip = say("Back into the window")
        column.addWidget(PaneStrip(window.theme, title_of(view), "close", tip, lambda: end(window), self))
        exchange(view, self._kept)
        column.addWidget(view, 1)
        view.show()
        window.show_in_place(self, self._body)
        self.show()
        self._enter()

    def put_back(self) -> None:
        """Put the view back where it came from."""
        window, focus = self._window, self._window.focusWidget()
        self._focus = focus if focus is not None and self.isAncestorOf(focus) else None
        if isValid(self.view) and isValid(self._kept):
            exchange(self._kept, self.view)
            self.view.show()
        window.show_in_place(self._body, self)
        self.hide()
        if isValid(self._kept):
            self._kept.deleteLater()
        self._enter()
        self.deleteLater()

    def _enter(self) -> None:
        focus = self._focus if self._focus is not None and isValid(self._focus) else self.view
        if isValid(focus):
            focus.setFocus()


def exchange(out: QWidget, into: QWidget) -> None:
    """Put a widget where another one stands, in a split or a layout.

    Raises:
        EspalierError: it stands in neither.
    """
    parent = out.parentWidget()
    into.setSizePolicy(out.sizePolicy())
    if isinstance(parent, QSplitter) and parent.indexOf(out) >= 0:
        sizes = parent.sizes()
        parent.replaceWidget(parent.indexOf(out), into)
        into.show()
        parent.setSizes(sizes)
    elif parent is not None and parent.layout() is not None and parent.layout().indexOf(out) >= 0:
        parent.layout().replaceWidget(out, into)
        into.show()
    else:
        raise EspalierError(say("this view stands where it cannot be taken from"))


def zoomed(window: Window) -> Zoomed | None:
    """What fills the window now, or None."""
    return window.cards.made.get("zoomed")


def zoom(window: Window, view: QWidget) -> None:
    """Fill the window with a view.

    Raises:
        EspalierError: it cannot be taken from where it stands.
    """
    end(window)
    window.cards.made["zoomed"] = Zoomed(window, view)


def end(window: Window) -> None:
    """Show the whole window again."""
    found = window.cards.made.pop("zoomed", None)
    if found is not None:
        found.put_back()
