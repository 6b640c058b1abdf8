"""What a window tells its person: short notes that go by themselves, errors that stay, and the history of both.

Implements :class:`widgets.context.Reporter`; may be called from any thread. The notes' widgets are made at
the first message.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from widgets import gui_thread
from widgets.theme import Theme

if TYPE_CHECKING:
    from shell.toast import Toasts

#: Level → seconds that a note stays; 0 = until it is dismissed.
LEVELS: dict[str, int] = {"info": 6, "success": 5, "warning": 12, "error": 0}
_HISTORY = 300


class Message(NamedTuple):
    """One message; ``when`` is in seconds since the epoch."""

    level: str
    text: str
    detail: str = ""
    when: float = 0.0


class Messages(QObject):
    """The messages of one window.

    Args:
        window: Where the notes are shown.
        theme: Their looks.
        log: Called with (level, text, detail) of warnings and errors.
    """

    changed = Signal()

    def __init__(self, window: QWidget, theme: Theme, log: Callable[[str, str, str], None]) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._log = log
        self._toasts: Toasts | None = None
        self.history: list[Message] = []
        #: Each told every message, as it is shown.
        self.listeners: list[Callable[[Message], None]] = []
        gui_thread.prepare()

    def report(self, level: str, text: str, detail: str = "") -> None:
        """Show a message; ``level`` is info, success, warning or error. From any thread."""
        message = Message(level if level in LEVELS else "info", text, detail, time.time())
        gui_thread.call(lambda: self._show(message), self)

    def _show(self, message: Message) -> None:
        self.history = [*self.history[1 - _HISTORY :], message]
        for listener in list(self.listeners):
            listener(message)
        if message.level in ("warning", "error"):
            self._log(message.level, message.text, message.detail)
        if self._toasts is None:
            from shell.toast import Toasts

            self._toasts = Toasts(self._window, self._theme)
            self._toasts.changed.connect(self.changed)
        self._toasts.add(message, LEVELS[message.level])
        self.changed.emit()
        _announce(self._window, message)

    @property
    def shown(self) -> list[Message]:
        """The messages on screen, oldest first."""
        return self._toasts.messages() if self._toasts else []

    def dismiss(self) -> None:
        """Close all notes."""
        if self._toasts:
            self._toasts.clear()


def _announce(window: QWidget, message: Message) -> None:
    announce(window, message.text, is_urgent=message.level == "error")


def announce(widget: QWidget, text: str, *, is_urgent: bool = False) -> None:
    """Tell screen readers something, what is urgent at once, the rest when there is a pause."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if is_urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)
