"""A card over the window: palette, question, list of keys. Inside the window, so no window manager is asked.

Opening keeps who had the focus; closing gives it back exactly there.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLayout, QPushButton, QVBoxLayout, QWidget

from widgets.shadow import SHADOW, paint_shadow
from widgets.theme import Theme

#: What a part of a card gets at least in a low window, in pixels.
_LEAST = 100


class Overlay(QWidget):
    """Covers its window and shows a card near the top.

    Args:
        window: The window to cover.
        theme: Colours and spaces.
        width: The card's width in pixels at 100 %.
        name: What a screen reader calls it.
    """

    closed = Signal()

    def __init__(self, window: QWidget, theme: Theme, width: int, name: str) -> None:
        super().__init__(window)
        self.theme = theme
        self._width = width
        self._before: QWidget | None = None
        #: Asked when the person closes the card; a card that holds unwritten edits answers no.
        self.may_close: Callable[[], bool] = lambda: True
        self.setAccessibleName(name)
        self.card = QWidget(self)
        self.card.setObjectName("overlay-card")
        self.card.setAccessibleName(name)
        self.column = QVBoxLayout(self.card)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.hide()
        window.installEventFilter(self)

    @property
    def before(self) -> QWidget | None:
        """The widget that had the focus when the card opened."""
        return self._before

    def open(self, focus: QWidget | None = None) -> None:
        """Show the card and put the focus into it."""
        if self.isHidden():
            self._before = self.window().focusWidget() or QApplication.focusWidget()
        for button in self.card.findChildren(QPushButton):
            button.setAutoDefault(True)  # Return presses the one that has the focus
        self._place()
        self.show()
        self.raise_()
        (focus or self).setFocus(Qt.FocusReason.PopupFocusReason)

    def close_card(self) -> None:
        """Hide it and give the focus back."""
        if self.isHidden():
            return
        before, self._before = self._before, None
        self.hide()
        if before is not None and _is_alive(before):
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def key_mode(self) -> str:
        """Letters are the card's, in keymaps with modes too."""
        return "insert"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; no key reaches the window below."""
        if event.key() == Qt.Key.Key_Escape and self.may_close():
            self.close_card()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the card closes it."""
        if not self.card.geometry().contains(event.position().toPoint()) and self.may_close():
            self.close_card()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab stays within the card."""
        focusable = [
            widget
            for widget in self.card.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
        ]
        if focusable:
            here = QApplication.focusWidget()
            index = focusable.index(here) if here in focusable else -1
            focusable[(index + (1 if is_next else -1)) % len(focusable)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _place(self) -> None:
        whole = self.parentWidget().rect()
        self.setGeometry(whole)
        margin = self.theme.space("wide")
        width = min(self._width, whole.width() - 2 * margin)
        top = min(max(margin, whole.height() // 9), 96)
        self.card.setFixedWidth(width)
        wanted = self.column.totalHeightForWidth(width) if self.column.hasHeightForWidth() else -1
        height = min(wanted if wanted >= 0 else self.card.sizeHint().height(), whole.height() - top - margin)
        place = QRect((whole.width() - width) // 2, top, width, height)
        before = self.card.geometry()
        if place != before:
            self.card.setGeometry(place)
            # NOTE: no more than what is another now: the window below is painted again as well.
            self.update(before.united(place).adjusted(-SHADOW, -SHADOW, SHADOW, SHADOW))

    def room_for(self, height: int, others: int) -> int:
        """How high a part of the card may be that would like ``height`` pixels, beside ``others`` for the rest."""
        return max(min(height, self.parentWidget().height() - others), _LEAST)

    def set_width(self, width: int) -> None:
        """Another width of the card, in pixels at 100 %."""
        self._width = width
        if not self.isHidden():
            self.fit()

    def fit(self) -> None:
        """Take the card's new height after its content changed."""
        _forget_heights(self.column)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The veil, the shadow and the card, as much of them as is to be seen anew."""
        painter = QPainter(self)
        card, radius = QRectF(self.card.geometry()), self.theme.radius("card")
        if self.card.geometry().adjusted(0, radius, 0, -radius).contains(event.rect()):
            painter.fillRect(event.rect(), self.theme.color("raised"))
            return
        painter.fillRect(event.rect(), QColor(0, 0, 0, 110 if self.theme.is_dark else 45))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_shadow(painter, card, radius)
        painter.setBrush(self.theme.color("raised"))
        painter.setPen(self.theme.color("line"))
        painter.drawRoundedRect(card.adjusted(-0.5, -0.5, 0.5, 0.5), radius, radius)


def _forget_heights(layout: QLayout) -> None:
    """Have a layout and those in it measure anew: Qt tells the inner ones at the next turn of the event loop.

    WORKAROUND PySide keeps the wrapper of an item that was looked at, also once Qt has deleted it: until it lets go of
    deleted items. So none is looked at.
    """
    for child in layout.parentWidget().children():
        if isinstance(child, QWidget) and layout.indexOf(child) >= 0:
            child.updateGeometry()  # its item measures it anew
    for inner in layout.children():
        if isinstance(inner, QLayout):
            _forget_heights(inner)
    layout.invalidate()


def _is_alive(widget: QWidget) -> bool:
    import shiboken6

    return shiboken6.isValid(widget)
