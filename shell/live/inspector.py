"""The inspector: points at a widget and says what made it; Return goes to its line of the layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from kernel.words import mark, say
from shell.live.inspected import heading, inspected, lines, node_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.error import Where
    from shell.window import Window

#: Width of the card, and what it keeps from the window's edges, in pixels at 100 %.
_WIDTH, _MARGIN = 360, 12
_KEYS = mark("Arrow keys: around, inside, before, behind · Return: to its line · Escape: close")


class Inspector(QWidget):
    """Covers the window, takes its pointer and its keys until Escape.

    Args:
        window: The window to look at.
        go: Goes to a place of the layout.
    """

    def __init__(self, window: Window, go: Callable[[Where], None]) -> None:
        super().__init__(window)
        self._window = window
        self._go = go
        self.chosen: QWidget | None = None
        self._before: QWidget | None = None
        window.installEventFilter(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say("Inspector"))
        self.card = QFrame(self)
        self.card.setObjectName("inspector-card")
        self._title, self._where, self._keys = QLabel(self.card), QLabel(self.card), QLabel(say(_KEYS), self.card)
        self._rows = QGridLayout()
        self._lay_out()
        window.theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def open(self) -> None:
        """Begin with the widget that has the focus, or the whole window."""
        window = self._window
        self._before = window.focusWidget()
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.choose(inspected(self._before) or inspected(window.body))

    def close_card(self) -> None:
        """Give the pointer and the keys back."""
        self.hide()
        if self._before is not None and isValid(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, widget: QWidget | None) -> None:
        """Outline a widget and say what it is."""
        if widget is None or not isValid(widget):
            return
        self.chosen = widget
        node = node_of(widget)
        assert node is not None
        context = self._window.context
        kind = context.kind(node) if context is not None else None
        self._title.setText(heading(node))
        self._where.setText(str(node.where) or say("made by the shell"))
        while self._rows.count():
            old = self._rows.takeAt(0).widget()
            old.hide()
            old.deleteLater()
        for row, line in enumerate(lines(widget, kind)):
            for column, text in enumerate((line.name, line.written, line.value)):
                self._rows.addWidget(self._cell(text, is_quiet=column == 0 or not line.written), row, column)
        self.card.adjustSize()
        self._place()
        self.setAccessibleDescription(f"{self._title.text()}, {self._where.text()}")
        self.update()

    def look_again(self) -> None:
        """The layout or the window's size is another: say what is there now."""
        if self.isHidden():
            return
        self.setGeometry(self._window.rect())
        self.choose(self._alive() or self._window.body)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Follow the window's size, behind its own layout."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            QTimer.singleShot(0, self, self.look_again)
        return super().eventFilter(watched, event)

    def _alive(self) -> QWidget | None:
        """The chosen widget, unless a newer layout has taken it away."""
        return self.chosen if self.chosen is not None and isValid(self.chosen) else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """The widget under the pointer."""
        self.choose(self._under(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """A click goes to the line."""
        self.choose(self._under(event.position().toPoint()))
        self._follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Arrow keys go through the tree of widgets."""
        step = {
            Qt.Key.Key_Up: self._around, Qt.Key.Key_Down: self._inside,
            Qt.Key.Key_Left: lambda: self._beside(-1), Qt.Key.Key_Right: lambda: self._beside(1),
        }.get(Qt.Key(event.key()))  # fmt: skip
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F12):
            self.close_card()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._follow()
        elif step is not None:
            self.choose(step())
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The chosen widget's outline."""
        chosen = self._alive()
        if chosen is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self._box(chosen)
        colour = QColor(self._window.theme.color("focus"))
        painter.setPen(QPen(colour, 2))
        colour.setAlpha(28)
        painter.setBrush(colour)
        painter.drawRect(QRectF(box).adjusted(1, 1, -1, -1))

    def _follow(self) -> None:
        chosen = self._alive()
        node = node_of(chosen) if chosen is not None else None
        if node is not None and node.where.line:
            self.close_card()
            self._go(node.where)

    def _under(self, point: QPoint) -> QWidget | None:
        body, context = self._window.body, self._window.context
        if body is None:
            return None
        for dialog in reversed(context.dialogs.values() if context is not None else ()):
            if dialog.is_open:
                return inspected(dialog.card.childAt(point))
        at = body.mapFrom(self._window, point)
        return inspected(body.childAt(at) or (body if body.rect().contains(at) else None))

    def _around(self) -> QWidget | None:
        chosen = self._alive()
        return inspected(chosen.parentWidget()) if chosen is not None else self._window.body

    def _inside(self) -> QWidget | None:
        return next(iter(self._children(self._alive())), None)

    def _beside(self, step: int) -> QWidget | None:
        around = self._around()
        siblings = self._children(around)
        if self.chosen not in siblings:
            return None
        return siblings[(siblings.index(self.chosen) + step) % len(siblings)]

    def _children(self, widget: QWidget | None) -> list[QWidget]:
        """The widgets of nodes that stand directly inside, in reading order."""
        from shell.focus_order import walk

        found = [one for one in walk(widget) if node_of(one) is not None] if widget is not None else []
        return [one for one in found if inspected(one.parentWidget()) is widget and one.isVisible()]

    def _box(self, widget: QWidget) -> QRect:
        return QRect(widget.mapTo(self._window, QPoint(0, 0)), widget.size())

    def _place(self) -> None:
        """The card in a corner that the chosen widget leaves free."""
        assert self.chosen is not None
        room, size, box = self.rect(), self.card.sizeHint(), self._box(self.chosen)
        width, height = min(max(size.width(), _WIDTH), room.width() - 2 * _MARGIN), size.height()
        right, bottom = room.width() - width - _MARGIN, room.height() - height - _MARGIN
        corners = [QPoint(right, bottom), QPoint(_MARGIN, bottom), QPoint(right, _MARGIN), QPoint(_MARGIN, _MARGIN)]
        free = [corner for corner in corners if not QRect(corner, size).intersects(box)]
        self.card.setGeometry(QRect((free or corners)[0], QPoint(0, 0)))
        self.card.setFixedSize(width, height)
        self.card.move((free or corners)[0])

    def _cell(self, text: str, *, is_quiet: bool) -> QLabel:
        label = QLabel(text, self.card)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(self._window.theme.font("caption"))
        label.setStyleSheet(f"color: {self._window.theme.color('muted' if is_quiet else 'text').name()}")
        label.setWordWrap(len(text) > 30)
        label.show()
        return label

    def _lay_out(self) -> None:
        theme = self._window.theme
        column = QVBoxLayout(self.card)
        column.setContentsMargins(*[theme.space("wide")] * 4)
        column.setSpacing(theme.space("tight"))
        self._rows.setHorizontalSpacing(theme.space("wide"))
        self._rows.setVerticalSpacing(2)
        self._rows.setColumnStretch(1, 1)
        self._title.setFont(theme.font("strong"))
        for label in (self._where, self._keys):
            label.setFont(theme.font("caption"))
        for label in (self._title, self._where, self._keys):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._keys.setWordWrap(True)
        column.addWidget(self._title)
        column.addWidget(self._where)
        column.addLayout(self._rows)
        column.addWidget(self._keys)

    def _dress(self) -> None:
        theme = self._window.theme
        self._title.setStyleSheet(f"color: {theme.color('text').name()}")
        for label in (self._where, self._keys):
            label.setStyleSheet(f"color: {theme.color('muted').name()}")
        self.card.setStyleSheet(
            f"#inspector-card {{ background: {theme.color('raised').name()}; border: 1px solid"
            f" {theme.color('border').name()}; border-radius: {theme.radius('card')}px; }}"
        )
        if not self.isHidden():
            self.choose(self.chosen)
