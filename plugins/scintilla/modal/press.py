"""Keys of Qt as the modal engine takes them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from plugins.scintilla.modal import key as keys

_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_ALT, _META = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.MetaModifier
#: With these a key is a command; with those a letter is typed.
COMMANDS, _LETTERS = _CTRL | _ALT | _META, (Qt.KeyboardModifier.NoModifier, _SHIFT)
_SPECIAL = {
    Qt.Key.Key_Escape: keys.ESCAPE, Qt.Key.Key_Return: keys.RETURN, Qt.Key.Key_Enter: keys.RETURN,
    Qt.Key.Key_Tab: keys.TAB, Qt.Key.Key_Backspace: keys.BACKSPACE, Qt.Key.Key_Delete: keys.DELETE,
    Qt.Key.Key_Left: keys.LEFT, Qt.Key.Key_Right: keys.RIGHT, Qt.Key.Key_Up: keys.UP, Qt.Key.Key_Down: keys.DOWN,
    Qt.Key.Key_Home: keys.HOME, Qt.Key.Key_End: keys.END, Qt.Key.Key_PageUp: keys.PAGE_UP,
    Qt.Key.Key_PageDown: keys.PAGE_DOWN, Qt.Key.Key_Insert: keys.INSERT,
}  # fmt: skip
_KNOWN = frozenset(_SPECIAL)


def is_letter(event: QKeyEvent) -> bool:
    """Whether a key types one letter, as most do: asked in the least time."""
    text = event.text()
    return len(text) == 1 and text.isprintable() and event.modifiers() in _LETTERS


def key_of(event: QKeyEvent) -> str | None:
    """The engine's letter for a key; None for one that it has none for."""
    modifiers = event.modifiers() & COMMANDS
    text = event.text()
    if not modifiers or (modifiers == _CTRL | _ALT and text.isprintable() and text):
        special = _SPECIAL.get(Qt.Key(event.key())) if event.key() in _KNOWN else None
        if special is not None:
            return special if not event.modifiers() & _SHIFT or special in (keys.RETURN, keys.BACKSPACE) else None
        return text if len(text) == 1 and text.isprintable() else None
    if modifiers == _CTRL and not event.modifiers() & _SHIFT and 0x40 <= event.key() <= 0x5F:
        return keys.control(chr(event.key()))
    return None
