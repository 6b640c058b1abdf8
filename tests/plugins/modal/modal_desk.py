"""What a person does in an editor with modes: texts with their carets, keys, letters of an input method."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from plugins.scintilla.modal import key as keys
from tests.plugins.modal.carets import marked
from tests.plugins.modal.triples import with_caret, without_caret

_SPECIAL = {
    keys.ESCAPE: Qt.Key.Key_Escape, keys.RETURN: Qt.Key.Key_Return, keys.TAB: Qt.Key.Key_Tab,
    keys.BACKSPACE: Qt.Key.Key_Backspace, keys.DELETE: Qt.Key.Key_Delete, keys.LEFT: Qt.Key.Key_Left,
    keys.RIGHT: Qt.Key.Key_Right, keys.UP: Qt.Key.Key_Up, keys.DOWN: Qt.Key.Key_Down,
}  # fmt: skip


def give(editor: Any, marked: str, end: bytes = b"\n") -> None:
    """Load a text with its caret."""
    from plugins.scintilla.document import Form

    text, place = without_caret(marked)
    editor.pane.load(text.encode().replace(b"\n", end), Form("utf-8", False, end))
    modal = editor.pane.modal
    modal.engine.registers._kept.clear()
    modal.engine.search.last, modal.engine.last_change, modal.engine.last_visual = "", None, None
    modal.engine.last_substitute, modal.engine.found_letter = None, None
    modal.engine.options.__init__()
    editor.pane.code.select(*(modal.text.position(place),) * 2)
    editor.pane.focus_code()


def strike(typed: str) -> None:
    """Press keys given as the engine's letters."""
    widget = QApplication.focusWidget()
    for key in typed:
        if key in _SPECIAL:
            QTest.keyClick(widget, _SPECIAL[key])
        elif key < " ":
            QTest.keyClick(widget, Qt.Key(ord(key) | 0x40), Qt.KeyboardModifier.ControlModifier)
        elif key.isascii():
            QTest.keyClicks(widget, key)
        else:
            compose(key)


def compose(text: str) -> None:
    """Letters that an input method brings."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(QApplication.focusWidget(), event)


def shown(editor: Any) -> str:
    """Text and caret as the widget has them."""
    text = editor.pane.text().decode().replace("\r\n", "\n")
    modal = editor.pane.modal
    return with_caret(text, modal.text.place(editor.pane.code.caret))


def carets_shown(editor: Any) -> str:
    """Text and carets as the widget has them; those of selections on their last letter, as the engine says."""
    from plugins.scintilla.host import SCI

    send, modal = editor.pane.code.send, editor.pane.modal
    places = [send(SCI.SCI_GETSELECTIONNCARET, one) for one in range(send(SCI.SCI_GETSELECTIONS))]
    own, *others = [modal.text.place(one) for one in places]
    if modal.engine.is_visual:
        own, others = modal.engine.caret, [one.caret for one in modal.engine.carets.others]
        assert len(places) == 1 + len(others)
    return marked(editor.pane.text().decode(), own, others)
