"""From key presses to commands: one object per window that follows sequences through the keymap.

It looks only at keys that the focused widget does not want for itself (Qt asks with a ShortcutOverride event,
which climbs to the window when nobody accepts it), so text being edited keeps its keys. While a sequence or a count is
pending every key belongs to it, and Escape ends it. In a keymap with modes letters are keys wherever no text is typed,
bound ones or not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from shiboken6 import isValid

from shell.commands import Registry
from shell.key import SHIFT, Chord, Keys, bare_key, chord_of, is_digit, latin_letter
from shell.keymap import NORMAL, Match

if TYPE_CHECKING:
    from shell.mode import Modes
    from shell.normal import NormalMode

_ESCAPE, _NOTHING = Chord("Escape"), Match(None, False)
_CHROMIUM = "PySide6.QtWebEngineCore"
#: A longer count has no more digits taken in.
_MOST = 99_999
_MOST_PRESSES = 500
_BARE = Qt.KeyboardModifier.NoModifier
_EATEN = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)


class Dispatcher(QObject):
    """Keys of one window.

    Args:
        window: Whose keys these are.
        registry: Runs the commands and holds the keymap.
        show_pending: Told the count and the keys typed so far of a longer sequence; 0 and none when it ended.

    Attributes:
        normal: What hears keys before the focused widget; None while the keymap has no modes.
    """

    def __init__(self, window: QWidget, registry: Registry, show_pending: Callable[[int, Keys], None]) -> None:
        super().__init__(window)
        self.normal: NormalMode | None = None
        self._is_passing = False
        self._registry = registry
        self._show_pending = show_pending
        self._pending: Keys = ()
        #: The counts before a sequence and within it.
        self._count = self._inner = 0
        self._filtered: list[QObject] = []
        self._is_chord_known = False

    @cached_property
    def modes(self) -> Modes:
        """The window's modes, made when they are first asked for."""
        from shell.mode import Modes

        return Modes(QApplication.focusWidget, self.takes_text, lambda: self._registry.keymap.is_modal)

    @property
    def is_eating(self) -> bool:
        """Whether the press of a key that ran a command is still on its way."""
        return bool(self._filtered) and not (self._pending or self._count)

    def offer(self, event: QKeyEvent) -> bool:
        """A ShortcutOverride event that reached the window; true when the key is a command's."""
        chord = self._chord(event) if not self._is_passing else None
        if chord is None:
            return False
        if chord.is_typed and self.takes_text(QApplication.focusWidget()):
            return False
        self._is_chord_known = True
        return self._take(chord, self._modes())

    def _chord(self, event: QKeyEvent) -> Chord | None:
        """The chord of an event. One that is bound to nothing may be another one: a letter of another script the Latin
        one on its key, a sign that is typed with Ctrl and Shift the one that its key types without Shift.
        """
        chord = chord_of(event.key(), event.modifiers().value, event.text())
        other = _other_chord(chord, event) if chord is not None else None
        if chord is None or other is None:
            return chord
        match = self._registry.keymap.look_up((*self._pending, chord), self._registry.views(), self._modes())
        return chord if match.binding is not None or match.is_partial else other

    def _modes(self) -> tuple[str, ...]:
        """The modes in force, as far as any key asks for them."""
        keymap = self._registry.keymap
        return self.modes.names() if keymap.is_modal or keymap.modes else ()

    def takes_text(self, widget: QWidget | None) -> bool:
        """Whether letters pressed in a widget become text now."""
        return is_typing(widget) and not (self.normal is not None and self.normal.holds(widget))

    def follow_keymap(self) -> None:
        """Another keymap is in force: begin to stand before the focused widget, or end it."""
        if self._registry.keymap.is_modal and self.normal is None:
            from shell.normal import NormalMode

            self.normal = NormalMode(self.parent(), self)
        elif not self._registry.keymap.is_modal and self.normal is not None:
            self.end()
        self._end()
        self.modes.tell()

    def end(self) -> None:
        """Stand before no widget any more."""
        normal, self.normal = self.normal, None
        if normal is not None:
            normal.end()

    def press(self, key: Qt.Key, count: int = 1, modifiers: Qt.KeyboardModifier = _BARE) -> None:
        """Send the focused widget a key that is no command's, so many times."""
        self._is_passing = True
        try:
            for _ in range(min(count, _MOST_PRESSES)):
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    if (widget := QApplication.focusWidget()) is not None:
                        QApplication.sendEvent(widget, QKeyEvent(kind, key, modifiers))
        finally:
            self._is_passing = False

    def clear(self) -> bool:
        """Give up what is pending, then the mode that was entered last; False when there was nothing."""
        if self._pending or self._count:
            self._end()
            return True
        return self.modes.escape()

    def _take(self, chord: Chord, modes: tuple[str, ...]) -> bool:
        """The next key; True when it is not the focused widget's."""
        if chord == _ESCAPE and self.clear():
            self._eat()
            return True
        is_normal = NORMAL in modes and self._registry.keymap.is_modal and not self.modes.own
        if is_normal and self._is_counting(chord, modes):
            if self._pending:
                self._inner = min(self._inner * 10 + int(chord.key), _MOST)
            else:
                self._count = min(self._count * 10 + int(chord.key), _MOST)
            self._wait(self._pending)
            return True
        if self._follow((*self._pending, chord), modes):
            return True
        was_open = bool(self._pending or self._count)
        self._end()
        is_text = chord.is_typed and is_typing(QApplication.focusWidget())
        if was_open or (is_normal and (chord.is_letter or is_text)):
            self._eat()
            return True
        return False

    def _is_counting(self, chord: Chord, modes: tuple[str, ...]) -> bool:
        """Whether a key goes on with a count, or begins one where it is bound to nothing; within a sequence, too."""
        now = self._inner if self._pending else self._count
        if not is_digit(chord, is_first=not now):
            return False
        keys = (*self._pending, chord)
        return bool(now) or self._registry.keymap.look_up(keys, self._registry.views(), modes) == _NOTHING

    def _follow(self, keys: Keys, modes: tuple[str, ...]) -> bool:
        keymap = self._registry.keymap
        views = self._registry.views() if keymap.has_views(keys) else ()
        match = keymap.look_up(keys, views, modes)
        if match.binding is not None and self._registry.is_enabled(match.binding.command):
            count = self._whole_count
            self._end()
            self._eat()
            self._registry.run_counted(match.binding.command, count)
            self._eat_elsewhere()
            self.modes.tell()
            return True
        if match.is_partial:
            self._wait(keys)
            return True
        return False

    def _wait(self, keys: Keys) -> None:
        self._pending = keys
        self._eat()
        self._show_pending(self._whole_count, keys)

    @property
    def _whole_count(self) -> int:
        """How often: the count before a sequence times the one within it."""
        return min((self._count or 1) * (self._inner or 1), _MOST) if self._count or self._inner else 0

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
        if thing is not None:
            if thing not in self._filtered:
                self._filtered.append(thing)
            thing.installEventFilter(self)  # once more: before filters that the command has installed

    def _end(self) -> None:
        if self._pending or self._count:
            self._pending, self._count, self._inner = (), 0, 0
            self._show_pending(0, ())

    def _release(self) -> None:
        filtered, self._filtered, self._is_chord_known = self._filtered, [], False
        for thing in filtered:
            if isValid(thing):
                thing.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Installed only from a matched key until its press is eaten, or while a sequence or a count is pending."""
        if self._is_passing:
            return False
        kind, is_open = event.type(), bool(self._pending or self._count)
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.WindowDeactivate) and is_open:
            self._end()
            self._release()
        if kind not in _EATEN:
            if kind == QEvent.Type.KeyRelease and not is_open:
                self._release()
            return False
        if kind == QEvent.Type.KeyPress:
            is_known, self._is_chord_known = self._is_chord_known, False
            if not is_open:
                self._release()
            elif not is_known and _CHROMIUM in sys.modules:  # a page got the question in the window's place
                self._next(self._chord(event))
            return True
        if not is_open:
            self._release()
            return False
        event.accept()
        self._is_chord_known = True
        self._next(self._chord(event))
        return True

    def _next(self, chord: Chord | None) -> None:
        if chord is not None:
            self._take(chord, self._modes())


def _other_chord(chord: Chord, event: QKeyEvent) -> Chord | None:
    """What the same key is called otherwise; None for most."""
    if not chord.key.isascii() and chord.key.isalpha():
        latin = latin_letter(event.nativeScanCode(), event.nativeVirtualKey())
        return Chord(latin, chord.modifiers) if latin else None
    is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if not is_shifted or not chord.modifiers & ~SHIFT or chord.key.isalnum() and chord.key != "Plus":
        return None
    bare = bare_key("+" if chord.key == "Plus" else chord.key, event.nativeScanCode())
    return Chord(bare, chord.modifiers | SHIFT) if bare else None


def is_typing(widget: QWidget | None) -> bool:
    """Whether letters typed now become text: an editable field, an editor, a list that jumps to its letters."""
    if widget is None:
        return False
    if isinstance(widget, QComboBox):
        return True
    return widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled) and bool(
        widget.inputMethodQuery(Qt.InputMethodQuery.ImEnabled)
    ) and not bool(widget.inputMethodQuery(Qt.InputMethodQuery.ImReadOnly))
