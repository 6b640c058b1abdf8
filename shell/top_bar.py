"""The thin bar at the top of a window: what this is, finding, the state of the connection, the menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from kernel.words import say
from widgets.fill import fill
from widgets.theme import Theme

_FIND_WIDTH = 300
#: Of a narrow bar, how much of it the search box gets.
_FIND_PART = 0.4
#: Between the edge of the search box and what stands in it, and what a long title leaves at least, in pixels.
_INSET, _LEAST_TITLE = 9, 60


class FindButton(QPushButton):
    """Looks like a search box and opens the palette; shows the palette's key."""

    def __init__(self, theme: Theme, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._key = key
        self.take_language()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def take_language(self) -> None:
        """Say what it is in the language in force."""
        self.setAccessibleName(say("Find a command, an app or a page"))
        self.set_key(self._key)

    def set_key(self, key: str) -> None:
        """The palette's key as people read it; empty when none is bound."""
        self._key = key
        self.setToolTip(
            say("Find a command, an app or a page ({key})", key=key) if key else say("Find a command, an app or a page")
        )
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as a search box."""
        return QSize(_FIND_WIDTH, self._theme.height("control") - 2)

    def minimumSizeHint(self) -> QSize:
        """It gives way in narrow windows, to its sign and its word."""
        word = QFontMetrics(self._theme.font("body")).horizontalAdvance(say("Find"))
        return QSize(word + self._theme.icon_size() + 2 * _INSET + 8, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A quiet field with a magnifier, a hint and the key."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(theme.color("focus" if self.hasFocus() else "line"))
        painter.setBrush(theme.color("hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(area, theme.radius("control"), theme.radius("control"))
        inner, side, turned = self.rect().adjusted(_INSET, 0, -_INSET, 0), theme.icon_size() - 2, self.isRightToLeft()
        at = inner.right() + 1 - side if turned else inner.left()
        theme.icon("search", "muted").paint(painter, at, inner.center().y() - side // 2 + 1, side, side)
        painter.setPen(theme.color("muted"))
        painter.setFont(theme.font("body"))
        words = inner.adjusted(0, 0, -side - 8, 0) if turned else inner.adjusted(side + 8, 0, 0, 0)
        # Qt turns left and right round by itself.
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, say("Find"))
        painter.setFont(theme.font("caption"))
        if self.width() > 150:
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._key)


class Pill(QLabel):
    """A short state with a coloured ground: “Offline — showing version 1.2 from 12:30”.

    Args:
        theme: Looks.
        press: Called by a click and by Return or Space while there is something to be shown (:meth:`say`).
    """

    def __init__(self, theme: Theme, press: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._press = press
        self._is_button = False
        self.level = "warning"
        self.setFont(theme.font("caption"))
        self.setContentsMargins(10, 4, 10, 4)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def say(self, text: str, level: str, tip: str = "") -> None:
        """Show the text, or nothing when it is empty; with a tip it is a button, and that is what it does."""
        self.level = level
        self._is_button = bool(tip)
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if tip else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if tip else Qt.CursorShape.ArrowCursor)
        self.setText(text)
        self.setAccessibleName(text)
        palette = self.palette()
        palette.setColor(self.foregroundRole(), self._theme.color(level))
        self.setPalette(palette)
        self.setVisible(bool(text))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """A click within it presses it."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        if self._is_button and is_left and self.rect().contains(event.position().toPoint()):
            self._press()
        else:
            super().mouseReleaseEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Taken, so that the release comes here."""
        if not self._is_button:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """The keys of a button."""
        if self._is_button and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._press()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded ground below the text, with a rim while it has the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("focus") if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(f"{self.level}-soft"))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.end()
        super().paintEvent(event)


class Title(QLabel):
    """The app's title, on one line; what has no room ends in an ellipsis, and is in the tooltip."""

    def minimumSizeHint(self) -> QSize:
        """It gives way in narrow windows."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _LEAST_TITLE), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The whole text, or its beginning."""
        text, room = self.text(), self.contentsRect()
        is_whole = self.fontMetrics().horizontalAdvance(text) <= room.width()
        self.setToolTip("" if is_whole else text)
        if is_whole:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        elided = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), elided)


class TopBar(QWidget):
    """Title at the start, finding in the middle, state and menu at the end.

    Args:
        theme: Looks.
        title: The app's title.
        icon: The app's icon name.
        find_key: The palette's key as people read it.
        find, menu: Called by the two buttons; ``menu`` gets its button.
        press: Called by the pill where it is a button.
    """

    def __init__(
        self,
        theme: Theme,
        title: str,
        icon: str,
        find_key: str,
        find: Callable[[], None],
        menu: Callable[[QWidget], None],
        press: Callable[[], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._press = press
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space("wide"), 6, theme.space("normal"), 7)
        row.setSpacing(theme.space("normal"))
        sign = QLabel(self)
        sign.setPixmap(theme.icon(icon or "app", "accent").pixmap(*[theme.length(18)] * 2))
        self._sign, self._icon = sign, icon or "app"
        self._title = Title(title, self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setFont(theme.font("strong"))
        self.pill: Pill | None = None
        self.note: Pill | None = None
        self.mode: Pill | None = None
        self.find = FindButton(theme, find_key, self)
        self.find.clicked.connect(find)
        self.menu = QToolButton(self)
        self.menu.setIcon(theme.icon("menu"))
        self.menu.setAutoRaise(True)
        self.menu.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu.clicked.connect(lambda: menu(self.menu))
        self._start, self._end = QHBoxLayout(), QHBoxLayout()
        for part in (self._start, self._end):
            part.setSpacing(theme.space("normal"))
        for widget in (sign, self._title):
            self._start.addWidget(widget)
        self._start.addStretch(1)
        self._end.addStretch(1)
        self._end.addWidget(self.menu)
        # Equal shares on both sides keep the middle in the middle, whatever stands beside it.
        row.addLayout(self._start, 1)
        row.addWidget(self.find)
        row.addLayout(self._end, 1)
        theme.changed.connect(self._restyle)
        self.take_language()

    def take_language(self) -> None:
        """Say what the buttons are in the language in force."""
        self.menu.setAccessibleName(say("Menu"))
        self.menu.setToolTip(say("All commands"))
        self.find.take_language()

    def set_title(self, title: str) -> None:
        """Another title, of a newer version."""
        self._title.setText(title)

    def set_icon(self, icon: str) -> None:
        """Another icon, by name; empty = the one of apps that have none."""
        self._icon = icon or "app"
        self._sign.setPixmap(self._theme.icon(self._icon, "accent").pixmap(*[self._theme.length(18)] * 2))

    def show_state(self, text: str, level: str, tip: str = "") -> None:
        """What the pill says, and does with a tip; empty hides it. The pill is made at first need."""
        if self.pill is None:
            if not text:
                return
            self.pill = Pill(self._theme, self._press, self)
            self._end.insertWidget(self._end.count() - 1, self.pill)
        self.pill.say(text, level, tip)

    def show_note(self, text: str, tip: str, press: Callable[[], None]) -> None:
        """What goes on, in a pill of its own, and what a press on it does; an empty text hides it."""
        if self.note is None:
            self.note = Pill(self._theme, press, self)
            self._end.insertWidget(1, self.note)
        self.note.say(text, "error", tip if text else "")

    def show_mode(self, text: str, level: str) -> None:
        """The mode of the keys, beside the title; an empty text hides it."""
        if self.mode is None:
            self.mode = Pill(self._theme, lambda: None, self)
            self._start.insertWidget(2, self.mode)
        self.mode.say(text, level)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In narrow windows the search box leaves room to the title."""
        self.find.setMaximumWidth(max(self.find.minimumSizeHint().width(), int(self.width() * _FIND_PART)))
        super().resizeEvent(event)

    def _restyle(self) -> None:
        self._sign.setPixmap(self._theme.icon(self._icon, "accent").pixmap(*[self._theme.length(18)] * 2))
        for pill in filter(None, (self.pill, self.note, self.mode)):
            pill.say(pill.text(), pill.level, pill.toolTip())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A hairline below."""
        painter = QPainter(self)
        fill(painter, self.rect(), self._theme.color("window"))
        fill(painter, QRect(0, self.height() - 1, self.width(), 1), self._theme.color("line"))
