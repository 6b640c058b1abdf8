"""From key presses to commands: one object per window that follows sequences through the keymap.

It looks only at keys that the focused widget does not want for itself (Qt asks with a ShortcutOverride event,
which climbs to the window when nobody accepts it), so text being edited keeps its keys. While a sequence is
pending every key belongs to it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from shiboken6 import isValid

from shell.commands import Registry
from shell.key import Chord, Keys, chord_of

_CHROMIUM = "PySide6.QtWebEngineCore"
_EATEN = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)


class Dispatcher(QObject):
    """Keys of one window.

    Args:
        window: Whose keys these are.
        registry: Runs the commands and holds the keymap.
        show_pending: Told the keys typed so far of a longer sequence; empty when it ended.
    """

    def __init__(self, window: QWidget, registry: Registry, show_pending: Callable[[Keys], None]) -> None:
        super().__init__(window)
        self._registry = registry
        self._show_pending = show_pending
        self._pending: Keys = ()
        self._filtered: list[QObject] = []
        self._is_chord_known = False

    def offer(self, event: QKeyEvent) -> bool:
        """A ShortcutOverride event that reached the window; true when the key is a command's."""
        chord = _chord(event)
        if chord is None or (chord.is_typed and is_typing(QApplication.focusWidget())):
            return False
        self._is_chord_known = True
        return self._follow((chord,))

    def _follow(self, keys: Keys) -> bool:
        match = self._registry.keymap.look_up(keys, self._registry.views())
        if match.binding is not None and self._registry.is_enabled(match.binding.command):
            self._end()
            self._eat()
            self._registry.run(match.binding.command)
            self._eat_elsewhere()
            return True
        if match.is_partial:
            self._pending = keys
            self._eat()
            self._show_pending(keys)
            return True
        return False

    def _eat(self) -> None:
        """Take the key press that follows the ShortcutOverride away from the focused widget.

        NOTE: a filter of the application is given every object, and objects of Chromium crash PySide, which cannot tell
        their type. So where Chromium is loaded the filter is one of the window and of what has the focus.
        """
        if not self._filtered:
            self._filter(QGuiApplication.instance() if _CHROMIUM not in sys.modules else self.parent().windowHandle())
            self._eat_elsewhere()

    def _eat_elsewhere(self) -> None:
        """The focus is somewhere else, perhaps."""
        if self._filtered and _CHROMIUM in sys.modules:
            self._filter(QApplication.focusWidget())

    def _filter(self, thing: QObject | None) -> None:
        if thing is not None and thing not in self._filtered:
            self._filtered.append(thing)
            thing.installEventFilter(self)

    def _end(self) -> None:
        if self._pending:
            self._pending = ()
            self._show_pending(())

    def _release(self) -> None:
        filtered, self._filtered, self._is_chord_known = self._filtered, [], False
        for thing in filtered:
            if isValid(thing):
                thing.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Installed only from a matched key until its press is eaten, or while a sequence is pending."""
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.WindowDeactivate) and self._pending:
            self._end()
            self._release()
        if kind not in _EATEN:
            if kind == QEvent.Type.KeyRelease and not self._pending:
                self._release()
            return False
        if kind == QEvent.Type.KeyPress:
            is_known, self._is_chord_known = self._is_chord_known, False
            if not self._pending:
                self._release()
            elif not is_known and _CHROMIUM in sys.modules:  # a page got the question in the window's place
                self._next(_chord(event))
            return True
        if not self._pending:
            self._release()
            return False
        event.accept()
        self._is_chord_known = True
        self._next(_chord(event))
        return True

    def _next(self, chord: Chord | None) -> None:
        if chord is None:
            return
        keys = (*self._pending, chord)
        if not self._follow(keys):
            self._end()


def is_typing(widget: QWidget | None) -> bool:
    """Whether letters typed now become text: an editable field, an editor, a list that jumps to its letters."""
    if widget is None:
        return False
    if isinstance(widget, QComboBox):
        return True
    return widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled) and bool(
        widget.inputMethodQuery(Qt.InputMethodQuery.ImEnabled)
    ) and not bool(widget.inputMethodQuery(Qt.InputMethodQuery.ImReadOnly))


def _chord(event: QKeyEvent) -> Chord | None:
    return chord_of(event.key(), event.modifiers().value, event.text())
