"""The kind ``sheet``: a dialog at a side of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

from widgets.overlay import Overlay
from widgets.structure.dialog import Dialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from layouts.node import Node
    from widgets.patch import Stale
    from widgets.theme import Theme


class SideCard(Overlay):
    """A card along a side of the window.

    Attributes:
        side: start, end or bottom.
    """

    def __init__(self, window: QWidget, theme: Theme, width: int, name: str, side: str) -> None:
        super().__init__(window, theme, width, name)
        self.side = side

    def _place(self) -> None:
        whole = self.parentWidget().rect()
        self.setGeometry(whole)
        wanted = round(self._width * self.theme.text_size)
        if self.side == "bottom":
            height = min(wanted, whole.height() - self.theme.space("page"))
            place = QRect(0, whole.height() - height, whole.width(), height)
        else:
            width = min(wanted, whole.width() - self.theme.space("page"))
            is_left = (self.side == "start") is not self.isRightToLeft()
            place = QRect(0 if is_left else whole.width() - width, 0, width, whole.height())
        self.card.setFixedWidth(place.width())
        self.card.setGeometry(place)
        self.update()


class Sheet(Dialog):
    """Built, patched and closed as a dialog is."""

    FITS = False

    def patch(self, node: Node, stale: Stale) -> bool:
        """The side is another in an open one too."""
        is_done = super().patch(node, stale)
        if isinstance(self.card, SideCard):
            self.card.side = self._side()
            self.card.fit()
        return is_done

    def _make_card(self) -> Overlay:
        window, theme = self.region.host.widget.window(), self.region.context.theme
        return SideCard(window, theme, self._width(), self.node.id, self._side())

    def _side(self) -> str:
        side = self.node.get("side")
        return side if isinstance(side, str) else "end"

    def _width(self) -> int:
        width = self.node.get("width")
        return width if isinstance(width, int) else 420
