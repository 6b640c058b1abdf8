"""The kind ``dialog``: widgets on a card over the window, built when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from layouts.node import Node
from widgets.binding import bind
from widgets.structure.structure import Structure
from widgets.text import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kernel.disposer import Disposer
    from widgets.overlay import Overlay
    from widgets.patch import Stale
    from widgets.region import Part, Region


class Dialog(Structure):
    """Known to the window's context by its id; what stands in it is built anew at each opening."""

    #: Whether the card is as high as what it holds.
    FITS = True

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.card: Overlay | None = None
        self._column: Any = None
        self._heading: Any = None
        self._titled: Disposer = _nothing
        self._waits_for: Any = None
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
        context = self.region.context
        self.card = card = self._make_card()
        self._heading = QLabel(card.card)
        self._heading.setFont(context.theme.font("heading"))
        self._heading.setWordWrap(True)
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        page = context.theme.space("page")
        box = QVBoxLayout()
        box.setContentsMargins(page, page, page, page)
        box.setSpacing(context.theme.space("wide"))
        box.addWidget(self._heading)
        box.addWidget(self._make_content(card), 1)
        self._add_below(box)
        card.column.addLayout(box)
        self._follow_title()
        card.may_close = self.leave
        card.closed.connect(self.close)
        card.open(first_stop(self._entered()))

    def leave(self) -> bool:
        """Whether nothing typed would be lost; what can be written is written, and the card closes behind that."""
        if self._column is None:
            return True
        views = [one for one in self._column.findChildren(QWidget) if hasattr(one, "has_edits") and one.has_edits()]
        for view in views:
            if hasattr(view, "write_row"):
                self._close_behind(view)
                view.write_row()
        return not any(view.has_edits() for view in views)

    def close_if_written(self) -> None:
        """Close it, unless something is typed in it that cannot be written yet."""
        if self.leave():
            self.close()

    def close(self) -> None:
        """Take it away with its widgets."""
        card, self.card = self.card, None
        if card is None:
            return
        self._titled()
        self._column.region.clear()
        self._column = None
        self._end()
        card.close_card()
        card.deleteLater()

    def patch(self, node: Node, stale: Stale) -> bool:
        """An open one takes its heading, its width and what it holds from the newer layout."""
        from widgets.patch import patch_region

        self.part.node = node
        if self.card is not None:
            self._titled()
            self._follow_title()
            self.card.set_width(self._width())
            patch_region(self._column.region, self._nodes(node), stale)
            self._take_patched()
        return True

    def lost(self, node: Node, stale: Stale) -> Iterator[QWidget]:
        """What an open one would lose."""
        from widgets.patch import lost_widgets

        if self._column is not None:
            yield from lost_widgets(self._column.region, self._nodes(node), stale)

    def all_widgets(self) -> Iterator[QWidget]:
        """What stands on its card."""
        return iter(()) if self._column is None else self._column.region.widgets()

    def inner_region(self) -> Region | None:
        """That of its card, while it is open."""
        return None if self._column is None else self._column.region

    def _make_content(self, card: Overlay) -> QScrollArea:
        from widgets.column import Column

        node = self.node
        scroll = QScrollArea(card.card)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = Column(Node("column", "", {}, self._nodes(node), node.where), self.region.context, scroll)
        self._column.setProperty("panel", "clear")
        scroll.setWidget(self._column)
        if self.FITS:
            follower = _HeightFollower(scroll, card)
            self._column.installEventFilter(follower)
            follower.fit()
        return scroll

    # What a kind of dialog has of its own

    def _make_card(self) -> Overlay:
        from widgets.overlay import Overlay

        return Overlay(self.region.host.widget.window(), self.region.context.theme, self._width(), self.node.id)

    def _nodes(self, node: Node) -> list[Node]:
        """What stands on the card."""
        return node.children

    def _entered(self) -> QWidget:
        """Where the focus goes at first."""
        return self._column

    def _add_below(self, box: QVBoxLayout) -> None:
        """Add what stands below that."""

    def _take_patched(self) -> None:
        """A newer layout is in what stands on the card."""

    def _end(self) -> None:
        """The card is taken away."""

    def _follow_title(self) -> None:
        card, heading, name = self.card, self._heading, self.node.id
        title = self.node.get("title", "")
        self._titled = bind(title, self.region.context, lambda text: _say(card, heading, text_of(text), name))

    def _width(self) -> int:
        width = self.node.get("width")
        return width if isinstance(width, int) else 520

    def _close_behind(self, form: Any) -> None:
        """Close the card once the form's row is written; a refusal is read in the form, and the card stays."""
        if self._waits_for is form.row or form.row is None:
            return
        row = self._waits_for = form.row

        def end(is_written: bool) -> None:
            for disconnect in connections:
                disconnect()
            self._waits_for = None
            if is_written and self.card is not None:
                self.close_if_written()

        connections = [
            _connected(row.written, lambda *_: end(True)),
            _connected(row.refused, lambda *_: end(False)),
            _connected(row.conflicted, lambda *_: end(False)),
        ]


class _HeightFollower(QObject):
    """Makes a card as high as what it holds, which may come later or change, up to two thirds of the window."""

    def __init__(self, scroll: QScrollArea, card: Overlay) -> None:
        super().__init__(scroll)
        self._scroll, self._card = scroll, card

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() == QEvent.Type.LayoutRequest:
            QTimer.singleShot(0, self, self.fit)
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Take the height of now."""
        wanted = self._scroll.widget().sizeHint().height() + 4
        height = min(wanted, self._card.parentWidget().height() * 2 // 3)
        if height != self._scroll.minimumHeight():
            self._scroll.setMinimumHeight(height)
            if not self._card.isHidden():
                self._card.column.activate()  # boxes within boxes know of another height only then
                self._card.fit()


def _connected(signal: Any, slot: Callable[..., None]) -> Callable[[], None]:
    signal.connect(slot)
    return lambda: signal.disconnect(slot)


def _nothing() -> None:
    """The end of a title that was not followed yet."""


def _say(card: Any, heading: QLabel, text: str, name: str) -> None:
    heading.setText(text)
    heading.setVisible(bool(text))
    card.setAccessibleName(text or name)


def first_stop(column: QWidget) -> QWidget | None:
    """The first widget inside that takes the focus by Tab."""
    from shiboken6 import isValid

    found = (one for one in column.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return next((one for one in found if isValid(one) and one.isEnabled() and not one.isHidden()), None)
