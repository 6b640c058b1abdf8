"""Keys that are pressed while a widget waits for an answer: kept in their order, and handed on when it has come."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from kernel.words import say

#: Milliseconds that keys wait for an answer; whoever sees nothing come types no further.
PATIENCE_MS = 10_000
_ORDER = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
#: What ends the wait and is done at once: the person wants something else.
_ENDS = (QEvent.Type.MouseButtonPress, QEvent.Type.WindowDeactivate, QEvent.Type.Close)


class _Key(NamedTuple):
    """A key that was pressed."""

    key: int
    modifiers: Qt.KeyboardModifier
    text: str

    @classmethod
    def of(cls, event: QKeyEvent) -> _Key:
        """The key of an event, which Qt takes back."""
        return cls(event.key(), event.modifiers(), event.text())

    def press(self, window: QWidget) -> None:
        """Press it as Qt does: the commands are asked first, then the focused widget has it."""
        for kind in _ORDER:
            event = QKeyEvent(kind, self.key, self.modifiers, self.text)
            event.setAccepted(kind == QEvent.Type.KeyPress)
            QApplication.sendEvent(window.focusWidget() or window, event)


class TypedAhead(QObject):
    """Who types faster than a server answers meets the same fields as who waits.

    Args:
        owner: The widget that waits; keys of its window are kept.

    Attributes:
        is_left: Whether the person went elsewhere or gave up, so that nothing is to begin when the answer comes.
    """

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._kept: list[_Key] = []
        self._is_keeping = self.is_left = False
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.give_up)

    def begin(self, event: QKeyEvent | None = None) -> None:
        """Keep this key, if it is one, and those after it."""
        self._kept = [_Key.of(event)] if event is not None else []
        self.is_left = False
        self._patience.start()
        if not self._is_keeping:
            self._is_keeping = True
            QApplication.instance().installEventFilter(self)

    def hand_on(self) -> None:
        """The answer is here: the keys go to who has the focus then, one after the other."""
        kept = self._kept
        self.forget()
        window = self._owner.window()
        for place, key in enumerate(kept):
            key.press(window)
            if self._is_keeping:  # one of them waits for an answer of its own
                self._kept.extend(kept[place + 1 :])
                return

    def forget(self) -> None:
        """There is no answer: what was pressed is gone, since it was meant for what would have come."""
        self._kept = []
        self._patience.stop()
        if self._is_keeping:
            self._is_keeping = False
            QApplication.instance().removeEventFilter(self)

    def give_up(self) -> None:
        """The answer does not come: keys are the window's again, and who typed is told what became of theirs."""
        had_keys = bool(self._kept)
        self.forget()
        self.is_left = True
        around: QWidget | None = self._owner
        while around is not None and not hasattr(around, "context"):
            around = around.parentWidget()
        if had_keys and around is not None:
            said = say("No answer has come yet: what was typed meanwhile is gone")
            around.context.reporter.report("warning", said, "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Keep what is pressed in the window; Escape forgets it."""
        kind = event.type()
        if kind in _ENDS and self._is_ours(watched):
            self.forget()
            self.is_left = kind == QEvent.Type.MouseButtonPress
        if kind not in _ORDER or not self._is_ours(watched):
            return False
        assert isinstance(event, QKeyEvent)
        if event.key() == Qt.Key.Key_Escape:
            self.forget()
            self.is_left = True
            return False
        if kind == QEvent.Type.KeyPress:
            self._kept.append(_Key.of(event))
        event.accept()
        return True

    def _is_ours(self, watched: QObject) -> bool:
        return isinstance(watched, QWidget) and watched.window() is self._owner.window()
