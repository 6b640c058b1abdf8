"""The notes on screen: small cards in a corner of the window where they cover no field."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kernel.words import say
from widgets.theme import Theme
from widgets.theme.tint import tint

_MOST, _WIDTH, _EDGE, _SHADOW, _LINE = 4, 380, 18, 8, 26
_FIELDS = (QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QPushButton)


class Toast(QWidget):
    """One note: icon, text, on demand the detail, a button to dismiss it.

    Args:
        parent: The window.
        theme: Colours.
        message: A :class:`shell.messages.Message`.
        seconds: How long it stays; 0 = until dismissed. It stays while the pointer rests on it.
    """

    gone = Signal(object)
    resized = Signal()

    def __init__(self, parent: QWidget, theme: Theme, message, seconds: int) -> None:
        super().__init__(parent)
        self.message = message
        self._theme = theme
        self.setAccessibleName(f"{message.level}: {message.text}")
        self.setFixedWidth(_WIDTH + 2 * _SHADOW)
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self.gone.emit(self))
        self._seconds = seconds
        self._wait()

    def _build(self) -> None:
        theme, message = self._theme, self.message
        row = QHBoxLayout(self)
        pad = theme.space("normal") + 4
        row.setContentsMargins(_SHADOW + pad + 4, _SHADOW + pad, _SHADOW + pad - 4, _SHADOW + pad)
        row.setSpacing(theme.space("normal") + 2)
        sign = QLabel(self)
        sign.setPixmap(theme.icon(message.level, message.level).pixmap(*[theme.length(18)] * 2))
        sign.setFixedHeight(_LINE)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(theme.space("tight"))
        text = _text(message.text, self, theme.font("body"))
        text.setMinimumHeight(_LINE)
        column.addWidget(text)
        self._detail = _text(message.detail[:1500], self, theme.font("caption"))
        tint(self._detail, theme, "color: ${muted}")
        self._detail.hide()
        column.addWidget(self._detail)
        if message.detail:
            column.addWidget(self._more(), 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(column, 1)
        close = QToolButton(self)
        close.setIcon(theme.icon("close", "muted"))
        close.setAutoRaise(True)
        close.setFixedSize(_LINE, _LINE)
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.setAccessibleName(say("Dismiss"))
        close.clicked.connect(lambda: self.gone.emit(self))
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def _more(self) -> QToolButton:
        more = QToolButton(self)
        more.setText(say("Details"))
        more.setAutoRaise(True)
        more.setFocusPolicy(Qt.FocusPolicy.NoFocus)

        def switch() -> None:
            self._detail.setVisible(self._detail.isHidden())
            more.setText(say("Less") if not self._detail.isHidden() else say("Details"))
            self._seconds = 0
            self._timer.stop()
            self.resized.emit()

        more.clicked.connect(switch)
        return more

    def _wait(self) -> None:
        if self._seconds:
            self._timer.start(self._seconds * 1000)

    def enterEvent(self, event) -> None:
        """A note that is being read stays."""
        self._timer.stop()

    def leaveEvent(self, event) -> None:
        """Afterwards it goes as before."""
        self._wait()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The card with a soft shadow and an edge in the level's colour."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW - 2, -_SHADOW, -_SHADOW - 2)
        radius = self._theme.radius("card")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 3))
        for step in range(_SHADOW):
            painter.drawRoundedRect(card.adjusted(-step, -step + 2, step, step + 2), radius + step, radius + step)
        painter.setBrush(self._theme.color("raised"))
        painter.setPen(self._theme.color("line"))
        painter.drawRoundedRect(card, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(self.message.level))
        painter.drawRoundedRect(QRectF(card.left() + 5, card.top() + 9, 3, card.height() - 18), 1.5, 1.5)


class Toasts(QObject):
    """The notes of one window, newest nearest to the corner."""

    changed = Signal()

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._toasts: list[Toast] = []
        window.installEventFilter(self)

    def messages(self) -> list:
        """What is shown, oldest first."""
        return [toast.message for toast in self._toasts]

    def add(self, message, seconds: int) -> None:
        """Show a note; the same text shown already is only shown anew."""
        for toast in [toast for toast in self._toasts if toast.message.text == message.text]:
            self._remove(toast)
        for toast in self._toasts[: max(0, len(self._toasts) - _MOST + 1)]:
            self._remove(toast)
        toast = Toast(self._window, self._theme, message, seconds)
        toast.gone.connect(self._remove)
        toast.resized.connect(self._place)
        self._toasts.append(toast)
        toast.show()
        self._place()

    def clear(self) -> None:
        """Close all."""
        for toast in list(self._toasts):
            self._remove(toast)

    def _remove(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()
            self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and self._toasts:
            self._place()
        return False

    def _place(self) -> None:
        sizes = []
        for toast in self._toasts:
            toast.layout().activate()
            wanted = toast.layout().totalHeightForWidth(toast.width())
            toast.resize(toast.width(), max(wanted, toast.minimumSizeHint().height()))
            sizes.append(toast.height())
        if not sizes:
            return
        area = free_corner(self._window, _WIDTH + 2 * _SHADOW, sum(sizes))
        at = area.top()
        for toast in self._toasts:
            toast.move(area.left(), at)
            toast.raise_()
            at += toast.height()


def free_corner(window: QWidget, width: int, height: int) -> QRect:
    """A place of that size in the window that covers the least of its fields and buttons, bottom right if it can."""
    fields = [
        QRect(field.mapTo(window, field.rect().topLeft()), field.size())
        for field in QApplication.allWidgets()  # not by ``findChildren``; see ``shell.focus``
        if isinstance(field, _FIELDS) and window.isAncestorOf(field) and field.isVisible()
        and not isinstance(field.parent(), Toast)
    ]
    right, bottom = window.width() - width - _EDGE + _SHADOW, window.height() - height - _EDGE * 2
    left, middle, top = _EDGE - _SHADOW, (window.width() - width) // 2, 60
    places = [QRect(x, y, width, height) for y in (bottom, top) for x in (right, left, middle)]
    return min(places, key=lambda place: sum(_covered(place, field) for field in fields))


def _covered(place: QRect, field: QRect) -> int:
    both = place.intersected(field)
    return both.width() * both.height() if both.isValid() else 0


def _text(text: str, parent: QWidget, font) -> QLabel:
    label = QLabel(text, parent)
    label.setFont(font)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
