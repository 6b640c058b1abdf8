"""The search box: publishes what is typed as ``ID.text``, a moment after the last key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from kernel.words import say
from layouts.node import Node
from widgets.context import Context
from widgets.glass_line import GlassLine
from widgets.theme import Theme

#: From the last key to the new text in the scope, in ms.
DELAY_MS = 120


def dress_clear_button(line: QLineEdit, theme: Theme) -> None:
    """Give the clear button our own icon; Qt finds its action by this name only."""
    action = line.findChild(QAction, "_q_qlineeditclearaction")
    if action is not None:
        action.setIcon(theme.icon("clear", "muted"))


class Search(GlassLine):
    """A line with a clear button; Escape clears, Down goes to the view that reads it, Return publishes at once.

    Attributes:
        key: The key that goes to it, empty when there is none.
    """

    accepted = Signal()

    TAKEN = ("placeholder", "key")
    # NOTE: what most boxes never change stands here; setting an attribute of a Qt object takes 0.8 µs.
    key = ""
    _shortcut: QShortcut | None = None
    _timer: QTimer | None = None

    def __init__(self, node: Node, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        self._node = node
        self._context = context
        self.setMinimumWidth(160)
        text = node.get("placeholder", "Search")
        self.set_placeholder(text if isinstance(text, str) else "")
        if node.get("key"):
            self.set_key(node.get("key"))
        self.textChanged.connect(_listener(self))
        if node.id:
            context.scope.publish(f"{node.id}.text", "")

    def set_placeholder(self, text: object) -> None:
        """What the box says while it is empty; also its accessible name."""
        self.setPlaceholderText(str(text or ""))
        self.setAccessibleName(str(text or say("Search")))

    def set_key(self, key: str) -> None:
        """A key that goes to the box, anywhere in the window."""
        if self._shortcut is None:
            self._shortcut = QShortcut(self)
            self._shortcut.activated.connect(self._focus)
        # NOTE: one shortcut per box; two of the same key would be ambiguous, and Qt would run neither.
        self._shortcut.setKey(QKeySequence(key))
        self.key = key

    def _focus(self) -> None:
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def _note(self, text: str) -> None:
        # NOTE: enabled with the first letter, when it shows, because its icon costs a start 7 ms.
        if text and not self.isClearButtonEnabled():
            self.setClearButtonEnabled(True)
            dress_clear_button(self, self._context.theme)
        if self._timer is None:
            self._timer = QTimer(self)
            self._timer.setSingleShot(True)
            self._timer.setInterval(DELAY_MS)
            self._timer.timeout.connect(self._publish)
        self._timer.start()

    def dress(self) -> None:
        """Draw the icons in the theme's colours, as large as it says."""
        self.fit_glass()
        dress_clear_button(self, self._context.theme)

    def _publish(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        if self._node.id:
            self._context.scope.publish(f"{self._node.id}.text", self.text())

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Keep Escape from the window's shortcuts while there is something to clear."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape and self.text():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape clears, Return publishes, Down goes to the view."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._publish()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._publish()
            self.accepted.emit()
        elif self.key and event.text() == self.key and not self.text():
            event.accept()  # the key that goes here, pressed once more
        elif key == Qt.Key.Key_Down and (view := self._view()) is not None:
            self._publish()
            view.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def _view(self) -> QWidget | None:
        """The view whose filter reads this box, else the first view of the window."""
        views = list(self._context.views.values())
        wanted = f"{self._node.id}.text"
        for view in views:
            if wanted in getattr(view, "outer_names", lambda: ())():
                return view  # type: ignore[return-value]
        return views[0] if views else None  # type: ignore[return-value]


def _listener(search: Search) -> Callable[[str], None]:
    """What a changed text does. NOTE: a function; Qt asks a method for its signature, which takes longer."""
    return lambda text: search._note(text)
