"""What goes first when a row has no room: children with ``collapse=N``, the highest first, and back when there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from widgets.row import Row


class Collapser(QObject):
    """Hides and shows the children of one row; what the layout itself hides stays hidden."""

    def __init__(self, row: Row) -> None:
        super().__init__(row)
        self._row = row
        self._left_out: list[QWidget] = []
        self._is_fitting = False
        row.installEventFilter(self)

    def room(self) -> int:
        """Pixels that the children that may go take now, with the gaps beside them."""
        gap = self._row.box.spacing()
        may_go = [one for one in self._row.region.widgets() if _order(one) > 0 and not one.isHidden()]
        return sum(_width(one) + gap for one in may_go)

    def show(self, widget: QWidget, is_shown: bool) -> None:
        """The layout shows or hides a child; one without room waits for it."""
        if widget in self._left_out:
            self._left_out.remove(widget)
        widget.setVisible(is_shown)
        self.fit()

    def fit(self) -> None:
        """Leave out what has no room now."""
        if self._is_fitting or self._row.width() <= 0:
            return
        self._is_fitting = True
        try:
            self._fit()
        finally:
            self._is_fitting = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Other sizes, of the row or of what is in it, may leave others without room, or give them some."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.fit()
        return False

    def _fit(self) -> None:
        before = {one for one in self._left_out if isValid(one)}
        shown = [one for one in self._row.region.widgets() if one in before or not one.isHidden()]
        gap, margins = self._row.box.spacing(), self._row.box.contentsMargins()
        needed = sum(_width(one) + gap for one in shown) - gap + margins.left() + margins.right()
        left_out = []
        for widget in sorted((one for one in reversed(shown) if _order(one) > 0), key=_order, reverse=True):
            if needed <= self._row.width():
                break
            needed -= _width(widget) + gap
            left_out.append(widget)
        for widget in shown:
            if (widget in left_out) is not (widget in before):
                widget.setVisible(widget not in left_out)
        self._left_out = left_out


def _order(widget: QWidget) -> int:
    return widget.__dict__.get("collapse", 0)


def _width(widget: QWidget) -> int:
    return max(widget.minimumSizeHint().width(), widget.minimumWidth())
