"""Input methods, the mouse, carets of the widget and the clipboard, in an editor with modes."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from plugins.scintilla.modal import key as keys
from plugins.scintilla.modal.text import Place
from tests.conftest import spin_until
from tests.plugins.editor_desk import press
from tests.plugins.modal.modal_desk import compose, give, shown, strike


def test_carets_of_commands_and_clicks_are_the_engines(editor: Any) -> None:
    from plugins.scintilla.host import SCI

    give(editor, "█one two\none two\none two\n")
    press("Ctrl+Alt+Down", "Ctrl+Alt+Down")
    spin_until(lambda: len(editor.pane.modal.engine.carets.others) == 2)
    strike("wcwx" + keys.ESCAPE)
    assert editor.pane.text() == b"one x\none x\none x\n"
    strike("u")
    assert editor.pane.text() == b"one two\none two\none two\n"
    strike(keys.ESCAPE)
    assert editor.pane.code.send(SCI.SCI_GETSELECTIONS) == 1 and not editor.pane.modal.engine.carets.others
    editor.pane.code.send(SCI.SCI_SETSELECTION, 3, 0)
    editor.pane.code.send(SCI.SCI_ADDSELECTION, 11, 8)
    spin_until(lambda: editor.pane.modal.engine.mode == "visual" and len(editor.pane.modal.engine.carets.others) == 1)
    strike("d")
    assert editor.pane.text() == b" two\n two\none two\n"
    editor.pane.code.select(2, 2)
    spin_until(lambda: not editor.pane.modal.engine.carets.others)


def test_input_methods_and_pastes_type_at_all_carets(editor: Any) -> None:
    give(editor, "█a\nb\n")
    strike("gsjA")
    compose("日本")
    strike("x")
    press("Ctrl+Left")
    strike("y" + keys.ESCAPE)
    assert editor.pane.text().decode() == "ya日本x\nyb日本x\n"
    strike("u")
    assert editor.pane.text() == "a日本x\nb日本x\n".encode()


def test_composed_letters_are_typed_and_repeated(editor: Any) -> None:
    give(editor, "█one two")
    strike("cw")
    compose("日本")
    strike("x" + keys.ESCAPE + "w.")
    assert shown(editor) == "日本x 日本█x"


def test_composed_letters_are_keys_in_normal_mode(editor: Any) -> None:
    give(editor, "█one ü two")
    strike("f")
    compose("ü")
    strike("r")
    compose("é")
    assert shown(editor) == "one █é two"
    compose("ß")
    assert shown(editor) == "one █é two"


def test_a_dead_keys_preedit_types_nothing_in_normal_mode(editor: Any) -> None:
    give(editor, "█one")
    QApplication.sendEvent(QApplication.focusWidget(), QInputMethodEvent("´", []))
    assert editor.pane.text() == b"one"


def test_what_is_selected_by_the_mouse_is_a_selection(editor: Any) -> None:
    give(editor, "█one two three")
    editor.pane.code.select(4, 7)
    spin_until(lambda: editor.pane.modal.engine.mode == "visual")
    strike("d")
    assert shown(editor) == "one █ three"


def test_a_click_behind_the_line_stands_on_its_last_letter(editor: Any) -> None:
    give(editor, "█one\ntwo\n")
    editor.pane.code.select(3, 3)
    spin_until(lambda: editor.pane.code.caret == 2)
    editor.pane.code.select(8, 8)
    spin_until(lambda: editor.pane.modal.engine.caret == Place(1, 2))


def test_letters_behind_the_first_are_typed_without_a_look_at_the_line(
    editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(editor, "one\n█two\n")
    strike("ia")
    with monkeypatch.context() as patch:
        patch.setattr(editor.pane.modal.text, "line", None)  # whoever read a line now would fail
        strike("bC(")
    editor.pane.code.select(1, 1)  # as a click does: another line, where the engine's caret is not
    strike("d" + keys.ESCAPE)
    assert editor.pane.text() == b"odne\nabC(two\n" and editor.pane.modal.engine.caret == Place(0, 1)
    strike("w.")
    assert editor.pane.text() == b"odne\nabC(dabC(two\n"
    strike("uu")
    assert editor.pane.text() == b"one\ntwo\n"


def test_what_is_completed_is_repeated_as_letters(editor: Any) -> None:
    give(editor, "wonderful █x\nz\n")
    editor.set_complete(True)
    strike("iwon")
    spin_until(lambda: editor.pane.completer.is_open)
    strike(keys.TAB + keys.ESCAPE)
    editor.set_complete(False)
    assert editor.pane.text() == b"wonderful wonderfulx\nz\n"
    strike("j0.")
    assert editor.pane.text() == b"wonderful wonderfulx\nwonderfulz\n"
    strike("uu")
    assert editor.pane.text() == b"wonderful x\nz\n"
