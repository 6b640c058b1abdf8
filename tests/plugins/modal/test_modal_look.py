"""What an editor with modes shows: caret, selection, what was found, the line below; and how it is left."""

from __future__ import annotations

from typing import Any

from plugins.scintilla.modal import key as keys
from tests.conftest import spin_until
from tests.plugins.modal.modal_desk import give, strike


def test_the_line_tells_how_many_carets_there_are(editor: Any) -> None:
    give(editor, "█a\nb\nc\n")
    strike("2gsj")
    spin_until(lambda: "3" in editor.pane.status.note.text())


def test_the_caret_is_a_block_and_the_line_tells_the_mode(editor: Any) -> None:
    from plugins.scintilla.host import SCI

    give(editor, "█one two")
    pane, send = editor.pane, editor.pane.code.send
    spin_until(lambda: pane.status.mode.text() == "Normal")
    assert send(SCI.SCI_GETCARETSTYLE) == SCI.CARETSTYLE_BLOCK
    strike("2d")
    spin_until(lambda: pane.status.note.text() == "2d")
    strike(keys.ESCAPE + "i")
    spin_until(lambda: pane.status.mode.text() == "Insert")
    assert send(SCI.SCI_GETCARETSTYLE) == SCI.CARETSTYLE_LINE and editor.key_mode() == "insert"
    strike(keys.ESCAPE + "qa")
    spin_until(lambda: "Recording a" in pane.status.note.text())
    strike("q:nothing")
    spin_until(lambda: pane.status.note.text() == ":nothing▏")
    strike(keys.RETURN)
    spin_until(lambda: "no command “nothing”" in pane.status.note.text())
    strike("v")
    spin_until(lambda: pane.status.mode.text() == "Select" and editor.key_mode() == "visual")


def test_escape_then_tab_leaves_the_editor(editor: Any) -> None:
    give(editor, "█one")
    strike(keys.ESCAPE)
    assert editor.pane.code.leaves


def test_a_selection_is_drawn_with_the_letter_at_the_caret(editor: Any) -> None:
    give(editor, "one █two\nthree")
    strike("vl")
    assert editor.pane.code.selection == (4, 6)
    strike("ohh")
    assert editor.pane.code.selection == (2, 6)
    strike(keys.ESCAPE + "V")
    assert editor.pane.code.selection == (0, 8)


def test_a_read_only_text_says_so_and_stays(editor: Any) -> None:
    give(editor, "█one")
    editor.pane.code.set_read_only(True)
    for typed in ("x", "ia" + keys.ESCAPE, "dd", "p", "~"):
        strike(typed)
    assert editor.pane.text() == b"one" and editor.pane.modal.engine.mode == "normal"
    spin_until(lambda: "read-only" in editor.pane.status.note.text())


def test_what_is_found_is_marked_until_noh(editor: Any) -> None:
    from plugins.scintilla.host import SCI
    from plugins.scintilla.look import INDICATOR

    give(editor, "█one\ntwo one\n")
    send = editor.pane.code.send

    def is_marked(place: int) -> int:
        return send(SCI.SCI_INDICATORVALUEAT, INDICATOR["find"], place)

    strike("/on")
    assert is_marked(8) and is_marked(9) and not is_marked(10)
    strike("e" + keys.RETURN)
    assert is_marked(0) and is_marked(10)
    strike(":noh" + keys.RETURN)
    assert not is_marked(0) and not is_marked(10)


def test_plain_editing_comes_back(editor: Any) -> None:
    from plugins.options import set_option
    from plugins.scintilla.host import SCI

    give(editor, "█one")
    set_option("scintilla.keys", "plain")
    assert editor.pane.modal is None and editor.key_mode() == ""
    strike("x")
    assert editor.pane.text() == b"xone" and editor.run_line("d") is None
    assert editor.pane.code.send(SCI.SCI_GETCARETSTYLE) == SCI.CARETSTYLE_LINE
    set_option("scintilla.keys", "follow")
    assert editor.pane.modal is None
    set_option("keys.map", "vim")
    assert editor.pane.modal is not None
    set_option("keys.map", "default")
    assert editor.pane.modal is None
    set_option("scintilla.keys", "vim")
