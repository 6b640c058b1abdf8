"""The kind ``dialog``: widgets on a card over the window, built when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from layouts.node import Node
from widgets.binding import bind
from widgets.structure.structure import Structure
from widgets.text import text_of

if TYPE_CHECKING:
    from widgets.overlay import Overlay
    from widgets.patch import Stale
    from widgets.region import Part


class Dialog(Structure):
    """Known to the window's context by its id; what stands in it is built anew at each opening."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.card: Overlay | None = None
        self._column: Any = None
        dialogs = self.region.context.root.dialogs
        dialogs[self.node.id] = self
        self.disposers.add(lambda: dialogs.pop(self.node.id, None) and None)
        self.disposers.add(self.close)

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.card is not None

    def open(self) -> None:
        """Show it; its first widget that takes the focus gets it."""
        if self.card is not None:
            return
        from widgets.column import Column
        from widgets.overlay import Overlay

        context, node = self.region.context, self.node
        width = node.get("width")
        window = self.region.host.widget.window()
        title = node.get("title", "")
        card = Overlay(window, context.theme, width if isinstance(width, int) else 520, node.id)
        page = context.theme.space("page")
        heading = QLabel(card.card)
        heading.setFont(context.theme.font("heading"))
        heading.setWordWrap(True)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        box = QVBoxLayout()
        box.setContentsMargins(page, page, page, page)
        box.setSpacing(context.theme.space("wide"))
        box.addWidget(heading)
        scroll = QScrollArea(card.card)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = Column(Node("column", "", {}, node.children, node.where), context, scroll)
        self._column.setProperty("panel", "clear")
        scroll.setWidget(self._column)
        scroll.setMinimumHeight(min(self._column.sizeHint().height() + 4, window.height() * 2 // 3))
        box.addWidget(scroll, 1)
        card.column.addLayout(box)
        self.card = card
        self._titled = bind(title, context, lambda text: _say(card, heading, text_of(text), node.id))
        card.closed.connect(self.close)
        card.open(_first(self._column))

    def close(self) -> None:
        """Take it away with its widgets."""
        card, self.card = self.card, None
        if card is None:
            return
        self._titled()
        self._column.region.clear()
        self._column = None
        card.close_card()
        card.deleteLater()

    def patch(self, node: Node, stale: Stale) -> bool:
        """An open one takes what it holds from the newer layout."""
        from widgets.patch import patch_region

        if node.properties != self.node.properties:
            return False
        self.part.node = node
        if self._column is not None:
            patch_region(self._column.region, node.children, stale)
        return True


def _say(card: Any, heading: QLabel, text: str, name: str) -> None:
    heading.setText(text)
    heading.setVisible(bool(text))
    card.setAccessibleName(text or name)


def _first(column: QWidget) -> QWidget | None:
    """The first widget inside that takes the focus by Tab."""
    from shiboken6 import isValid

    found = (one for one in column.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return next((one for one in found if isValid(one) and one.isEnabled() and not one.isHidden()), None)
