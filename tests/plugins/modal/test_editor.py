"""Modal editing by real keys in the real editor: the triples, input methods, mouse, status, line ends, large texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from plugins.scintilla.modal import key as keys
from plugins.scintilla.modal.text import Place
from tests.conftest import spin_until
from tests.plugins.editor_desk import EditorDesk, press
from tests.plugins.modal.carets import marked
from tests.plugins.modal.triples import triples, with_caret, without_caret

LAYOUT = "layout 1\nwindow { editor id=it\n }\n"
_SPECIAL = {
    keys.ESCAPE: Qt.Key.Key_Escape, keys.RETURN: Qt.Key.Key_Return, keys.TAB: Qt.Key.Key_Tab,
    keys.BACKSPACE: Qt.Key.Key_Backspace, keys.DELETE: Qt.Key.Key_Delete, keys.LEFT: Qt.Key.Key_Left,
    keys.RIGHT: Qt.Key.Key_Right, keys.UP: Qt.Key.Key_Up, keys.DOWN: Qt.Key.Key_Down,
}  # fmt: skip
#: What is otherwise than in vim: an empty last line and a line end behind the last line are the same, and Return before
#: spaces keeps them.
_OTHERWISE = {("█", "yyp"), ("█a", "o<Esc>")}
#: At several carets the same, and a comment of a language that has none.
_OTHERWISE_TWICE = {"gbgbgssd", "gsad", "gsjdww.", "gsjgcc"}
_OTHERWISE |= {one[:2] for one in triples() if one.keys == "i<CR><Esc>"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    from plugins.options import set_option

    desk = EditorDesk(tmp_path_factory.mktemp("modal"), LAYOUT)
    set_option("scintilla.keys", "vim")
    desk.editor("it").set_complete(False)
    yield desk
    set_option("scintilla.keys", "follow")
    desk.close()


@pytest.fixture
def editor(desk: EditorDesk) -> Any:
    editor = desk.editor("it")
    editor.pane.code.set_read_only(False)
    editor.set_language("text")
    give(editor, "")
    return editor


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


@pytest.mark.parametrize("number", range(0, len(triples()), 100))
def test_the_editor_does_what_vim_does(number: int, editor: Any) -> None:
    wrong = []
    for one in triples()[number : number + 100]:
        if one[:2] in _OTHERWISE:
            continue
        give(editor, one.before)
        strike(keys.keys_of(one.keys))
        if shown(editor) != one.after:
            wrong.append((*one, shown(editor)))
    assert not wrong, "\n".join(map(str, wrong))


def test_the_editor_does_the_same_at_several_carets(editor: Any) -> None:
    wrong = []
    for one in triples("carets.txt"):
        if one.keys in _OTHERWISE_TWICE:
            continue
        give(editor, one.before)
        strike(keys.keys_of(one.keys))
        if carets_shown(editor) != one.after:
            wrong.append((*one, carets_shown(editor)))
    assert not wrong, "\n".join(map(str, wrong))


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


def test_the_line_tells_how_many_carets_there_are(editor: Any) -> None:
    give(editor, "█a\nb\nc\n")
    strike("2gsj")
    spin_until(lambda: "3" in editor.pane.status.note.text())


@pytest.mark.parametrize("number", range(0, len(triples()), 7))
def test_scintilla_takes_each_command_back_as_one_step(number: int, editor: Any) -> None:
    one = triples()[number]
    give(editor, one.before)
    before = editor.pane.text()
    strike(keys.keys_of(one.keys) + keys.ESCAPE)
    for _ in range(12):
        strike("u")
    assert editor.pane.text() == before


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("█a\nb\n", "ddp", b"b\r\na\r\n"), ("█a\nb", "yyGp", b"a\r\nb\r\na"), ("█a\nb\n", "J", b"a b\r\n"),
        ("█a\nb\n", "ox\ry\x1b", b"a\r\nx\r\ny\r\nb\r\n"), ("█a b", ":s/ /\\r/\r", b"a\r\nb"),
        ("█a\nb\n", "vjd", b"\r\n"), ("█a\nb\nc\n", "jdk", b"c\r\n"), ("█a\n\nb\n", "d}", b"\r\nb\r\n"),
    ],
)  # fmt: skip
def test_line_ends_stay_the_files(before: str, typed: str, after: bytes, editor: Any) -> None:
    give(editor, before, b"\r\n")
    strike(typed)
    assert editor.pane.text() == after


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("x\ndef f(a, b):\n    return g(█1, 2)\n", "daf", "█x\n"),
        ("def f(a, b):\n    return g(█1, 2)\n", "cifpass\x1b", "def f(a, b):\n    pas█s\n"),
        ("def f(a, b):\n    return g(█1, 2)\n", "daa", "def f(a, b):\n    return g(█2)\n"),
        ("def f(a, b):\n    return g(1, █2)\n", "ciaü\x1b", "def f(a, b):\n    return g(1, █ü)\n"),
        ("class A:\n    def f(s):\n        █pass\n", "vafd", "█class A:\n"),
        ("ü = 1  # ä█b\nx\n", "da/", "ü = 1 █ \nx\n"),
    ],
)  # fmt: skip
def test_parts_of_the_syntax_are_text_objects(before: str, typed: str, after: str, editor: Any) -> None:
    give(editor, before)
    editor.set_language("python")
    strike(typed)
    assert shown(editor) == after


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


def test_lines_of_the_window_run_as_ex_commands(editor: Any) -> None:
    give(editor, "█one\ntwo\n")
    assert editor.run_line("%s/o/0/g") == "2 places replaced"
    assert editor.pane.text() == b"0ne\ntw0\n"
    assert editor.run_line("s/x/y/") == "“x” is not found"
    assert editor.run_line("table.sort orders total") is None
    strike("u")
    assert editor.pane.text() == b"one\ntwo\n"


def test_a_line_that_is_no_ex_command_is_the_windows(editor: Any, desk: EditorDesk) -> None:
    give(editor, "█one\n")
    strike(":option.set ui.text_size 1.25" + keys.RETURN)
    spin_until(lambda: desk.session.config["ui.text_size"] == 1.25)
    strike(":option.set ui.text_size 1" + keys.RETURN)
    spin_until(lambda: desk.session.config["ui.text_size"] == 1)
    strike(":option.set ui.text_size nothing" + keys.RETURN)
    spin_until(lambda: "must be a number" in editor.pane.modal.engine.message)
    strike(":frobnicate it" + keys.RETURN)
    assert "no command “frobnicate”" in editor.pane.modal.engine.message
    strike("x")
    assert editor.pane.text() == b"ne\n"


def test_tab_completes_ex_commands_their_options_and_commands_of_the_window(editor: Any) -> None:
    give(editor, "█b\na\n")
    engine = editor.pane.modal.engine
    strike(":so" + keys.TAB)
    assert engine.line == ":sort"
    strike(keys.RETURN)
    assert editor.pane.text() == b"a\nb\n"
    strike(":set ignorec" + keys.TAB)
    assert engine.line == ":set ignorecase"
    strike(keys.ESCAPE + ":theme." + keys.TAB)
    first = engine.line
    assert first.startswith(":theme.") and len(engine.offered) > 2
    spin_until(lambda: editor.pane.status.note.text().startswith(first + "▏  "))
    strike(keys.TAB)
    assert engine.line.startswith(":theme.") and engine.line != first
    strike(keys.TAB * (len(engine.offered) - 2))
    assert engine.line == ":theme.", "what was typed comes again"
    strike(keys.ESCAPE)


def test_what_may_follow_pending_keys_is_shown_by_the_window(editor: Any, desk: EditorDesk) -> None:
    from shell.pending import _PART

    give(editor, "█one (two)\n")
    desk.session.config.set("keys.help_delay", "0ms")
    strike("2d")
    card = desk.window.cards.made[_PART]
    spin_until(lambda: card.isVisible() and bool(card.lines))
    shown = {line.key: line.title for line in card.lines}
    assert shown["w"] == "next word" and "…" in shown["i"] and "2d" in card.accessibleName()
    strike("i")
    spin_until(lambda: {line.key for line in card.lines} >= {"w", "("})
    strike("w")
    assert not card.isVisible() and editor.pane.text() == b"(two)\n"
    strike("gs")
    spin_until(lambda: card.isVisible() and "j" in {line.key for line in card.lines})
    strike(keys.ESCAPE)
    assert not card.isVisible()
    desk.session.config.set("keys.help_delay", "400ms")


def test_undo_and_save_of_the_window_part_a_stay_in_insert_mode(editor: Any) -> None:
    give(editor, "█one")
    strike("iab")
    press("Ctrl+Z")
    assert editor.pane.text() == b"one"
    strike("cd")
    editor.pane.code.mark_saved()
    assert not editor.pane.code.is_dirty
    press("Ctrl+Left")
    strike("ef" + keys.ESCAPE)
    assert editor.pane.text() == b"efcdone" and editor.pane.code.is_dirty
    strike("u")
    assert editor.pane.text() == b"cdone" and not editor.pane.code.is_dirty
    strike("u")
    assert editor.pane.text() == b"one"
    press("Ctrl+Y", "Ctrl+Y")
    strike(keys.control("r") * 2)
    assert editor.pane.text() == b"efcdone"


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


def test_a_read_only_text_says_so_and_stays(editor: Any) -> None:
    give(editor, "█one")
    editor.pane.code.set_read_only(True)
    for typed in ("x", "ia" + keys.ESCAPE, "dd", "p", "~"):
        strike(typed)
    assert editor.pane.text() == b"one" and editor.pane.modal.engine.mode == "normal"
    spin_until(lambda: "read-only" in editor.pane.status.note.text())


def test_commands_of_the_window_go_on_with_ctrl(editor: Any) -> None:
    give(editor, "█a\nb\n")
    press("Alt+Down")
    assert editor.pane.text() == b"b\na\n"


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


def test_a_text_without_notifications_is_edited_alike(editor: Any) -> None:
    from plugins.scintilla.document import Form

    data = b"one two three\n" * 100_000
    editor.pane.load(data, Form())
    editor.pane.focus_code()
    strike("Gdwx.ggyyGpkk:s/t/T/g" + keys.RETURN + "/three" + keys.RETURN + "ciwx" + keys.ESCAPE)
    assert editor.pane.text().startswith(b"one two")
    assert editor.pane.modal.engine.text.line_count == 100_001
    for _ in range(8):
        strike("u")
    assert editor.pane.text() == data
